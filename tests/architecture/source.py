"""The product's own source, as the architecture tests read it: modules and their syntax trees."""

import ast
from functools import cache

from launcher.paths import ROOT

APPS = ("directory", "studies", "sites", "documents", "subjects", "monitoring", "finance", "desk")
PRODUCT = ("ctms", *APPS)


@cache
def house_modules():
    """Return the Python files of the product, migrations left out: they say what was."""
    found = []
    for top in PRODUCT:
        found += [path for path in sorted((ROOT / top).rglob("*.py")) if "migrations" not in path.parts]
    assert len(found) > 100, "the product was not found"
    return found


def name_of(path):
    """Return the dotted name of a module file."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def app_modules(*rooms):
    """Return the modules of the apps that are, or lie in, one of these rooms (models, services, …)."""
    found = [path for path in house_modules() if name_of(path).split(".")[0] in APPS]
    return [path for path in found if not rooms or ([*name_of(path).split("."), ""])[1] in rooms]


def imports_of(path):
    """Yield (imported dotted name, line, is inside a function) of a module, relative names made absolute."""
    package = list(path.relative_to(ROOT).parts[:-1])
    inner = {
        id(node)
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield one.name, node.lineno, id(node) in inner
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join([*start, *([node.module] if node.module else [])]), node.lineno, id(node) in inner


def calls_of(path):
    """Yield (name as written, call node) of every call, such as ("timezone.now", …)."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def place(path, line):
    """Return what a failing test says: file and line, as an editor opens them."""
    return f"{path.relative_to(ROOT)}:{line}"
