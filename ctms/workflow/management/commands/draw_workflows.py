"""Write docs/workflows.md: every life cycle as a diagram and a table, from the declarations themselves."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from ctms.access.roles import roles_giving
from ctms.workflow.declare import WORKFLOWS

PAGE = settings.BASE_DIR / "docs" / "workflows.md"
HEAD = """# Life cycles

Written by `./run manage draw_workflows` from the declarations in each app's `workflows`; a test compares.

A move is offered to the roles named beside it, where they are assigned. The database holds the same moves by
trigger: nothing else sets a state. *Taken over* are the states a record may enter in the transaction it is made
in, when it comes from elsewhere (an import, a filing job).
"""


def drawn():
    """Return the whole page."""
    return "\n".join([HEAD, *(_section(flow) for _key, flow in sorted(WORKFLOWS.items()))])


def _section(flow):
    meta = flow.model._meta
    title = str(meta.verbose_name).capitalize() + ("" if flow.field == "status" else f": {flow.field}")
    parts = [f"## {title}", f"`{meta.label}.{flow.field}`", _diagram(flow), _table(flow)]
    if flow.frozen:
        still = f", except {', '.join(f'`{name}`' for name in flow.still_open)}" if flow.still_open else ""
        parts.append(f"Stands still when {_words(flow, flow.frozen)}{still}.")
    if flow.adopt:
        parts.append(f"Taken over as {_words(flow, flow.adopt.to)} (`{flow.adopt.permission}`).")
    return "\n\n".join(parts) + "\n"


def _words(flow, states):
    names = [str(flow.state_label(state)) for state in states]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _diagram(flow):
    moves = flow.transitions().values()
    reached = (s for move in moves for s in (*move.sources, *map(move.leads_to, move.sources)))
    used = {flow.first, *reached, *flow.frozen}
    order = [value for value, _label in flow.model._meta.get_field(flow.field).flatchoices if value in used]
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{flow.state_label(state)}" as {state}' for state in order]
    lines.append(f"    [*] --> {flow.first}")
    lines += [
        f"    {source} --> {move.leads_to(source)}: {move.label}" for move in moves for source in move.sources
    ]
    lines += [f"    {state} --> [*]" for state in order if not any(state in move.sources for move in moves)]
    return "\n".join([*lines, "```"])


def _table(flow):
    lines = ["| Move | From | To | Who | Asks for |", "|---|---|---|---|---|"]
    for move in flow.transitions().values():
        sources = ", ".join(str(flow.state_label(source)) for source in move.sources)
        who = (
            "the system, by time"
            if move.by_time
            else ", ".join(roles_giving(move.permission)) or "the system"
        )
        asked = _asked(move)
        to = flow.state_label(move.target) if move.target else "stays"
        lines.append(f"| {move.label} | {sources} | {to} | {who} | {asked} |")
    return "\n".join(lines)


def _asked(move):
    """Return what a person is asked with the move, in words."""
    asked = [f"date: {move.happened}"] if move.happened else []
    asked += ["a reason of the list"] if move.reasons else ["a reason"] if move.needs_reason else []
    asked += [f"a signature: {move.signature.label}"] if move.signature else []
    return ", ".join(asked) or "—"


class Command(BaseCommand):
    help = "Write docs/workflows.md from the declared workflows."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when the page is out of date"
        )

    def handle(self, *args, check, **options):
        page = drawn()
        if check:
            if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
                self.stderr.write("docs/workflows.md is out of date: ./run manage draw_workflows")
                sys.exit(1)
            return
        PAGE.write_text(page, encoding="utf-8")
        self.stdout.write(f"{len(WORKFLOWS)} life cycles drawn.")
