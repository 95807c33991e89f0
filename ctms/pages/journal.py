"""The journal page: lines of history across records, told in words."""

from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from ctms.access.explain import permit
from ctms.audit.journal import Line, newest, read_cursor, rows_before

from .frame import RAIL_PAGES
from .history import Entry, Naming, told
from .record import RECORDS, record_for

RAIL_PAGES.append(("Administration", 92, _("Journal"), "/journal/", "audit.view_history"))


@dataclass(frozen=True)
class Told:
    """One line of the journal with its words."""

    line: Line
    entry: Entry

    @property
    def label(self):
        return self.line.label

    @property
    def event(self):
        return self.line.event

    @property
    def record_kind(self):
        return str(apps.get_model(self.label)._meta.verbose_name)

    @property
    def url(self):
        declaration = RECORDS.get(self.label)
        if declaration is None or declaration.api_only:
            return ""
        return declaration.url(self.event.pgh_obj) if self.event.pgh_obj_id else ""


def told_lines(user, *, study=None, before=None, limit=100):
    """Return the newest lines with what each changed, in words the person may read."""
    lines = newest(
        user, study=study, before=before, limit=limit, may_read=lambda model: _may_read(user, model)
    )
    words, naming = {}, Naming(user)
    by_label = sorted(lines, key=lambda line: line.label)
    for label, group in groupby(by_label, key=lambda line: line.label):
        model, events = apps.get_model(label), [line.event for line in group]
        before_each = rows_before(model, events)
        for event in events:
            earlier = before_each[event.pgh_id]
            known = {event.pgh_obj_id: earlier} if earlier else {}
            words[label, event.pgh_id] = next(told(model, [event], naming, before=known))
    return [Told(line, words[line.label, line.event.pgh_id]) for line in lines]


def _may_read(user, model):
    """Global tables: people and their access are for the administrator, the directory for whoever sees it."""
    declaration = record_for(model)
    if declaration is not None:
        return user.has_perm(declaration.view_permission())
    return user.has_perm("audit.view_security")


@login_required
def journal_page(request):
    """Show what was changed in the records this person may see, newest first."""
    permit(request.user, "audit.view_history")
    studies = RECORDS["studies.Study"].rows(request.user)
    wanted = request.GET.get("study", "")
    study = studies.filter(pk=wanted).first() if wanted.isdigit() else None
    before = _cursor(request.GET.get("before", ""))
    lines = told_lines(request.user, study=study.pk if study else None, before=before, limit=60)
    context = {"lines": lines, "chosen": study, "studies": studies[:100], "full": len(lines) == 60}
    return render(request, "pages/journal.html", context)


def _cursor(text):
    try:
        return read_cursor(text) if text else None
    except ValueError:
        return None
