"""What each role may do, wherever it is assigned: the permission matrix, reviewable in a diff.

Who plays which role where is an assignment (a row). A permission missing here is held by nobody.
"""

LABELS = {
    "project_manager": "Project manager",
    "clinical_lead": "Clinical team lead",
    "cra": "Clinical research associate",
    "start_up": "Start-up specialist",
    "tmf_specialist": "TMF specialist",
    "finance": "Finance specialist",
    "medical_monitor": "Medical monitor",
    "quality": "Quality assurance",
    "operations_head": "Head of operations",
    "sponsor": "Sponsor",
    "inspector": "Inspector",
    "administrator": "System administrator",
}

# Roles that see only what was published to them.
PUBLISHED_ONLY = frozenset({"sponsor"})
# Roles from outside that read for a limited time: their assignment must have a last day, and what they open is logged.
TIME_BOXED = frozenset({"inspector"})
# Roles that see a record with final states (Scoped.final_states) only once it is in one: nothing in draft.
FINAL_ONLY = frozenset({"sponsor", "inspector"})
# Roles of people from outside the house: every page and every answer they are shown is logged.
FROM_OUTSIDE = PUBLISHED_ONLY | TIME_BOXED
# Roles that may be given for every study at once; they read.
PORTFOLIO_ROLES = frozenset({"quality", "operations_head", "administrator"})

_SEE_STUDY = frozenset(
    {
        "studies.view_study",
        "studies.view_plan",
        "studies.view_milestone",
        "studies.view_studycountry",
        "studies.view_studysite",
    }
)
_SEE_SITES = {
    "directory.view_directory",
    "sites.view_sitestaff",
    "sites.view_contact",
    "sites.view_activation",
}
# An allocation is an unblinded row: the permission shows it only to a grant that is unblinded, or in open studies.
_SEE_SUBJECTS = {
    "subjects.view_subject",
    "subjects.view_subjectvisit",
    "subjects.view_enrolment",
    "subjects.view_allocation",
}
_SEE_MONITORING = {
    "monitoring.view_monitoringvisit",
    "monitoring.view_monitoringreport",
    "monitoring.view_reporttemplate",
    "monitoring.view_actionitem",
    "monitoring.view_deviation",
    "monitoring.view_letter",
}
_SEE_DOCUMENTS = {
    "documents.view_document",
    "documents.view_artifact",
    "documents.view_expecteddocument",
}
_SEE_CONDUCT = (
    _SEE_STUDY | _SEE_SITES | _SEE_SUBJECTS | _SEE_MONITORING | _SEE_DOCUMENTS | {"studies.view_team"}
)
# What a site is owed and was paid, without anybody's bank account.
_SEE_PAYMENTS = {
    "finance.view_siteagreement",
    "finance.view_feeschedule",
    "finance.view_payable",
    "finance.view_paymentrun",
}
# What the sponsor pays the house, line by line.
_SEE_BUDGET = {"finance.view_budget"}

# A report shows what its reader may see anyway; whoever answers for a study lets one come round.
_READ_REPORTS = {"reports.view_reportrun", "reports.view_reportschedule"}
_SCHEDULE_REPORTS = {"reports.add_reportschedule", "reports.change_reportschedule"}

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
    "monitoring.write_letter",
}
_TALK_TO_SITES = {"sites.add_contact", "sites.change_contact"}
_KEEP_SUBJECTS = {
    "subjects.add_subject",
    "subjects.change_subject",
    "subjects.move_subject",
    "subjects.record_subjectvisit",
    "subjects.import_subjects",
    "subjects.record_allocation",
}
_UPLOAD = {"documents.add_document", "documents.change_document", "documents.submit_document"}
_OPEN_SITES = {
    "directory.change_directory",
    "studies.add_studysite",
    "studies.change_studysite",
    "studies.move_studysite",
    "sites.change_sitestaff",
    "sites.ask_waiver",
}

