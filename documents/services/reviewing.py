"""Review and approval: who brought a paper, who looks at it, what is wrong with it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform
from documents.calculations import approved_number
from documents.models import DocumentStatus, DocumentVersion, QualityIssue, QualityReason


def brought_by(document, person):
    """True if this person brought the document or any of its content."""
    with everything("who brought the document in hand"):
        return (
            document.uploaded_by_id == person.pk or document.versions.filter(file__stored_by=person).exists()
        )


def claim_review(document, move):
    document.claimed_by = move.actor


def release_review(document, move):
    document.claimed_by = None


def settle_issues(document, move):
    """Effect of submitting: what was found is answered, and looked at again."""
    open_issues = document.quality_issues.filter(settled_on__isnull=True)
    open_issues.update(settled_on=move.at.date())


def number_approved(document, move):
    """Effect of approval: the reviewed content gets its whole number; its drafts stay as they were."""
    draft = document.versions.order_by("-pk").first()
    DocumentVersion.objects.create(
        document=document,
        number=approved_number(draft.number),
        file=draft.file,
        sha256=draft.sha256,
        filed_on=move.at.date(),
    )


def supersede_former(document, move):
    """Effect of approving a new version: the former one stays readable, and what was shown stays shown."""
    if document.replaces_id is None:
        return
    former = perform(
        document.replaces, "supersede", actor=User.objects.system(), reason=_("A new version was approved")
    )
    document.published = former.published and not document.unblinded


def raise_issue(*, actor, on, document, reason, comment=""):
    """
    Say what is wrong with a document in review.

    :raises ValidationError: it is not in review, or the reason is none of the list
    """
    asked = (
        "documents.approve_document"
        if document.status == DocumentStatus.REVIEWED
        else "documents.review_document"
    )
    permit(actor, asked, document)
    if document.status not in (DocumentStatus.IN_REVIEW, DocumentStatus.REVIEWED):
        raise ValidationError({"document": _("Quality issues are raised while a document is in review.")})
    if reason not in QualityReason.values:
        raise ValidationError({"reason": _("Choose a reason of the list.")})
    if reason == QualityReason.OTHER and not comment.strip():
        raise ValidationError({"comment": _("Say what is wrong.")})
    with acting_as(actor, reason=_("Quality issue")):
        issue = QualityIssue(document=document, reason=reason, comment=comment, raised_by=actor, raised_on=on)
        issue.full_clean()
        issue.save()
    return issue


def return_document(*, actor, on, document, issues, comment="", version=None):
    """
    Return a document with what is wrong: to whoever brought it, from review or from before approval.

    :param issues: reasons of the list, at least one
    """
    move = "send_back" if document.status == DocumentStatus.REVIEWED else "returned"
    if not issues:
        raise ValidationError({"issues": _("Choose at least one reason.")})
    with acting_as(actor, reason=comment):
        for reason in issues:
            raise_issue(actor=actor, on=on, document=document, reason=reason, comment=comment)
        return perform(document, move, actor=actor, reason=comment, version=version)


def settle_issue(*, actor, on, issue):
    """Take an issue back that was none, so that the document may pass."""
    permit(actor, "documents.review_document", issue.document)
    with acting_as(actor, reason=_("Settled in review")):
        locked = QualityIssue.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=issue.pk)
        if locked.settled_on is None:
            locked.settled_on = on
            locked.save()
    return locked
