"""What follows payments outside the request: payables come round every day, letters are printed."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.explain import people_who_may
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.files.storing import store_bytes
from ctms.jobs.queue import comes_round, job
from ctms.notices.kinds import notice_kind
from ctms.notices.telling import tell
from finance.models import PaymentRun, Remittance, RunStatus, SiteAgreement
from finance.reports import print_letter
from finance.services import accrue
from studies.models import Study

comes_round("finance.accrue_all", every=timedelta(days=1), reason="Payables follow what happened")


@job("finance.accrue_all", everything="what every study owes its sites")
def accrue_all(promised):
    """Bring the payables of every study with a site agreement up to what happened."""
    studies = Study.objects.filter(pk__in=SiteAgreement.objects.values("study_id")).order_by("pk")
    system = User.objects.system()
    return {study.protocol_number: dict(accrue(actor=system, study=study)) for study in studies}


notice_kind(
    "run-submitted",
    gettext_lazy("A payment run waits for your approval"),
    duty=True,
    permission="finance.approve_paymentrun",
)


@job("finance.tell_approvers", everything="the run's approvers are looked for by their assignments")
def tell_approvers(promised, record_id):
    """Tell those who may approve a run, and did not prepare it, that it waits for them."""
    run = PaymentRun.objects.select_related("study").get(pk=record_id)
    if run.status != RunStatus.IN_REVIEW:
        return  # somebody was quicker than this job
    for person in people_who_may("finance.approve_paymentrun", run, timezone.localdate()):
        if person.pk != run.prepared_by_id:
            tell(
                person,
                about=run,
                kind="run-submitted",
                text=_("%(run)s waits for your approval: %(sum)s.") % {"run": run, "sum": run.money},
                key=str(run.version),
                asked_by=promised.asked_by,
            )


@job("finance.print_letters", everything="the run was approved; its letters are the system's")
def print_letters(promised, record_id):
    """Print the letter of each remittance of an approved run, once however often this runs."""
    remittances = Remittance.objects.filter(run=record_id, letter__isnull=True).payments()
    remittances = remittances.select_related("run__study", "payee", "site__organization", "account__payee")
    system, printed = User.objects.system(), []
    for remittance in remittances.order_by("sequence"):
        stored = store_bytes(
            actor=system,
            name=f"{remittance.reference}.pdf",
            content=print_letter(remittance),
            content_type="application/pdf",
        )
        with acting_as(system, reason=_("Printed after approval")):
            locked = Remittance.objects.select_for_update(of=("self",)).get(pk=remittance.pk)
            locked.letter = stored
            locked.save()
        printed.append(remittance.reference)
    return {"letters": printed}
