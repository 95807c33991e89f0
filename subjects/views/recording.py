"""Record a consent or the day of a visit where the person stands."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ctms.access.explain import permit
from ctms.pages.views import place_context, refused
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile, offers, perform
from subjects import services
from subjects.forms import DayForm, FirstConsentForm
from subjects.pages import SubjectRecord, SubjectVisitRecord


@login_required
def consent(request, pk):
    """Ask for the first consent with its versions; it brings the subject into screening."""
    subject = SubjectRecord.get(request.user, pk)
    permit(request.user, "subjects.move_subject", subject)
    offer = next((o for o in offers(subject, request.user) if o.transition.name == "consent"), None)
    form = FirstConsentForm(
        request.POST or None,
        initial={"signed_on": timezone.localdate()},
        user=request.user,
        study=subject.study_id,
    )
    refusal = _("The first consent is recorded already.") if offer is None else offer.refusal
    status = 409 if offer is None else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.record_consent(actor=request.user, subject=subject, **form.cleaned_data)
        except (TransitionRefused, ChangedMeanwhile) as sentence:
            refusal, status = str(sentence), 409
        except ValidationError as wrong:
            refusal, status = " ".join(wrong.messages), 422
        else:
            messages.success(request, _("Consent recorded; the screening visits are planned."))
            return redirect(SubjectRecord.url(subject))
    context = {
        "record": subject,
        "form": form,
        "refusal": refusal,
        "possible": offer is not None and not offer.refusal,
        **place_context(request, subject),
    }
    return render(request, "subjects/consent.html", context, status=status)


@login_required
@require_POST
def record_day(request, pk):
    """Record the day of a planned visit from the subject's page."""
    visit = SubjectVisitRecord.get(request.user, pk)
    back = SubjectRecord.url(visit.subject)
    form = DayForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Give the day of the visit."), back=back, status=422)
    try:
        perform(visit, "occur", actor=request.user, happened_on=form.cleaned_data["happened_on"])
    except (TransitionRefused, ChangedMeanwhile) as sentence:
        return refused(request, str(sentence), back=back, status=409)
    messages.success(request, _("%(visit)s: recorded.") % {"visit": visit})
    return redirect(back)