ROLES: dict[str, frozenset[str]] = {
    "project_manager": _SEE_CONDUCT
    | _READ_REPORTS
    | _SCHEDULE_REPORTS
    | _SEE_PAYMENTS
    | _SEE_BUDGET
    | _OPEN_SITES
    | _TALK_TO_SITES
    | _FOLLOW_UP
    | _PLAN_VISITS
    | _UPLOAD
    | {
        "audit.view_history",
        "studies.view_workload",
        "audit.view_access",
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
        "sites.approve_waiver",
        "monitoring.publish_report",
        "monitoring.classify_deviation",
        "documents.publish_document",
        "documents.void_document",
        "documents.approve_document",
        "documents.change_expecteddocument",
        "documents.waive_expecteddocument",
        "documents.change_tmfplace",
        "finance.change_budget",
        "finance.review_invoice",
        "exchange.view_webhook",
        "exchange.change_webhook",
    },
    "clinical_lead": _SEE_CONDUCT
    | _READ_REPORTS
    | _SCHEDULE_REPORTS
    | _SEE_PAYMENTS
    | _SEE_BUDGET
    | _OPEN_SITES
    | _TALK_TO_SITES
    | _KEEP_SUBJECTS
    | _FOLLOW_UP
    | _PLAN_VISITS
    | _WRITE_REPORTS
    | _UPLOAD
    | {
        "audit.view_history",
        "studies.view_workload",
        "studies.add_milestone",
        "studies.change_milestone",
        "studies.complete_milestone",
        "sites.approve_waiver",
        "monitoring.approve_report",
        "monitoring.publish_report",
        "monitoring.classify_deviation",
        "documents.review_document",
        "finance.confirm_payable",
    },
    "cra": _SEE_CONDUCT
    | _READ_REPORTS
    | _SEE_PAYMENTS
    | _TALK_TO_SITES
    | _KEEP_SUBJECTS
    | _FOLLOW_UP
    | _PLAN_VISITS
    | _WRITE_REPORTS
    | _UPLOAD
    | {
        "audit.view_history",
        "documents.renew_document",
        "sites.change_sitestaff",
        "studies.complete_milestone",
    },
    # Finds and opens sites: contracts, submissions, papers; releases none (two people for a green light).
    "start_up": _SEE_CONDUCT
    | _READ_REPORTS
    | _SEE_PAYMENTS
    | _OPEN_SITES
    | _TALK_TO_SITES
    | _UPLOAD
    | {
        "audit.view_history",
        "studies.add_milestone",
        "studies.complete_milestone",
        "documents.renew_document",
        "documents.change_expecteddocument",
        "finance.change_siteagreement",
        "finance.change_feeschedule",
    },
    "tmf_specialist": _SEE_STUDY
    | _READ_REPORTS
    | _SCHEDULE_REPORTS
    | _SEE_SITES
    | _SEE_MONITORING
    | _SEE_DOCUMENTS
    | _UPLOAD
    | {
        "studies.view_team",
        "audit.view_history",
        "documents.review_document",
        "documents.approve_document",
        "documents.void_document",
        "documents.publish_document",
        "documents.renew_document",
        "documents.change_expecteddocument",
        "documents.waive_expecteddocument",
        "documents.change_tmfplace",
        "documents.import_referencemodel",
    },
    # Prepares, approves (another person), exports; sees subjects' visits because they are what is paid.
    "finance": _SEE_STUDY
    | _READ_REPORTS
    | _SCHEDULE_REPORTS
    | _SEE_PAYMENTS
    | _SEE_BUDGET
    | _SEE_DOCUMENTS
    | _UPLOAD
    | {
        "directory.view_directory",
        "sites.view_sitestaff",
        "subjects.view_subject",
        "subjects.view_subjectvisit",
        "subjects.view_enrolment",
        "studies.view_team",
        "audit.view_history",
        "finance.change_siteagreement",
        "finance.change_feeschedule",
        "finance.approve_feeschedule",
        "finance.view_payee",
        "finance.change_payee",
        "finance.confirm_payee",
        "finance.hold_payable",
        "finance.prepare_paymentrun",
        "finance.approve_paymentrun",
        "finance.export_paymentrun",
        "finance.change_budget",
        "finance.approve_budget",
        "finance.view_budgetcost",
        "finance.change_cost",
        "finance.record_invoicing",
    },
    "medical_monitor": _SEE_CONDUCT
    | _READ_REPORTS
    | {
        "audit.view_history",
        "monitoring.classify_deviation",
        "monitoring.change_deviation",
    },
    "quality": _SEE_CONDUCT
    | _READ_REPORTS
    | _SEE_PAYMENTS
    | _SEE_BUDGET
    | {
        "audit.view_history",
        "studies.view_workload",
        "audit.view_access",
        "monitoring.add_deviation",
        "monitoring.classify_deviation",
    },
    # Answers for the whole house: sees how every study goes and who carries what, and leaves the doing to the teams.
    "operations_head": _SEE_CONDUCT
    | _SEE_PAYMENTS
    | _SEE_BUDGET
    | _READ_REPORTS
    | _SCHEDULE_REPORTS
    | {
        "audit.view_history",
        "studies.view_workload",
    },
    "sponsor": _SEE_STUDY
    | {
        "subjects.view_enrolment",
        "monitoring.view_monitoringreport",
        "documents.view_document",
    },
    # An authority's reader: everything of the conduct, nothing of the money, nothing in draft; and not the
    # directory, which names the sponsors and hospitals of other studies.
    "inspector": _SEE_STUDY
    | (_SEE_SITES - {"directory.view_directory"})
    | _SEE_SUBJECTS
    | _SEE_MONITORING
    | _SEE_DOCUMENTS
    | {
        "studies.view_team",
        "audit.view_history",
    },
    # Reads everything and gives access; changes no business record (segregation, compliance row 36).
    "administrator": _SEE_CONDUCT
    | _READ_REPORTS
    | {
        "audit.view_history",
        "audit.view_access",
        "audit.view_security",
        "accounts.manage_users",
        "studies.change_team",
        "monitoring.manage_templates",
        "documents.import_referencemodel",
        "exchange.view_webhook",
        "exchange.change_webhook",
    },
}


def role_permissions():
    """Return Meta.permissions for a model on which roles are assigned."""
    return [(f"act_as_{role}", f"Act as {label}") for role, label in LABELS.items()]


def roles_giving(permission):
    """Return the roles that carry a permission, as labels: for a refusal that says who may."""
    return [LABELS[role] for role, permissions in ROLES.items() if permission in permissions]
