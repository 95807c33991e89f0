"""The team of a study, country or site: who works there, putting people to work and ending it."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ctms.access.explain import permit, why_not
from ctms.pages.columns import as_text
from ctms.pages.forms import add_errors
from ctms.pages.record import RECORDS, url_of
from ctms.pages.views import place_context
from studies.forms import AssignForm, EndForm, TrainingForm, places_to_assign
from studies.pages import StudyRecord
from studies.services.roster import VIEW, Standing, team_of
from studies.services.team import (
    assign,
    end_assignment,
    knows_circle,
    may_change_team,
    open_duties,
    record_training,
)

CHANGE = "studies.change_team"
HEADINGS = {
    Standing.LIVE: gettext_lazy("Working here"),
    Standing.UNTRAINED: gettext_lazy("No access yet: training is not recorded"),
    Standing.PLANNED: gettext_lazy("Planned"),
    Standing.ENDED: gettext_lazy("Ended"),
}


@login_required
@require_safe
def team(request, kind, pk):
    """Show who works at a place, will work and worked there; or who had access on a day."""
    where = RECORDS[f"studies.{kind}"].get(request.user, pk)
    permit(request.user, VIEW, where)
    today, (asked_day, error) = timezone.localdate(), _asked_day(request.GET.get("on", ""))
    members = [] if error else team_of(request.user, where, asked_day or today)
    standings = (Standing.LIVE,) if asked_day else tuple(HEADINGS)
    study = _study_of(where)
    context = {
        "place": where,
        "on": asked_day,
        "asked": request.GET.get("on", ""),
        "error": error,
        "groups": [(HEADINGS[one], _rows(request.user, members, one)) for one in standings],
        "shows_circle": knows_circle(request.user, study),
        "may_assign": bool(places_to_assign(request.user, study)),
        **place_context(request, where),
    }
    return render(request, "studies/team.html", context, status=422 if error else 200)


def _asked_day(text):
    """Return (the day asked about or None, what is wrong with it)."""
    if not text.strip():
        return None, ""
    try:
        return date.fromisoformat(text.strip()), ""
    except ValueError:
        return None, _("“%(text)s” is no day; write it such as 2026-03-17.") % {"text": text[:40]}


def _study_of(where):
    return getattr(where, "study", where)


def _rows(user, members, standing):
    """Return [(member, may be ended, may be trained)] of one standing."""
    found = []
    for member in members:
        if member.standing == standing:
            may = member.place is not None and may_change_team(user, member.place)
            mine = member.assignment.user_id == user.pk
            may_train = may and not mine and member.assignment.trained_on is None
            found.append(
                (member, may and standing != Standing.ENDED, may_train and standing != Standing.ENDED)
            )
    return found


@login_required
def assign_page(request, pk):
    """Put somebody to work in a study, at one of its places."""
    study = _changeable(request.user, pk)
    initial = {"starts_on": timezone.localdate(), "place": request.GET.get("place", "study")}
    form = AssignForm(request.POST or None, initial=initial, actor=request.user, study=study)

    def save(values):
        made = assign(actor=request.user, decided_on=timezone.localdate(), **values)
        return _("%(person)s is assigned as %(role)s.") % {
            "person": made.user, "role": made.get_role_display()
        }  # fmt: skip

    return _form_page(request, study, form, save, _("Assign a person"), _("Assign"))


@login_required
def end_page(request, pk, kind, assignment):
    """End an assignment; what the person still has to do is listed first."""
    study = _changeable(request.user, pk)
    member = _member(request.user, study, kind, assignment)
    given = member.assignment
    form = EndForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    duties = open_duties(of=given.user, place=member.place, seen_by=request.user)

    def save(values):
        ended = end_assignment(
            actor=request.user,
            assignment=given,
            on=values["ends_on"],
            reason=values["reason"],
            decided_on=timezone.localdate(),
        )
        return _("The assignment of %(person)s ends after %(day)s.") % {
            "person": ended.user, "day": as_text(ended.ends_on)
        }  # fmt: skip

    extra = {"member": member, "duties": [(duty, url_of(duty.record)) for duty in duties]}
    return _form_page(request, study, form, save, _("End an assignment"), _("End assignment"), extra)


@login_required
def training_page(request, pk, kind, assignment):
    """Record that somebody was trained: from then on the assignment gives access."""
    study = _changeable(request.user, pk)
    member = _member(request.user, study, kind, assignment)
    form = TrainingForm(request.POST or None, initial={"trained_on": timezone.localdate()})

    def save(values):
        record_training(
            actor=request.user, assignment=member.assignment, decided_on=timezone.localdate(), **values
        )
        return _("The training of %(person)s is recorded.") % {"person": member.assignment.user}

    extra = {"member": member}
    return _form_page(request, study, form, save, _("Record training"), _("Record training"), extra)


def _changeable(user, pk):
    """Return a study in which this person changes the team somewhere."""
    study = StudyRecord.get(user, pk)
    if not places_to_assign(user, study):
        raise PermissionDenied(why_not(user, CHANGE))
    return study


def _member(user, study, kind, pk):
    """Return a placed assignment of the study's team the person sees, else 404."""
    for member in team_of(user, study, timezone.localdate()):
        if (member.kind, member.assignment.pk) == (kind, pk) and member.place is not None:
            return member
    raise Http404


def _form_page(request, study, form, save, title, button, extra=None):
    if request.method == "POST" and form.is_valid():
        try:
            told = save(form.cleaned_data)
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, told)
            return redirect(_team_url(study))
    context = {
        "form": form,
        "title": title,
        "button": button,
        "back": _team_url(study),
        **place_context(request, study),
        "active_tab": "team",
        **(extra or {}),
    }
    return render(request, "studies/team_form.html", context, status=422 if form.errors else 200)


def _team_url(study):
    return StudyRecord.url(study, "team")
