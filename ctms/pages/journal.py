"""The journal page: lines of history across records, told in words."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from ctms.access.access import access_of
from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.audit.journal import Line, newest, read_cursor
from ctms.audit.trail import AUDITED

from .frame import RAIL_PAGES
from .history import Entry, Naming, entry_of, keys_called_by, keys_told, name_in
from .record import RECORDS, record_for

RAIL_PAGES.append(("Administration", 92, _("Journal"), "/journal/", "audit.view_history"))


@dataclass(frozen=True)
class Told:
    """One line of the journal with its words."""

    line: Line
    entry: Entry
    record_name: str = ""
    removed: bool = False  # the record is no more

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
        if declaration is None or declaration.api_only or self.removed or not self.event.pgh_obj_id:
            return ""
        return declaration.url_by_key(self.event.pgh_obj_id)


def told_lines(user, *, study=None, before=None, limit=100, named=False):
    """
    Return the newest lines with what each changed, in words the person may read.

    :param named: say what each record is called as well, which looks up what some are called by
    """
    lines = newest(
        access_of(user),
        study=study,
        before=before,
        limit=limit,
        may_read=lambda model: _may_read(user, model),
    )
    seen, naming = [(apps.get_model(line.label), line.before, line.event) for line in lines], Naming(user)
    called = [key for model, _before, event in seen for key in keys_called_by(model, event)] if named else []
    naming.learn([*called, *(key for one in seen for key in keys_told(*one))])
    gone = without_record(lines)
    return [
        Told(
            line,
            entry_of(model, before, event, naming),
            record_name=name_in(model, event, naming) if named else "",
            removed=(line.label, event.pgh_obj_id) in gone,
        )
        for line, (model, before, event) in zip(lines, seen, strict=True)
    ]


def without_record(lines):
    """Return {(label, key)} of the records told of that are no more; few kinds may be removed at all."""
    keys: dict[str, set] = {}
    for line in lines:
        if AUDITED[line.label].removable and line.label in RECORDS:
            keys.setdefault(line.label, set()).add(line.event.pgh_obj_id)
    gone = set()
    for label, wanted in keys.items():
        with everything("whether a record that is told of is still there"):
            there = set(
                apps.get_model(label)._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)
            )
        gone |= {(label, key) for key in wanted - there}
    return gone


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
    lines = told_lines(request.user, study=study.pk if study else None, before=before, limit=60, named=True)
    named = studies.select_related(None).prefetch_related(None).only("protocol_number")
    context = {"lines": lines, "chosen": study, "studies": named[:100], "full": len(lines) == 60}
    return render(request, "pages/journal.html", context)


def _cursor(text):
    try:
        return read_cursor(text) if text else None
    except ValueError:
        return None
