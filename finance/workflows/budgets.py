"""What may happen to a version of a sponsor budget."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.audit.trail import AUDITED
from ctms.money.amounts import plain
from ctms.signatures.models import Meaning
from ctms.workflow.declare import Transition, Workflow
from ctms.workflow.engine import transitions_of
from finance import services
from finance.models import BudgetLineTerms, BudgetVersion, BudgetVersionStatus, PlannedUnits


def has_lines(version, actor):
    return (
        None
        if BudgetLineTerms.objects.filter(budget_version=version).exists()
        else _("There is no line yet.")
    )


def plan_adds_up(version, actor):
    for terms in BudgetLineTerms.objects.filter(budget_version=version).select_related("line"):
        planned = [row.units for row in PlannedUnits.objects.filter(terms=terms)]
        if planned and sum(planned) != terms.contracted_units:
            return _("%(code)s: %(planned)s units are planned by month, %(contracted)s are contracted.") % {
                "code": terms.line.code,
                "planned": plain(sum(planned)),
                "contracted": plain(terms.contracted_units),
            }
    return None


def is_somebody_elses(version, actor):
    """Segregation of duties (compliance row 36): who drafted, submitted or wrote a line does not approve."""
    submitted = transitions_of(version).filter(name="submit").order_by("-pk").first()
    history: Any = AUDITED[BudgetLineTerms._meta.label].event_model
    wrote = history.objects.filter(budget_version=version.pk, pgh_context__actor=actor.pk)
    if actor == version.author or (submitted and submitted.actor_id == actor.pk) or wrote.exists():
        return _("You worked on this version; someone else must approve it.")
    return None


class BudgetVersionFlow(Workflow):
    model, first = BudgetVersion, BudgetVersionStatus.DRAFT
    # From the review on it stands still: the approver signs what was reviewed.
    frozen = (
        BudgetVersionStatus.INTERNAL_REVIEW,
        BudgetVersionStatus.APPROVED,
        BudgetVersionStatus.SUPERSEDED,
        BudgetVersionStatus.WITHDRAWN,
    )
    still_open = ("agreed_on", "effective_until")
    tones = {
        BudgetVersionStatus.INTERNAL_REVIEW: "amber",
        BudgetVersionStatus.APPROVED: "green",
        BudgetVersionStatus.SUPERSEDED: "grey",
        BudgetVersionStatus.WITHDRAWN: "grey",
    }

    submit = Transition(
        "Submit for review",
        BudgetVersionStatus.DRAFT,
        BudgetVersionStatus.INTERNAL_REVIEW,
        "finance.change_budget",
        guards=(has_lines, plan_adds_up),
        explanation=gettext_lazy("Lines and assumptions stand still from here on."),
    )
    returned = Transition(
        "Return to draft",
        BudgetVersionStatus.INTERNAL_REVIEW,
        BudgetVersionStatus.DRAFT,
        "finance.change_budget",
        needs_reason=True,
        rare=True,
    )
    approve = Transition(
        "Sign and approve",
        BudgetVersionStatus.INTERNAL_REVIEW,
        BudgetVersionStatus.APPROVED,
        "finance.approve_budget",
        guards=(is_somebody_elses,),
        signature=Meaning.APPROVED,
        happened=gettext_lazy("Agreed on (a contract: when both parties had signed)"),
        effects=(services.agree, services.supersede_former_version),
        explanation=gettext_lazy(
            "It never changes afterwards, and takes the place of the version before it."
        ),
    )
    supersede = Transition(
        "Supersede",
        BudgetVersionStatus.APPROVED,
        BudgetVersionStatus.SUPERSEDED,
        "finance.approve_budget",
        by_time=True,
    )
    withdraw = Transition(
        "Withdraw",
        (BudgetVersionStatus.DRAFT, BudgetVersionStatus.INTERNAL_REVIEW),
        BudgetVersionStatus.WITHDRAWN,
        "finance.change_budget",
        needs_reason=True,
        explanation=gettext_lazy(
            "A change order the sponsor did not want stays in the list with its reason."
        ),
        rare=True,
    )
