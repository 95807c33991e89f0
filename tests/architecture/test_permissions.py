"""The permission matrix: nothing is asked that nobody holds, nothing is granted that nothing asks."""

import ast
import re

import pytest

from ctms.access.roles import LABELS, PORTFOLIO_ROLES, PUBLISHED_ONLY, ROLES, role_permissions, roles_giving
from ctms.audit.trail import AUDITED
from ctms.jobs.queue import HANDLERS
from ctms.pages.record import RECORDS
from ctms.workflow.declare import WORKFLOWS
from launcher.paths import ROOT
from tests.architecture.source import APPS, house_modules, name_of, tree_of

PERMISSION = re.compile(rf"^(audit|accounts|{'|'.join(APPS)})\.[a-z]+_[a-z_]+$")
# Asked of nobody by hand: what the system's own account does when a job files or sends something.
SYSTEM_ONLY = {
    "documents.file_document": "a signed report is filed by the job its approval promised",
}
# Granted before the page that asks for it.
AHEAD: dict[str, str] = {}
READING = re.compile(r"\.view_[a-z]+$")


def granted():
    return frozenset().union(*ROLES.values())


def written_in_code():
    """Return {permission: module} of the strings in code that are permissions."""
    return {
        node.value: name_of(path)
        for path in house_modules()
        if name_of(path) != "ctms.access.roles"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and PERMISSION.match(node.value)
        and node.value not in HANDLERS
    }


def declared():
    """Return {permission: declaration} of what declarations ask, said or derived from the model's name."""
    asked = {}
    for label, declaration in RECORDS.items():
        asked[declaration.view_permission()] = label
        if declaration.create:
            asked[declaration.add_permission] = label
        if declaration.edit:
            asked[declaration.change_permission] = label
    for (label, _field), flow in WORKFLOWS.items():
        for name, move in flow.transitions().items():
            asked[move.permission] = f"{label} {name}"
        if flow.adopt:
            asked[flow.adopt.permission] = f"{label} adopt"
    return asked


def test_every_permission_that_is_asked_is_held_by_a_role():
    asked = {**written_in_code(), **declared()}
    assert len(asked) > 25
    missing = {permission: by for permission, by in asked.items() if permission not in granted()}
    assert set(missing) - set(SYSTEM_ONLY) == set(), missing
    assert set(SYSTEM_ONLY) == set(missing), "an exemption nobody needs any more"


def test_every_permission_of_a_role_is_asked_somewhere():
    asked = {*written_in_code(), *declared(), *(_viewed())}
    # An app whose pages are not there yet is granted ahead; from its first page on it is asked like the others.
    built = {app for app in APPS if (ROOT / app / "pages.py").exists() or (ROOT / app / "pages").is_dir()}
    idle = {p for p in granted() - asked if p.split(".")[0] not in set(APPS) - built}
    assert idle - set(AHEAD) == set()
    assert set(AHEAD) <= idle, "an exemption nobody needs any more: it is asked now"


def _viewed():
    """What visible_to asks of each narrowed model."""
    for trail in AUDITED.values():
        meta = trail.model._meta
        yield getattr(trail.model, "view_permission", "") or f"{meta.app_label}.view_{meta.model_name}"


def test_roles_have_names_and_the_names_are_roles():
    assert set(ROLES) == set(LABELS)
    assert set(ROLES) >= PUBLISHED_ONLY | PORTFOLIO_ROLES
    assert {codename for codename, _label in role_permissions()} == {f"act_as_{role}" for role in ROLES}


@pytest.mark.parametrize("role", sorted(PUBLISHED_ONLY))
def test_a_sponsor_reads_and_changes_nothing(role):
    assert ROLES[role]
    assert all(READING.search(permission) for permission in ROLES[role])


def test_who_gives_access_changes_no_record_of_a_study():
    writing = {p for p in ROLES["administrator"] if not READING.search(p)}
    # Segregation of duties (compliance row 36): people, accounts, templates, connections, no fact of a study.
    assert writing <= {
        *("accounts.manage_users", "studies.change_team", "monitoring.manage_templates"),
        *("documents.import_referencemodel", "exchange.change_webhook"),
        *("audit.view_history", "audit.view_security"),
    }


def test_who_writes_a_report_of_monitoring_does_not_approve_it_by_the_same_role_alone():
    assert "Clinical research associate" not in roles_giving("monitoring.approve_report")
    assert roles_giving("nothing.at_all") == []


def test_everybody_on_a_study_may_read_what_it_is():
    assert all("studies.view_study" in permissions for permissions in ROLES.values())
