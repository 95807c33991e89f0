from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Draft(models.Model):
    """
    What somebody was writing into a form, kept while they write so that nothing typed is lost.

    Not a record: nobody else sees it, it is thrown away when the form is saved, and purged after a month.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=400)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="draft_once_a_form")]

    def __str__(self):
        return f"{self.user}: {self.path}"
