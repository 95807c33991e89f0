"""Perform a declared move. Nothing else in the code base sets a state."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.access.explain import why_not
from ctms.access.scoping import Scoped, everything
from ctms.accounts.models import SYSTEM
from ctms.audit.context import acting_as, current_through
from ctms.jobs.queue import enqueue
from ctms.signatures.signing import label_of, sign

from .declare import CONSEQUENCES, Transition, TransitionRefused, flow_with, flows_of, is_frozen
from .models import TransitionRecord


class ChangedMeanwhile(Exception):
    """Somebody else changed the record after this person read it (412 / 409)."""


@dataclass(frozen=True)
class Move:
    """What an effect needs to know about the move it belongs to."""

    transition: Transition
    actor: object
    reason: str
    happened_on: date | None
    at: datetime


def perform(record, name, *, actor, reason="", proof=None, happened_on=None, version=None):
    """
    Move `record` along the transition `name`, in one transaction.

    :param proof: from `signatures.proving.prove`, for a signed transition
    :param happened_on: the day it happened in the world, where the transition asks for one
    :param version: the version the person looked at; None = whatever it is now
    :returns: the record as it is afterwards
    :raises PermissionDenied: the person may not do this here; with a sentence
    :raises TransitionRefused: state, a guard, reason, date or proof forbids it; with a sentence
    :raises ChangedMeanwhile: `version` is no longer the record's
    """
    flow = flow_with(record, name)
    transition = flow.transitions()[name]
    with (
        acting_as(actor, reason=reason),
        everything("rules look at whatever they need; they are not reading"),
    ):
        locked = _lock(record)
        _permit(actor, transition.permission, locked, by_time=transition.by_time)
        source = getattr(locked, flow.field)
        if source not in transition.sources:
            raise TransitionRefused(_from_wrong_state(flow, transition, locked, source), conflict=True)
        if version is not None and getattr(locked, "version", version) != version:
            raise ChangedMeanwhile(_("Somebody changed this record after you opened it."))
        _check(transition, locked, actor, reason.strip(), happened_on, proof)
        move = Move(transition, actor, reason.strip(), happened_on, timezone.now())
        for effect in transition.effects:
            effect(locked, move)
        setattr(locked, flow.field, transition.target)
        locked.save()
        signature = None
        if transition.signature:
            signature = sign(
                locked, signer=actor, meaning=transition.signature, proof=proof, content=locked.as_signed()
            )
        _remember(locked, flow.field, transition.name, str(transition.label), source, transition.target, actor,
                  move.reason, happened_on, signature)  # fmt: skip
        label = f"{transition.label}: {move.reason}" if move.reason else str(transition.label)
        _promise(locked, transition.jobs, actor, label)
    return locked


def adopt(record, to, *, actor, reason, happened_on=None, field="status"):
    """
    Let a record made in this transaction enter in a later state: what comes from elsewhere has a past.

    :param reason: where it comes from, such as the name of the imported file
    """
    flow = next(flow for flow in flows_of(record) if flow.field == field)
    if flow.adopt is None or to not in flow.adopt.to:
        raise TransitionRefused(
            _("A record cannot be taken over as %(state)s.") % {"state": flow.state_label(to)}
        )
    with acting_as(actor, reason=reason), everything("taking over a record that was just made"):
        locked = _lock(record)
        _permit(actor, flow.adopt.permission, locked)
        if happened_on and happened_on > _today_at(locked):
            raise TransitionRefused(_("The date lies in the future."))
        source = getattr(locked, field)
        setattr(locked, field, to)
        locked.save(update_fields=[field])
        _remember(locked, field, "adopt", str(flow.adopt.label), source, to, actor, reason, happened_on, None)
    setattr(record, field, to)
    return locked


@contextmanager
def holding(parent, *, actor, reason="", version=None):
    """
    Lock a record while one of its parts is written, and count it as a change of the record.

    :raises TransitionRefused: the record is frozen
    :raises ChangedMeanwhile: `version` is no longer the record's
    """
    with acting_as(actor, reason=reason):
        locked = _lock(parent)
        if is_frozen(locked):
            raise TransitionRefused(
                _("%(record)s is signed and no longer changes.") % {"record": locked}, conflict=True
            )
        if version is not None and locked.version != version:
            raise ChangedMeanwhile(_("Somebody changed this record after you opened it."))
        yield locked
        # The trigger counts; what is written is the same.
        type(locked)._base_manager.filter(pk=locked.pk).update(version=locked.version)


@dataclass(frozen=True)
class Offer:
    """A move a person is offered now; with a `refusal` the button is disabled and says why."""

    transition: Transition
    refusal: str = ""


def offers(record, user):
    """Return the moves to offer `user` on this record now: allowed by role and state, refused by guards."""
    found = []
    with everything("guards are rules, not reading"):
        for flow in flows_of(record):
            for transition in flow.transitions().values():
                if transition.by_time or getattr(record, flow.field) not in transition.sources:
                    continue
                if user.has_perm(transition.permission, record):
                    found.append(Offer(transition, _refusal(transition, record, user)))
    return found


def transitions_of(record):
    """Return the moves of a record the caller may see, oldest first."""
    return TransitionRecord.objects.filter(record=label_of(record)).select_related("signature").order_by("pk")


def _promise(record, jobs, actor, reason):
    """Promise the jobs of a move, and those other rooms want after every move of this model."""
    for job in (*jobs, *CONSEQUENCES.get(record._meta.label, ())):
        enqueue(
            job,
            asked_by=actor,
            key=f"{job}/{record.pk}/{record.version}",
            reason=reason,
            record_id=record.pk,
        )


def _lock(record):
    return type(record)._base_manager.select_for_update(of=("self",)).get(pk=record.pk)


def _permit(actor, permission, record, *, by_time=False):
    if actor.username == SYSTEM and actor.is_active:
        return
    if by_time or not actor.has_perm(permission, record if isinstance(record, Scoped) else None):
        raise PermissionDenied(why_not(actor, permission))


def _check(transition, record, actor, reason, happened_on, proof):
    if refusal := _refusal(transition, record, actor):
        raise TransitionRefused(refusal)
    if transition.needs_reason and not reason:
        raise TransitionRefused(_("Give a reason."))
    if transition.happened and happened_on is None:
        raise TransitionRefused(_("Give the date: %(label)s.") % {"label": transition.happened})
    if happened_on and happened_on > _today_at(record):
        raise TransitionRefused(_("The date lies in the future."))
    if transition.signature and (
        proof is None or proof.user_id != actor.pk or not proof.is_fresh(timezone.now())
    ):
        raise TransitionRefused(_("Sign with your password or code."))


def _today_at(record):
    """Return today where the record lies: Sydney's today is the server's tomorrow."""
    zone = record.time_zone() if hasattr(record, "time_zone") else None
    return timezone.now().astimezone(zone).date() if zone else timezone.localdate()


def _refusal(transition, record, actor):
    for guard in transition.guards:
        if sentence := guard(record, actor):
            return str(sentence)
    return ""


def _from_wrong_state(flow, transition, record, state):
    last = TransitionRecord.objects.filter(record=label_of(record), field=flow.field).order_by("-pk").first()
    now = _("This is now %(state)s") % {"state": str(flow.state_label(state)).lower()}
    if last:
        now = _("%(now)s: %(label)s by %(name)s.") % {
            "now": now,
            "label": last.label,
            "name": last.actor_name,
        }
    else:
        now += "."
    return _("%(now)s “%(label)s” is no longer possible.") % {"now": now, "label": transition.label}


def _remember(record, field, name, label, source, target, actor, reason, happened_on, signature):
    return TransitionRecord.objects.create(
        record=label_of(record),
        field=field,
        name=name,
        label=label,
        source=source,
        target=target,
        actor=actor,
        actor_name=actor.get_full_name() or actor.username,
        reason=reason,
        happened_on=happened_on,
        channel=current_through().channel,
        signature=signature,
    )
