"""Tell a person about a record."""

from django.apps import apps

from ctms.access.scoping import Scoped
from ctms.jobs.queue import enqueue
from ctms.signatures.signing import label_of

from .models import Notice


def tell(user, *, about, kind, text, key, asked_by):
    """
    Tell `user` about a record, in the product and by mail, unless it was told before.

    Call it inside the change that causes it: told and done are one transaction.

    :param key: what makes this telling the same as an earlier one, such as `late/2026-03-17`
    :returns: the Notice, or None if it was told before or the person may not see the record
    """
    if not user.is_active or not sees(user, about):
        return None
    notice, new = Notice.objects.get_or_create(
        user=user,
        key=f"{kind}/{label_of(about)}/{key}"[:250],
        defaults={"kind": kind, "record": label_of(about), "text": str(text)[:400]},
    )
    if not new:
        return None
    if user.email:
        enqueue(
            "notices.send_mail", asked_by=asked_by, key=f"notices.send_mail/{notice.pk}", notice_id=notice.pk
        )
    return notice


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
    """Return [(notice, record)] of the notices whose record the person still sees."""
    found = []
    for notice in notices:
        record = record_of(notice)
        if record is not None and sees(user, record):
            found.append((notice, record))
    return found
