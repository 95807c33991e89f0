"""The list of keys tells the truth: the script does what is declared, and nothing else."""

import json
import re
from collections import Counter

from ctms.pages.frame import RailGroup
from ctms.pages.keyboard import IN_REPORTS, KEYS, keys_as_json, keys_for
from launcher.paths import ROOT

SCRIPTS = ROOT / "static" / "ctms"
# Done by the search's own script, and by the browser.
ELSEWHERE = {"search", "close"}
RAIL = [
    RailGroup("Studies", "flask", [("Studies", "/studies/"), ("Milestones", "/milestones/")], is_open=True)
]


def deeds_of_the_script():
    text = (SCRIPTS / "keyboard.js").read_text(encoding="utf-8")
    block = text.split("const DEEDS = {")[1].split("\n  };")[0]
    found = {name.strip('"') for name in re.findall(r'^    ("?[a-z-]+"?)(?::|,)', block, re.MULTILINE)}
    assert len(found) > 5
    return found


def test_every_declared_deed_is_done_and_every_deed_is_declared():
    declared = {key.deed for keys in KEYS.values() for key in keys if key.deed}
    assert declared - ELSEWHERE == deeds_of_the_script()


def test_the_keys_of_a_report_are_those_its_script_answers_to():
    text = (SCRIPTS / "app.js").read_text(encoding="utf-8")
    answered = set(re.search(r"const KEYS = \{(.*?)\}", text).group(1).replace(" ", "").split(","))
    assert {pair.split(":")[0].upper() for pair in answered} == {key.keys for key in KEYS[IN_REPORTS]}


def test_no_key_does_two_things_outside_a_report():
    pressed = Counter(key.keys for section, keys in KEYS.items() if section != IN_REPORTS for key in keys)
    assert max(pressed.values()) == 1
    beginnings = {keys.split(" ")[0] for keys in pressed if " " in keys}
    assert not beginnings & set(pressed), "the first of two keys does nothing by itself"


def test_whoever_has_no_such_area_has_no_such_key():
    shown = {key.keys for _section, keys in keys_for(RAIL) for key in keys}
    assert {"g h", "g s"} <= shown
    assert "g f" not in shown
    script = json.loads(keys_as_json(RAIL))
    assert script["g s"] == ["go", "/studies/"]
    assert "g f" not in script


def test_the_list_is_a_page_of_its_own(cast, client):
    client.force_login(cast.milo)
    page = client.get("/keyboard/").content.decode().split('id="main"')[1]
    assert "Go to Monitoring" in page
    assert "Go to Finance" not in page
    part = client.get("/keyboard/", headers={"X-Part": "keyboard"}).content.decode()
    assert "Go to Monitoring" in part
    assert "<h1>" not in part
    client.logout()
    assert client.get("/keyboard/").status_code == 302
