"""What monitoring prints: reports and letters from their snapshots and signatures, and nothing else."""

from datetime import date

from django.utils import timezone

from ctms.reports.rendering import render_pdf
from ctms.signatures.signing import signatures_of
from monitoring.services import contents_of_letter


def reading(report, content):
    """Return what the report's template shows, for the page's preview and the PDF alike."""
    return {
        "content": content,
        "first_day": date.fromisoformat(content["first_day"]),
        "last_day": date.fromisoformat(content["last_day"]),
        "header": " · ".join(
            part
            for part in (
                content["study"],
                f"Site {content['site']}",
                content["investigator"],
                content["visit"],
            )
            if part
        ),
        "reference": f"MVR-{report.pk:06d}",
        "unblinded": report.unblinded,
    }


def print_report(report):
    """
    Return the PDF/A-3a of an approved report.

    Its only instants are those of the signatures, shown in the site's zone and in UTC: printed twice, it is the
    same document.
    """
    signatures = list(signatures_of(report))
    context = {
        **reading(report, report.snapshot),
        # A report that was returned has more than one authored signature; the last of each meaning counts.
        "signatures": list({signature.meaning: signature for signature in signatures}.values()),
        "earlier_signatures": len(signatures) - len({signature.meaning for signature in signatures}),
    }
    with timezone.override(report.time_zone()):
        return render_pdf("reports/monitoring_report.html", context, title=context["header"])


def letter_reading(letter, content):
    """Return what a letter's template shows, for the page's preview and the PDF alike."""
    return {
        "content": content,
        "paragraphs": content["body"].split("\n\n"),
        "reference": f"LTR-{letter.pk:06d}",
        "unblinded": letter.unblinded,
    }


def print_letter(letter):
    """
    Return the PDF/A-3a of a letter: no instant stands in it, so printed twice it is the same.

    What was not sent is printed as it would be, and says so.
    """
    content = letter.snapshot or contents_of_letter(letter)
    context = {**letter_reading(letter, content), "not_sent": letter.snapshot is None}
    return render_pdf("reports/letter.html", context, title=f"{content['kind']} · {content['subject']}")


def print_contact(contact):
    """Return the PDF/A-3a of a contact with a site, as it stands frozen."""
    context = {"contact": contact, "reference": f"CON-{contact.pk:06d}", "unblinded": contact.unblinded}
    return render_pdf("reports/contact.html", context, title=f"{contact.study} · {contact.site} · {contact}")
