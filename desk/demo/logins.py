"""Who works in the demo, and their one password."""

import secrets
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Login:
    """One demo login and what it is good for."""

    username: str
    name: str
    good_for: str
    zone: str = "Europe/Berlin"


LOGINS = (
    Login("pm", "Martha Quinn", "project manager of the three studies: plans, team, milestones, import"),
    Login("lead", "Jonas Reuter", "clinical lead: approves reports, confirms work, looks after seven people"),
    Login(
        "cra",
        "Inés Calvo",
        "CRA of three Spanish sites of VEL-301 and of KIN-204 in Spain and Italy",
        "Europe/Madrid",
    ),
    Login(
        "cra2", "Tomasz Wilk", "CRA of nine sites in Poland, Germany and Czechia: too many", "Europe/Warsaw"
    ),
    Login("cra3", "Hannah Vogt", "CRA of COR-207 in Germany, Hungary and Poland"),
    Login("cra4", "Megan Ashworth", "CRA of the American, Canadian and Australian sites", "America/New_York"),
    Login("cra5", "Louis Garnier", "CRA, new in the house: four sites in Britain and France", "Europe/Paris"),
    Login("ucra", "Noor Haddad", "unblinded CRA of VEL-301: pharmacy visits nobody blinded knows of"),
    Login("ulead", "Greta Holm", "unblinded lead of VEL-301: approves the unblinded reports"),
    Login("qa", "Owen Pryce", "quality: reads every study, its history and its journal", "Europe/London"),
    Login("head", "Astrid Lund", "head of operations: the portfolio, who carries how much, what slipped"),
    Login(
        "ssu",
        "Livia Costa",
        "start-up specialist of VEL-301 and KIN-204: opens sites, keeps agreements",
        "Europe/Madrid",
    ),
    Login("tmf", "Henrik Dahl", "TMF specialist: upload, review queue, what is missing"),
    Login(
        "finance", "Nadia Ferri", "finance: prepares payment runs, keeps the sponsor budgets", "Europe/Rome"
    ),
    Login("finance2", "Colm Byrne", "finance: approves what somebody else prepared", "Europe/London"),
    Login("medical", "Dr Elif Arslan", "medical monitor: classifies deviations"),
    Login(
        "inspector", "Jeanne Roux", "inspector: reads VEL-301 for thirty days, everything she opens is logged"
    ),
    Login("sponsor", "Alice Moreau", "sponsor of VEL-301: sees what was published to her"),
    Login("sponsor2", "Ben Castle", "sponsor of COR-207: sees nothing of VEL-301", "Europe/London"),
    Login("admin", "Rosa Lindqvist", "administrator: reads everything, gives access, changes no record"),
)


def demo_password():
    """Return the demo's password, made once and kept beside the demo's other state."""
    path = settings.VAR / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"demo-{secrets.token_hex(4)}-ctms")
        path.chmod(0o600)
    return path.read_text().strip()
