from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


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


class SavedView(models.Model):
    """
    A way to look at a list that somebody gave a name: the query of its address, and nothing of what it shows.

    Not a record: it says nothing about a trial and may be thrown away. Whoever opens it sees what they may see.
    `studies` and `circles` say where its owner worked and in which unblinded circles when it was kept: only colleagues
    are shown its name. `from_circle` without `circles` means the circle of every study.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    listing = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    shared = models.BooleanField(_("shared with my colleagues"), default=False)
    is_default = models.BooleanField(_("shown when I open the list"), default=False)
    studies = models.JSONField(default=list, editable=False)
    from_circle = models.BooleanField(default=False, editable=False)
    circles = models.JSONField(default=list, editable=False)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "listing", "name"], name="view_name_once_a_list"),
            models.UniqueConstraint(
                fields=["owner", "listing"],
                condition=models.Q(is_default=True),
                name="view_one_default_a_list",
            ),
        ]
        indexes = [models.Index(fields=["listing"], condition=models.Q(shared=True), name="view_shared")]

    def __str__(self):
        return self.name
