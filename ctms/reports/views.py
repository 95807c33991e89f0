"""Run a report, and take it away as PDF or as a sheet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ctms.access.explain import permit
from ctms.files.models import AccessKind
from ctms.files.storing import hand_out, log_access
from ctms.pages.export import KINDS
from ctms.pages.frame import LAST_STUDY
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context

from .declare import REPORTS
from .forms import RunForm
from .pages import RunRecord
from .printing import sheet_of
from .running import RUNS, run_report


@login_required
def report_form(request, name):
    """Ask of which study, place and day a report is wanted, and run it."""
    report = REPORTS.get(name)
    if report is None:
        raise Http404
    permit(request.user, RUNS)
    permit(request.user, report.permission)
    studies = [one for one in _studies(request.user) if request.user.has_perm(report.permission, one)]
    study = _chosen(request, studies)
    form = _form(request, report, study, studies) if study else None
    if form is not None and form.is_bound and form.is_valid():
        run = _run(request, report, form)
        if run is not None:
            return redirect(RunRecord.url(run))
    context = {"report": report, "studies": studies, "chosen": study, "form": form}
    context |= place_context(request, study) if study else {}
    status = 422 if form is not None and form.errors else 200
    return render(request, "reports/form.html", context | {"active_tab": "report-runs"}, status=status)


def _studies(user):
    return [one for one in RECORDS["studies.Study"].rows(user) if user.has_perm(RUNS, one)]


def _chosen(request, studies):
    """Return the study the form or the address names, else the one looked at last, else the first."""
    named = request.POST.get("study") or request.GET.get("study")
    asked = named or request.session.get(LAST_STUDY) or ""
    found = next((one for one in studies if str(one.pk) == str(asked)), None)
    if found is None and named:
        raise Http404
    return found or (studies[0] if studies else None)


def _form(request, report, study, studies):
    initial = {"study": study.pk, "place": request.GET.get("place", "study"), "on": timezone.localdate()}
    # Another study's places are asked for with a button of the same form; nothing runs then.
    filled = None if "other_places" in request.POST else request.POST or None
    return RunForm(filled, user=request.user, report=report, study=study, studies=studies, initial=initial)


def _run(request, report, form):
    """Return the run, or None with the refusal in the form."""
    place, on = form.places[form.cleaned_data["place"]], form.cleaned_data["on"]
    try:
        return run_report(
            actor=request.user, report=report, place=place, on=on, zone=timezone.get_current_timezone()
        )
    except ValidationError as refusal:
        form.add_error("on", refusal.message_dict["on"])
        return None


@login_required
@require_safe
def report_file(request, pk):
    """Hand out the PDF of a run, or say that it is being made."""
    run = RunRecord.get(request.user, pk)
    if run.file is None:
        messages.info(request, _("The PDF is being made; it is there in a moment."))
        return redirect(RunRecord.url(run))
    return hand_out(user=request.user, stored=run.file, record=run, inline="inline" in request.GET)


@login_required
@require_safe
def report_sheet(request, pk, kind):
    """Hand out a run as a sheet."""
    run = RunRecord.get(request.user, pk)
    if kind not in KINDS or run.facts["content"] is None or run.report not in REPORTS:
        raise Http404
    name = f"{run.report}-{run.facts['study']}-{run.status_on.isoformat()}.{kind}"
    log_access(AccessKind.EXPORT, user=request.user, record=run, detail=name)
    response = HttpResponse(sheet_of(run, kind), content_type=KINDS[kind])
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
