"""Perform a declared move. Nothing else in the code base sets a state."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.access.explain import why_not
from ctms.access.plausible import why_not_that_day
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
    choice: str = ""  # from the move's list of reasons


def perform(record, name, *, actor, reason="", proof=None, happened_on=None, version=None, choice=""):
    """
    Move `record` along the transition `name`, in one transaction.

    :param proof: from `signatures.proving.prove`, for a signed transition
    :param happened_on: the day it happened in the world, where the transition asks for one
    :param version: the version the person looked at; None = whatever it is now
    :param choice: the reason, from the list the transition asks for
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
        _check(transition, locked, actor, reason.strip(), happened_on, proof, choice, at=record)
        move = Move(
            transition, actor, _told(transition, reason.strip(), choice), happened_on, timezone.now(), choice
        )
        for effect in transition.effects:
            effect(locked, move)
        target = transition.leads_to(source)
        setattr(locked, flow.field, target)
        locked.save()
        signature = None
        if transition.signature:
            signature = sign(
                locked, signer=actor, meaning=transition.signature, proof=proof, content=locked.as_signed()
            )
        _remember(locked, flow.field, transition.name, str(transition.label), source, target, actor,
                  move.reason, happened_on, signature)  # fmt: skip
        label = f"{transition.label}: {move.reason}" if move.reason else str(transition.label)
        _promise(locked, transition.jobs, actor, label)
    return locked


