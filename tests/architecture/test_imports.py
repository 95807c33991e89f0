"""What knows what: the import contract, and what import-linter cannot see of it."""

import ast

import pytest
from django.apps import apps

from launcher.paths import ROOT
from tests.architecture.source import app_modules, house_modules, imports_of, name_of, place, tree_of

# Bottom up: a foreign key may point down or sideways, never up; import-linter does not see the strings.
ORDER = (
    *("audit", "accounts", "access", "files", "numbering", "jobs", "signatures", "workflow"),
    *("notices", "pages", "imports", "reports", "exchange", "api"),
    *("directory", "studies", "sites", "documents", "subjects", "monitoring", "finance", "desk"),
)
RULES = ("models", "services", "workflows", "calculations")
KERNEL_RULES = (
    "ctms.workflow",
    "ctms.access",
    "ctms.audit",
    "ctms.signatures",
    "ctms.calendar",
    "ctms.numbering",
)
TRANSPORT = ("rest_framework", "celery", "django.http", "django.shortcuts", "django.views", "django.forms")

# An import inside a function hides who knows whom; each of these has a reason.
LATE_IMPORTS = {
    ("ctms.access.access", "ctms.access.scoping"): "Access and Scope are two halves of one thing",
    ("ctms.settings", "django_filters"): "reading its own settings, it asks for ours",
    ("ctms.reports.rendering", "weasyprint"): "it loads Pango, seconds of work no other process needs",
    ("ctms.workflow.triggers", "ctms.workflow.declare"): "declarations stand on the triggers they generate",
}
# The kernel knows that there is a study (access.scoping), and nothing else of the apps.
NAME_THE_SPINE = {
    ("exchange", "studies.Study"),
    ("files", "studies.Study"),
    # A run, and a report that comes round, lie in a study, a country or a site as everything else does.
    *(("reports", f"studies.{place}") for place in ("Study", "StudyCountry", "StudySite")),
}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools", "stuff", "lib", "core"}


def test_the_import_contract_is_kept():
    linter = pytest.importorskip(
        "importlinter.cli", reason="comes with ./run lint, whose step `imports` this is"
    )
    assert linter.lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True, no_logo=True) == 0


def test_every_app_is_under_the_import_contract():
    contract = (ROOT / ".importlinter").read_text()
    roots = contract.split("root_packages =")[1].split("include_external")[0].split()
    installed = {
        c.name.split(".")[0] for c in apps.get_app_configs() if (ROOT / c.name.split(".")[0]).is_dir()
    }
    assert installed <= {*roots}, "an installed app that no layer names may import anything"
    for app in installed - {"ctms"}:
        assert app in contract.split("importlinter:contract:house")[1].split("[importlinter")[0].split()


def test_foreign_keys_point_down():
    looked_at = 0
    for model in apps.get_models():
        if model._meta.app_label not in ORDER:
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if target is None or target._meta.app_label not in ORDER:
                continue
            if (model._meta.app_label, target._meta.label) in NAME_THE_SPINE:
                continue
            looked_at += 1
            here, there = ORDER.index(model._meta.app_label), ORDER.index(target._meta.app_label)
            assert there <= here, f"{model._meta.label}.{field.name} points up to {target._meta.label}"
    assert looked_at > 50


def test_only_the_kernels_scoping_names_the_spine():
    found = {}
    for path in house_modules():
        name = name_of(path)
        if not name.startswith("ctms."):
            continue
        for node in ast.walk(tree_of(path)):
            is_key = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("ForeignKey", "OneToOneField")
            )
            target = node.args[0] if is_key and node.args else None
            if isinstance(target, ast.Constant) and str(target.value).startswith("studies."):
                found.setdefault(name, []).append(target.value)
    assert found == {
        # StudyOwned and study_of, country_of_study, site_of_study.
        "ctms.access.scoping": ["studies.Study", "studies.Study", "studies.StudyCountry", "studies.StudySite"]
    }


def test_rules_know_nothing_of_requests_and_answers():
    rules = [path for path in house_modules() if name_of(path).startswith(KERNEL_RULES)] + app_modules(*RULES)
    assert len(rules) > 20
    knowing = {}
    for path in rules:
        for imported, line, _late in imports_of(path):
            if f"{imported}.".startswith(tuple(f"{name}." for name in TRANSPORT)):
                knowing[place(path, line)] = imported
    assert knowing == {}


def test_nothing_is_imported_by_a_star():
    stars = [
        place(path, node.lineno)
        for path in house_modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names)
    ]
    assert stars == []


def test_imports_stand_at_the_top_or_have_a_reason():
    late = {
        (name_of(path), imported if imported.startswith("ctms") else imported.split(".")[0]): place(
            path, line
        )
        for path in house_modules()
        for imported, line, inside in imports_of(path)
        if inside and not name_of(path).endswith(".apps")  # models are not loaded before ready()
    }
    assert {where: at for where, at in late.items() if where not in LATE_IMPORTS} == {}
    assert set(LATE_IMPORTS) <= set(late), "a reason for an import that is no longer there"


def test_there_are_no_drawers():
    places = [*house_modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "launcher").rglob("*.py")]
    drawers = [
        str(path.relative_to(ROOT))
        for path in places
        if DRAWERS & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]
    assert drawers == []
