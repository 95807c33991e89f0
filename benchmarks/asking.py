"""What the benchmarks ask for: pages and their twins in the API, and who asks."""

from dataclasses import dataclass

from django.urls import Resolver404, resolve

from ctms.access.scoping import everything
from ctms.accounts.models import User
from studies.models import SiteAssignment, Study, StudySite

API = "/api/v1"


@dataclass(frozen=True)
class Page:
    """One address as one person opens it."""

    name: str
    path: str
    person: str

    @property
    def in_api(self):
        return self.path.startswith(API)


@dataclass(frozen=True)
class Places:
    """The ids the addresses are made of: the study with most sites, and a site of the first CRA."""

    study: int
    site: int


def places():
    """Return where the benchmarks look: where there is most."""
    with everything("a benchmark chooses where it looks"):
        study = max(Study.objects.all(), key=lambda one: StudySite.objects.filter(study=one).count())
        site = SiteAssignment.objects.filter(user__username="cra-0").order_by("pk").first()
    return Places(study.pk, site.content_object_id)


def pages():
    """Return every page that is measured; one that this product does not have is left out."""
    at = places()
    study, site = f"/studies/{at.study}/", f"/study-sites/{at.site}/"
    asked = [
        *(
            Page("home", "/", person)
            for person in ("project_manager", "cra", "finance", "tmf_specialist", "quality")
        ),
        Page("portfolio", "/portfolio/", "project_manager"),
        Page("portfolio", "/portfolio/", "quality"),
        Page("study overview", study, "project_manager"),
        Page("site list", "/study-sites/", "quality"),
        Page("sites of a study", f"{study}study-sites/", "project_manager"),
        Page("visit list", "/monitoring-visits/", "project_manager"),
        Page("visit list", "/monitoring-visits/", "cra"),
        Page("visit list", "/monitoring-visits/", "quality"),
        Page("document list", "/documents/", "tmf_specialist"),
        Page("document list", "/documents/", "quality"),
        Page("expected documents", "/expected-documents/", "tmf_specialist"),
        Page("trial master file", f"{study}tmf/", "tmf_specialist"),
        Page("subject matrix", f"{study}subject-matrix/", "project_manager"),
        Page("milestones", f"{study}milestones/", "project_manager"),
        Page("milestone list", "/milestones/", "quality"),
        Page("journal", "/journal/", "quality"),
        Page("journal of a study", f"/journal/?study={at.study}", "quality"),
        Page("search", "/search/?q=hospital", "project_manager"),
        Page("search", "/search/?q=hospital", "quality"),
        Page("site", site, "cra"),
        Page("site", site, "project_manager"),
        *(
            Page(f"API {name}", f"{API}/{name}/", person)
            for name in (
                "studies",
                "study-sites",
                "monitoring-visits",
                "documents",
                "expected-documents",
                "subjects",
                "milestones",
            )
            for person in ("project_manager", "quality")
        ),
        Page("API journal", f"{API}/audit-events/", "quality"),
    ]
    return [page for page in asked if exists(page.path)]


def exists(path):
    """True if the product has such a page."""
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return False
    return True


def person(role):
    """Return the first person of a role, as a new request reads them."""
    return User.objects.get(username=f"{role}-0")
