"""Tell a person about a record."""

from django.apps import apps
from django.db.models.functions import Now

from ctms.access.scoping import Scoped
from ctms.jobs.queue import enqueue
from ctms.signatures.signing import label_of

from .choosing import how_told
from .kinds import is_duty
from .models import How, Notice


def tell(user, *, about, kind, text, key, asked_by, duty=False):
    """
    Tell `user` about a record, in the product and as they chose by mail, unless it was told before.

    Call it inside the change that causes it: told and done are one transaction. What was told earlier of the same
    record and kind stands behind the new one.

    :param key: what makes this telling the same as an earlier one, such as `late/2026-03-17`
    :param duty: a duty though its kind is none, such as the last of several reminders
    :returns: the Notice, or None if it was told before or the person may not see the record
    """
    if not user.is_active or not sees(user, about):
        return None
    told = {"kind": kind, "record": label_of(about), "text": str(text)[:400], "duty": duty or is_duty(kind)}
    notice, new = Notice.objects.get_or_create(
        user=user,
        key=f"{kind}/{label_of(about)}/{key}"[:250],
        defaults={**told, "how": how_told(user, kind, duty=duty)},
    )
    if not new:
        return None
    if notice.how != How.MUTED:
        earlier = Notice.objects.standing().filter(user=user, kind=kind, record=told["record"])
        earlier.exclude(pk=notice.pk).update(followed_by=notice)
    if user.email and notice.how == How.AT_ONCE:
        enqueue(
            "notices.send_mail", asked_by=asked_by, key=f"notices.send_mail/{notice.pk}", notice_id=notice.pk
        )
    return notice


def read_about(user, record):
    """Mark read what a person was told about a record they have open."""
    Notice.objects.filter(user=user, record=label_of(record), read_at=None).update(read_at=Now())


def sees(user, record):
    """True if the person may see the record now."""
    model = type(record)
    if not issubclass(model, Scoped):
        return True
    return model.objects.visible_to(user).filter(pk=record.pk).exists()


def record_of(notice):
    """Return the record a notice is about, whoever asks; use with `sees`."""
    label, pk = notice.record.rsplit("/", 1)
    return apps.get_model(label)._base_manager.filter(pk=pk).first()


def shown_to(user, notices):
    """Return [(notice, record)] of the notices whose record the person still sees; one query a model."""
    notices, wanted = list(notices), {}
    for notice in notices:
        label, pk = notice.record.rsplit("/", 1)
        wanted.setdefault(label, set()).add(pk)
    seen = {}
    for label, keys in wanted.items():
        model = apps.get_model(label)
        rows = model.objects.visible_to(user) if issubclass(model, Scoped) else model._base_manager.all()
        seen.update({f"{label}/{record.pk}": record for record in rows.filter(pk__in=keys)})
    return [(notice, seen[notice.record]) for notice in notices if notice.record in seen]
