"""All addresses: the composition root."""

from django.urls import include, path, re_path

from ctms.api.urls import api_urls
from ctms.errors import absent
from ctms.health import healthz
from ctms.pages.journal import journal_page
from ctms.pages.urls import page_urls
from desk.views import home
from desk.workload.views import workload

urlpatterns = [
    re_path(r"^healthz/?$", healthz, name="healthz"),
    path("", home, name="home"),
    # Accounts are made, and their addresses kept, by administrators alone: what the library has for it is not there.
    path("accounts/signup/", absent),
    path("accounts/email/", absent),
    path("accounts/confirm-email/", absent),
    path("accounts/confirm-email/<str:key>/", absent),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include(api_urls())),
    path("journal/", journal_page, name="journal"),
    path("portfolio/", include("desk.portfolio.urls")),
    path("workload/", workload, name="workload"),
    path("portal/", include("desk.portal.urls")),
    path("inspection/", include("desk.inspection.urls")),
    path("", include("ctms.exchange.urls")),
    path("", include("ctms.reports.urls")),
    path("", include("ctms.search.urls")),
    path("", include("studies.urls")),
    path("", include("sites.urls")),
    path("", include("documents.urls")),
    path("", include("subjects.urls")),
    path("", include("monitoring.urls")),
    path("", include("finance.urls")),
    path("", include(page_urls())),
]

handler404 = "ctms.errors.not_found"
handler500 = "ctms.errors.server_error"
handler400 = "ctms.errors.bad_request"
handler403 = "ctms.errors.forbidden"
