from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class How(models.TextChoices):
    """How a person is told of one kind of notice."""

    AT_ONCE = "AT_ONCE", _("Mail at once")
    DAILY = "DAILY", _("Mail once a day")
    IN_PRODUCT = "IN_PRODUCT", _("Only here")
    MUTED = "MUTED", _("Not at all")


class NoticeQuerySet(models.QuerySet):
    def standing(self):
        """Keep what nothing later of the same thing has taken the place of, and what was not muted."""
        return self.filter(followed_by=None).exclude(how=How.MUTED)

    def unread_of(self, user):
        return self.standing().filter(user=user, read_at=None)


class Notice(models.Model):
    """
    One thing one person was told about one record. `key` makes sure it is told once.

    The text is shown only while the person may see the record; the mail carries a link and no content
    (compliance row 67). `how` is what the person had chosen when it was told.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=250)
    kind = models.CharField(max_length=60)
    record = models.CharField(max_length=100, help_text="label and id, e.g. studies.Milestone/12")
    text = models.CharField(max_length=400)
    duty = models.BooleanField(
        default=True, help_text="something to do, or a deadline: told whatever is muted"
    )
    how = models.CharField(max_length=10, choices=How, default=How.AT_ONCE)
    # The second reminder of a thing stands for the first: one line, one number.
    followed_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notice_told_once"),
            models.CheckConstraint(condition=Q(duty=False) | ~Q(how="MUTED"), name="notice_duty_not_muted"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["user"], condition=Q(how="DAILY", mailed_at=None), name="notice_for_the_digest"
            ),
        ]

    def __str__(self):
        return self.text


class NoticeChoice(models.Model):
    """How one person wants to be told of one kind; without a row they are told at once, by mail too."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    how = models.CharField(max_length=10, choices=How)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_chosen_once")]

    def __str__(self):
        return f"{self.user}: {self.kind} {self.how}"
