"""What each role may do, wherever it is assigned: the permission matrix, reviewable in a diff.

Who plays which role where is an assignment (a row). A permission missing here is held by nobody.
"""

LABELS = {
    "project_manager": "Project manager",
    "clinical_lead": "Clinical team lead",
    "cra": "Clinical research associate",
    "quality": "Quality assurance",
    "sponsor": "Sponsor",
    "administrator": "System administrator",
}

# Roles that see only what was published to them.
PUBLISHED_ONLY = frozenset({"sponsor"})
# Roles that may be given for every study at once; they read.
PORTFOLIO_ROLES = frozenset({"quality", "administrator"})

_SEE_STUDY = frozenset(
    {
        "studies.view_study",
        "studies.view_plan",
        "studies.view_milestone",
        "studies.view_studycountry",
        "studies.view_studysite",
    }
)
_SEE_CONDUCT = _SEE_STUDY | {
    "directory.view_directory",
    "studies.view_team",
    "sites.view_sitestaff",
    "monitoring.view_monitoringvisit",
    "monitoring.view_monitoringreport",
    "monitoring.view_reporttemplate",
    "monitoring.view_actionitem",
    "monitoring.view_deviation",
    "documents.view_document",
    "documents.view_artifact",
}
_FOLLOW_UP = {
    "monitoring.add_actionitem",
    "monitoring.change_actionitem",
    "monitoring.progress_actionitem",
    "monitoring.close_actionitem",
    "monitoring.add_deviation",
    "monitoring.change_deviation",
}
_PLAN_VISITS = {
    "monitoring.add_monitoringvisit",
    "monitoring.change_monitoringvisit",
    "monitoring.move_monitoringvisit",
}
_WRITE_REPORTS = {
    "monitoring.write_report",
    "monitoring.submit_report",
}
_OPEN_SITES = {
    "directory.change_directory",
    "studies.add_studysite",
    "studies.change_studysite",
    "studies.move_studysite",
    "sites.change_sitestaff",
}

ROLES: dict[str, frozenset[str]] = {
    "project_manager": _SEE_CONDUCT
    | _OPEN_SITES
    | _FOLLOW_UP
    | _PLAN_VISITS
    | {
        "audit.view_history",
        "studies.add_study",
        "studies.change_study",
        "studies.move_study",
        "studies.change_plan",
        "studies.add_milestone",
        "studies.change_milestone",
        "studies.complete_milestone",
        "studies.add_studycountry",
        "studies.change_studycountry",
        "studies.move_studycountry",
        "studies.change_team",
        "studies.import_study",
        "studies.activate_studysite",
        "monitoring.publish_report",
        "monitoring.classify_deviation",
        "documents.publish_document",
        "documents.void_document",
    },
    "clinical_lead": _SEE_CONDUCT
    | _OPEN_SITES
    | _FOLLOW_UP
    | _PLAN_VISITS
    | _WRITE_REPORTS
    | {
        "audit.view_history",
        "studies.add_milestone",
        "studies.change_milestone",
        "studies.complete_milestone",
        "monitoring.approve_report",
        "monitoring.publish_report",
        "monitoring.classify_deviation",
    },
    "cra": _SEE_CONDUCT
    | _FOLLOW_UP
    | _PLAN_VISITS
    | _WRITE_REPORTS
    | {
        "audit.view_history",
        "sites.change_sitestaff",
        "studies.complete_milestone",
    },
    "quality": _SEE_CONDUCT
    | {
        "audit.view_history",
        "monitoring.add_deviation",
        "monitoring.classify_deviation",
    },
    "sponsor": _SEE_STUDY
    | {
        "monitoring.view_monitoringreport",
        "documents.view_document",
    },
    # Reads everything and gives access; changes no business record (segregation, compliance row 36).
    "administrator": _SEE_CONDUCT
    | {
        "audit.view_history",
        "audit.view_security",
        "accounts.manage_users",
        "studies.change_team",
        "monitoring.manage_templates",
    },
}


def role_permissions():
    """Return Meta.permissions for a model on which roles are assigned."""
    return [(f"act_as_{role}", f"Act as {label}") for role, label in LABELS.items()]


def roles_giving(permission):
    """Return the roles that carry a permission, as labels: for a refusal that says who may."""
    return [LABELS[role] for role, permissions in ROLES.items() if permission in permissions]
