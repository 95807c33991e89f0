"""What no line of the product says: rules that hold by reading the source."""

import ast
import re

from django.apps import apps

from ctms.access.scoping import Scoped
from ctms.workflow.declare import WORKFLOWS
from launcher.paths import ROOT
from tests.architecture.source import app_modules, calls_of, house_modules, name_of, place, tree_of

ENGINE = "ctms.workflow.engine"
CLOCKS = re.compile(
    r"^(timezone|datetime|date|datetime\.datetime|datetime\.date)\.(now|localdate|localtime|today|utcnow)$"
)
# Announcements are for what the framework alone knows; rules are services, triggers and jobs.
SIGNALS = {
    "ctms.access.scoping": "a model gets its triggers and indexes when its class is complete",
    "ctms.accounts.security": "Django's sign-in signals are the only announcement of a sign-in",
    "ctms.audit.apps": "privileges are revoked after every migrate",
    "ctms.search.apps": "the search is brought in line with what is declared after every migrate",
}
# Subqueries that read no row the reader was not given.
SUBQUERIES = {
    "ctms.audit.journal": "the row of the same record just before one that was narrowed",
    "monitoring.pages.findings": "who is assigned to the site of an item that was narrowed, within its own circle",
}
AGGREGATES = {"Count", "Sum", "Avg", "Max", "Min"}


def state_fields():
    fields = {field for _label, field in WORKFLOWS}
    assert "status" in fields
    return fields


def _sets_state(node, fields):
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Attribute) and t.attr in fields for t in targets)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called == "setattr":
            return isinstance(node.args[1], ast.Constant) and node.args[1].value in fields
        return called.endswith(".update") and any(word.arg in fields for word in node.keywords)
    return False


def test_a_state_is_set_by_perform_and_nothing_else():
    fields = state_fields()
    assert _sets_state(ast.parse("site.status = 1").body[0], fields), "the test itself cannot see"
    setters = [
        place(path, node.lineno)
        for path in house_modules()
        if name_of(path) != ENGINE
        for node in ast.walk(tree_of(path))
        if _sets_state(node, fields)
    ]
    assert setters == []


def test_rules_are_told_the_time_and_never_look_at_a_clock():
    looked = [
        place(path, call.lineno)
        for path in [
            *app_modules("models", "services", "workflows", "calculations", "formats"),
            *_kernel_models(),
        ]
        for name, call in calls_of(path)
        if CLOCKS.match(name)
    ]
    assert looked == []


def _kernel_models():
    found = [
        path for path in house_modules() if name_of(path).startswith("ctms.") and path.name == "models.py"
    ]
    assert found
    return found


def test_the_unguarded_manager_is_the_kernels_own():
    users = [
        place(path, node.lineno)
        for path in app_modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("_base_manager", "_default_manager")
    ]
    assert users == []


def reverse_names():
    """Return the names by which a query can reach rows of a scoped model from another one."""
    names = set()
    for model in apps.get_models():
        if issubclass(model, Scoped):
            names |= {f.remote_field.related_query_name or f.remote_field.related_name or model._meta.model_name
                      for f in model._meta.local_fields if f.is_relation and not f.remote_field.hidden}  # fmt: skip
    assert "identifiers" in names
    return names


def test_nothing_is_counted_through_a_relation_that_does_not_narrow():
    names, found = reverse_names(), []
    for path in house_modules():
        if name_of(path) in SUBQUERIES:
            continue
        for called, call in calls_of(path):
            what = called.rsplit(".", 1)[-1]
            first = call.args[0] if call.args else None
            if (
                what in AGGREGATES
                and isinstance(first, ast.Constant)
                and set(str(first.value).split("__")) & names
            ):
                found.append(place(path, call.lineno))
            if (
                what in ("Exists", "Subquery")
                and first is not None
                and "visible_to(" not in ast.unparse(first)
            ):
                found.append(place(path, call.lineno))
    assert found == []


def test_signals_are_heard_in_few_places_only():
    connecting = {
        name_of(path)
        for path in house_modules()
        for called, _call in calls_of(path)
        if called.endswith(".connect") or called in ("receiver", "dispatch.receiver")
    }
    assert connecting == set(SIGNALS)


def test_workers_are_woken_by_the_job_table_alone():
    calls = [
        place(path, call.lineno)
        for path in house_modules()
        if not name_of(path).startswith("ctms.jobs")
        for called, call in calls_of(path)
        if called.rsplit(".", 1)[-1] in ("delay", "apply_async", "send_task", "delay_on_commit")
    ]
    assert calls == []


def test_no_function_is_longer_than_a_page():
    long = {
        place(path, node.lineno): node.end_lineno - node.lineno + 1
        for path in house_modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 60
    }
    assert long == {}


# Hosts only one network knows, and folders of one machine: none belongs in what others clone.
ELSEWHERE = re.compile(
    r"(artifactory|nexus|devpi|pypi-?(proxy|mirror)|registry\.npmjs|pypi\.org|files\.pythonhosted)[\w.-]*"
    r"|(?<![\w.])/(home|Users|work|root)/\w+",
    re.IGNORECASE,
)


def test_nothing_names_a_registry_or_a_folder_of_one_machine():
    assert ELSEWHERE.search("https://nexus.example.org")
    assert ELSEWHERE.search('"/home/somebody/ctms"')
    files = [*house_modules(), ROOT / "run", ROOT / "manage.py"]
    for top in ("tests", "launcher", "benchmarks", ".ci"):
        files += [
            p for p in (ROOT / top).rglob("*") if p.suffix in ("", ".py", ".sh", ".sql") and p.is_file()
        ]
    named = {
        place(path, number): line.strip()
        for path in files
        if path.name != "test_source.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if ELSEWHERE.search(line)
    }
    assert named == {}
