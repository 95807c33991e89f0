from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Notice(models.Model):
    """
    One thing one person was told about one record. `key` makes sure it is told once.

    The text is shown only while the person may see the record; the mail carries a link and no content
    (compliance row 67).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=250)
    kind = models.CharField(max_length=60)
    record = models.CharField(max_length=100, help_text="label and id, e.g. studies.Milestone/12")
    text = models.CharField(max_length=400)
    made_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_told_once")]
        indexes = [models.Index(fields=["user", "-id"], condition=Q(read_at=None), name="notice_unread")]

    def __str__(self):
        return self.text