def perform_all(records, name, *, actor, reason=""):
    """
    Move many records of one model along one transition together: all of them or none, in a few statements.

    For what follows for thousands of rows at once, such as the payables of an approved run. A move that is signed,
    dated or has effects is performed one by one.

    :returns: how many were moved
    """
    if not records:
        return 0
    flow = flow_with(records[0], name)
    transition = flow.transitions()[name]
    one_by_one = (transition.signature, transition.happened, transition.effects, transition.jobs,
                  CONSEQUENCES.get(records[0]._meta.label))  # fmt: skip
    if any(one_by_one):
        raise ValueError(f"{name} is performed one by one.")
    model, keys = type(records[0]), sorted({record.pk for record in records})
    with (
        acting_as(actor, reason=reason),
        everything("rules look at whatever they need; they are not reading"),
    ):
        locked = list(model._base_manager.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        sources = {}
        for record in locked:
            _permit(actor, transition.permission, record, by_time=transition.by_time)
            source = sources[record.pk] = getattr(record, flow.field)
            if source not in transition.sources:
                raise TransitionRefused(_from_wrong_state(flow, transition, record, source), conflict=True)
            _check(transition, record, actor, reason.strip(), None, None, "", at=record)
        model._base_manager.filter(pk__in=keys).update(**{flow.field: transition.target})
        moves = ((record, sources[record.pk]) for record in locked)
        TransitionRecord.objects.bulk_create(
            _record_of(record, flow.field, transition.name, str(transition.label), source, transition.target, actor,
                  reason.strip(), None, None)
            for record, source in moves
        )  # fmt: skip
    return len(locked)


def adopt(record, to, *, actor, reason, happened_on=None, field="status", passed=()):
    """
    Let a record made in this transaction enter in a later state: what comes from elsewhere has a past.

    :param reason: where it comes from, such as the name of the imported file
    :param passed: [(state, day)] it went through there before, each a line of its history
    """
    flow = next(flow for flow in flows_of(record) if flow.field == field)
    steps = [*passed, (to, happened_on)]
    for state, _day in steps:
        if flow.adopt is None or state not in flow.adopt.to:
            raise TransitionRefused(
                _("A record cannot be taken over as %(state)s.") % {"state": flow.state_label(state)}
            )
    with acting_as(actor, reason=reason), everything("taking over a record that was just made"):
        locked = _lock(record)
        _permit(actor, flow.adopt.permission, locked)
        if any(day and day > today_at(record) for _state, day in steps):
            raise TransitionRefused(_("The date lies in the future."))
        source = getattr(locked, field)
        setattr(locked, field, to)
        locked.save(update_fields=[field])
        for state, day in steps:
            _remember(locked, field, "adopt", str(flow.adopt.label), source, state, actor, reason, day, None)
            source = state
    setattr(record, field, to)
    return locked


def adopt_many(records, to, *, actor, reason, days):
    """
    Let records of one model, all made in this transaction, enter in one later state: what `adopt` does, for thousands.

    :param days: {pk: the day it happened in the world}; a record without one has none
    """
    first = records[0]
    flow = next(flow for flow in flows_of(first) if flow.field == "status")
    if flow.adopt is None or to not in flow.adopt.to:
        raise TransitionRefused(
            _("A record cannot be taken over as %(state)s.") % {"state": flow.state_label(to)}
        )
    with acting_as(actor, reason=reason), everything("taking over records that were just made"):
        days_at = {}
        for place, one_of_it in {record.place(): record for record in records}.items():
            _permit(actor, flow.adopt.permission, one_of_it)
            days_at[place] = today_at(one_of_it)
        for record in records:
            if days.get(record.pk) and days[record.pk] > days_at[record.place()]:
                raise TransitionRefused(_("The date lies in the future."))
        type(first)._base_manager.filter(pk__in=[record.pk for record in records]).update(**{flow.field: to})
        TransitionRecord.objects.bulk_create(
            [
                _record_of(record, flow.field, "adopt", str(flow.adopt.label), flow.first, to, actor, reason,
                           days.get(record.pk), None)
                for record in records
            ],
            batch_size=1000,
        )  # fmt: skip
    for record in records:
        setattr(record, flow.field, to)


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
                if transition.applies is not None and not transition.applies(record):
                    continue
                if user.has_perm(transition.permission, record):
                    found.append(Offer(transition, _refusal(transition, record, user)))
    return found


def cautions_of(transition, record, actor):
    """Return the sentences that are said before a move and ask for a reason, but do not forbid it."""
    with everything("cautions are rules, not reading"):
        return [str(sentence) for caution in transition.cautions if (sentence := caution(record, actor))]


def transitions_of(record):
    """Return the moves of a record the caller may see, oldest first."""
    return TransitionRecord.objects.filter(record=label_of(record)).select_related("signature").order_by("pk")


def first_reached(records, state, *, field="status"):
    """Return {pk: the stated day} on which records the caller may see first came into a state; one query."""
    pks = {label_of(record): record.pk for record in records}
    moves = TransitionRecord.objects.filter(record__in=pks, field=field, target=state).order_by("-pk")
    return {pks[move.record]: move.happened_on for move in moves}


def moves_before(records, moment, *, field="status"):
    """Return {pk: its moves, in their order} of records the caller may see, as remembered by a moment; one query."""
    pks = {label_of(record): record.pk for record in records}
    moves = TransitionRecord.objects.filter(record__in=pks, field=field, at__lt=moment).order_by("pk")
    found: dict[int, list] = {pk: [] for pk in pks.values()}
    for move in moves:
        found[pks[move.record]].append(move)
    return found


def last_moves(records, *, field="status"):
    """Return {pk: the newest move} of records the caller may see, of those that ever moved; one query."""
    pks = {label_of(record): record.pk for record in records}
    moves = TransitionRecord.objects.filter(record__in=pks, field=field)
    return {pks[move.record]: move for move in moves.order_by("record", "-pk").distinct("record")}


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


def _told(transition, reason, choice):
    """Return the reason in words: the label of the chosen one, and what was said beside it."""
    if not choice:
        return reason
    label = str(dict(transition.reasons.choices)[choice])
    return f"{label}: {reason}" if reason else label


def _check(transition, record, actor, reason, happened_on, proof, choice, *, at):
    """Refuse the move with a sentence; `at` is the record as it was handed in, whose place is often read already."""
    if transition.applies is not None and not transition.applies(record):
        raise TransitionRefused(
            _("“%(label)s” does not apply to this record.") % {"label": transition.label}, conflict=True
        )
    if choice and (transition.reasons is None or choice not in transition.reasons.values):
        raise TransitionRefused(_("%(choice)s is no reason of the list.") % {"choice": choice})
    if transition.reasons is not None and not choice:
        names = ", ".join(transition.reasons.values)
        raise TransitionRefused(_("Choose the reason from the list: %(names)s.") % {"names": names})
    if refusal := _refusal(transition, record, actor):
        raise TransitionRefused(refusal)
    if transition.needs_reason and not reason and not choice:
        raise TransitionRefused(_("Give a reason."))
    if not reason and not choice and (cautions := cautions_of(transition, record, actor)):
        raise TransitionRefused(
            _("%(cautions)s Say why it is done all the same.") % {"cautions": " ".join(cautions)}
        )
    if transition.happened and happened_on is None:
        raise TransitionRefused(_("Give the date: %(label)s.") % {"label": transition.happened})
    if happened_on and happened_on > today_at(at):
        raise TransitionRefused(_("The date lies in the future."))
    if happened_on and (refusal := why_not_that_day(happened_on)):
        raise TransitionRefused(refusal)
    if transition.corrects and happened_on == getattr(record, transition.corrects):
        raise TransitionRefused(_("That is the day recorded already; give the right one."))
    if transition.signature and (
        proof is None or proof.user_id != actor.pk or not proof.is_fresh(timezone.now())
    ):
        raise TransitionRefused(_("Sign with your password or code."))


def today_at(record):
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


def _remember(*told):
    line = _record_of(*told)
    line.save()
    return line


def _record_of(record, field, name, label, source, target, actor, reason, happened_on, signature):
    return TransitionRecord(
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
