"""The page of life cycles says what the declarations say."""

import pytest
from django.core.management import call_command

from ctms.workflow.declare import WORKFLOWS
from ctms.workflow.management.commands import draw_workflows
from ctms.workflow.management.commands.draw_workflows import PAGE, drawn


def test_the_page_of_life_cycles_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == drawn(), "run: ./run manage draw_workflows"
    call_command("draw_workflows", check=True)


def test_every_move_of_every_life_cycle_is_drawn():
    page = drawn()
    for (label, field), flow in WORKFLOWS.items():
        assert f"`{label}.{field}`" in page
        for move in flow.transitions().values():
            for source in move.sources:
                assert f"    {source} --> {move.leads_to(source)}: {move.label}" in page
    assert "| Archive study | Closed | Archived | Project manager | a reason |" in page
    assert "Stands still when Archived." in page


def test_a_page_out_of_date_is_noticed_and_written_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(draw_workflows, "PAGE", tmp_path / "workflows.md")
    with pytest.raises(SystemExit):
        call_command("draw_workflows", check=True)
    assert "out of date" in capsys.readouterr().err
    call_command("draw_workflows")
    assert (tmp_path / "workflows.md").read_text(encoding="utf-8") == drawn()
    call_command("draw_workflows", check=True)
