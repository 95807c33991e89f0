"""What may happen to a study, its countries, its sites, its protocol and its milestones."""

from .activating import (
    ACTIVATION_REQUIREMENTS,
    ACTIVATION_WAIVERS,
    INITIATION_DOUBTS,
    PROTOCOL,
    ActivationRequirement,
    RequirementStanding,
    open_of,
    requirements_at,
    requirements_of,
)
from .plan import MilestoneFlow, ProtocolFlow
from .site import CountryFlow, SiteFlow
from .study import StudyFlow, StudyHoldFlow

__all__ = [
    "ACTIVATION_REQUIREMENTS",
    "ACTIVATION_WAIVERS",
    "INITIATION_DOUBTS",
    "PROTOCOL",
    "ActivationRequirement",
    "CountryFlow",
    "MilestoneFlow",
    "ProtocolFlow",
    "RequirementStanding",
    "SiteFlow",
    "StudyFlow",
    "StudyHoldFlow",
    "open_of",
    "requirements_at",
    "requirements_of",
]
