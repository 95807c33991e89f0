"""Settings: one file for every place the product runs; what differs comes from the environment.

`CTMS_DEMO=1` (set by the launcher and the tests) allows plain http and writes mail into a folder;
everything else is the same in the demo, in the tests and in production.
"""

import os
from pathlib import Path

import orjson
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def from_environment(name, default=None):
    """Return an environment variable; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


DEMO = from_environment("CTMS_DEMO", "0") == "1"
VAR = Path(from_environment("CTMS_VAR", str(BASE_DIR / "var")))

SECRET_KEY = from_environment("CTMS_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = from_environment("CTMS_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = from_environment("CTMS_BASE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "ctms.files.apps.HouseStaticFilesConfig",
    "django.contrib.postgres",
    "django.contrib.humanize",  # allauth's page of security keys says how long ago
    "django.forms",
    "pgtrigger",
    "pghistory",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    # The kernel, bottom up.
    "ctms.audit",
    "ctms.access",
    "ctms.accounts",
    "ctms.numbering",
    "ctms.files.apps.FilesConfig",
    "ctms.jobs",
    "ctms.signatures",
    "ctms.workflow",
    "ctms.notices",
    "ctms.reports",
    "ctms.imports",
    "ctms.pages",
    "ctms.search",
    "ctms.exchange",
    "ctms.api",
    # The service areas, bottom up.
    "directory",
    "studies",
    "sites",
    "documents",
    "subjects",
    "monitoring",
    "finance",
    "desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ctms.pages.compressing.CompressingMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ctms.audit.context.ThroughMiddleware",
    "ctms.accounts.idle.IdleTimeoutMiddleware",
    "ctms.accounts.zone.TimeZoneMiddleware",
    "ctms.search.opened.OpenedMiddleware",
    "ctms.pages.middleware.RefusalMiddleware",
    # Last, next to the page itself: who it was shown to is known, and nothing has been sent.
    "ctms.pages.viewed.ViewedMiddleware",
]

ROOT_URLCONF = "ctms.urls"
WSGI_APPLICATION = "ctms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ctms.pages.frame.frame",
            ],
            "builtins": ["ctms.pages.templatetags.shown", "ctms.pictures.templatetags.pictures"],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": from_environment("CTMS_DB_NAME", "ctms"),
        "USER": from_environment("CTMS_DB_USER", "ctms_app"),
        "PASSWORD": from_environment("CTMS_DB_PASSWORD", ""),
        "HOST": from_environment("CTMS_DB_HOST", "127.0.0.1"),
        "PORT": from_environment("CTMS_DB_PORT", "5432"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Transactions are opened where a change begins (audit.acting_as), never around a whole request:
        # the proof of a failed signature must survive the refusal.
        "ATOMIC_REQUESTS": False,
        # PgBouncer in transaction mode cannot keep server-side cursors between transactions.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": from_environment("CTMS_CACHE_URL", "redis://127.0.0.1:6379/1"),
        # Whoever cannot be asked at once is not waited for.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

# --- who is there -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "ctms.accounts.backend.SignInBackend",
    "ctms.access.backend.RoleBackend",
]
ANONYMOUS_USER_NAME = None
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "ctms.accounts.passwords.NotUsedBefore", "OPTIONS": {"remembered": 8}},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "ctms.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # whoever has no account gets no mail from here, whoever asks for it
ACCOUNT_FORMS = {
    "change_password": "ctms.accounts.forms.ChangePasswordForm",
    "reset_password": "ctms.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "ctms.accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# 21 CFR 11.300(d): repeated failures lock and are reported (SecurityEvent).
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/5m/ip,5/15m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"

# Not through the cache: who is signed in goes on working, and signs, while Valkey is away.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# What one person was told and has not read yet ends with their session: a cookie would tell it to the next one.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ctms.errors.not_from_here"
IDLE_TIMEOUT_MINUTES = int(from_environment("CTMS_IDLE_TIMEOUT_MINUTES", "20"))
PROOF_LIFETIME_SECONDS = 60

# --- what the browser may do ------------------------------------------------------------------------

SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
if not DEMO:
    SECURE_SSL_REDIRECT = from_environment("CTMS_SSL_REDIRECT", "1") == "1"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz/?$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- files ------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(
        (prefix, folder)
        for prefix, folder in (
            ("tabler/css", NODE_MODULES / "@tabler/core/dist/css"),
            ("tabler/js", NODE_MODULES / "@tabler/core/dist/js"),
            ("inter", NODE_MODULES / "@fontsource-variable/inter/files"),
            ("tom-select/css", NODE_MODULES / "tom-select/dist/css"),
            ("tom-select/js", NODE_MODULES / "tom-select/dist/js"),
        )
        if folder.is_dir()
    ),
]
if from_environment("CTMS_STORAGE_BUCKET", ""):
    FILE_STORAGE = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["CTMS_STORAGE_BUCKET"],
            "endpoint_url": os.environ.get("CTMS_STORAGE_ENDPOINT") or None,
            "access_key": os.environ.get("CTMS_STORAGE_ACCESS_KEY"),
            "secret_key": os.environ.get("CTMS_STORAGE_SECRET_KEY"),
            "file_overwrite": False,
            "default_acl": None,
        },
    }
else:
    FILE_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR / "files"), "base_url": None},
    }
STORAGES = {
    "default": FILE_STORAGE,
    "staticfiles": {"BACKEND": f"ctms.files.static.{'Quick' if DEMO else 'Compressed'}ManifestStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "zip",
    "gz",
    "br",
    "woff",
    "woff2",
    "map",
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- words and clocks -------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# The product speaks English: to look up every word in catalogs that change none was a sixth of making a page.
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
DATE_FORMAT = "j M Y"
HOUSE_COUNTRY = from_environment("CTMS_HOUSE_COUNTRY", "GB")

# --- work outside the request -----------------------------------------------------------------------

CELERY_BROKER_URL = from_environment("CTMS_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Waking a worker is a courtesy: the row in jobs.Job is the promise, and beat wakes what was missed.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BEAT_SCHEDULE = {
    "wake waiting jobs": {"task": "ctms.jobs.wake_waiting", "schedule": 15.0},
    "plan what is due": {"task": "ctms.jobs.plan_due", "schedule": 60.0},
}

EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if DEMO
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = from_environment("CTMS_EMAIL_HOST", "localhost")
EMAIL_PORT = int(from_environment("CTMS_EMAIL_PORT", "25"))
EMAIL_HOST_USER = from_environment("CTMS_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = from_environment("CTMS_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = from_environment("CTMS_EMAIL_TLS", "0") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = from_environment("CTMS_EMAIL_FROM", "ctms@localhost")

# --- history ----------------------------------------------------------------------------------------

PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="events", db_index=True)
# Where verify_audit keeps its chained digests; production mounts write-once storage here.
AUDIT_SEAL_DIR = Path(from_environment("CTMS_AUDIT_SEAL_DIR", str(VAR / "seals")))

# --- API --------------------------------------------------------------------------------------------

# A number a sec, min or hour: of one token, and of one person through all of them.
API_TOKEN_RATE = from_environment("CTMS_API_TOKEN_RATE", "1500/min")
API_RATE = from_environment("CTMS_API_RATE", "3000/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ctms.api.tokens.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "ORJSON_RENDERER_OPTIONS": (orjson.OPT_UTC_Z,),
    "DEFAULT_RENDERER_CLASSES": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ctms.api.parsing.RecordParser"],
    "DEFAULT_PAGINATION_CLASS": "ctms.api.paging.CursorPaging",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "ctms.api.schema.HouseSchema",
    "DEFAULT_THROTTLE_CLASSES": ["ctms.api.throttling.Throttle"],
    "URL_FORMAT_OVERRIDE": None,  # one format; `?format=` is a parameter nobody knows
    "EXCEPTION_HANDLER": "ctms.api.errors.as_problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CTMS",
    "DESCRIPTION": "Clinical trial management: the same records, rules and permissions as the pages.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Every operation and every schema written out at once took a browser half a minute: one opens what one looks for.
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "docExpansion": "none",
        "defaultModelsExpandDepth": 0,
        "filter": True,
    },
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "ctms.api.schema.add_shared_answers",
    ],
    "ENUM_NAME_OVERRIDES": {
        "PrecisionEnum": "ctms.calendar.partial_dates.Precision",
        "OrganizationKindEnum": "directory.models.OrganizationKind",
        "MilestoneKindEnum": "studies.models.MilestoneKind",
        "MaskingEnum": "studies.models.spine.Masking",
        "SiteRoleEnum": "sites.models.SiteRole",
        "ContactKindEnum": "sites.models.ContactKind",
        "EndReasonEnum": "subjects.models.EndReason",
        "VisitTypeEnum": "monitoring.models.VisitType",
        "VisitMethodEnum": "monitoring.models.Method",
        "LetterKindEnum": "monitoring.models.LetterKind",
        "SendingMethodEnum": "monitoring.models.letters.SendingMethod",
        "TemplateStatusEnum": "monitoring.models.TemplateStatus",
        "FeeKindEnum": "finance.models.FeeKind",
        "BudgetLineKindEnum": "finance.models.BudgetLineKind",
        "BudgetVersionKindEnum": "finance.models.VersionKind",
    },
}

# A webhook calls public addresses only; the demo and the tests listen on the machine itself.
WEBHOOKS_MAY_CALL_LOOPBACK = DEMO

FILTERS_EMPTY_CHOICE_LABEL = "All"


def FILTERS_VERBOSE_LOOKUPS():  # noqa: N802 - the name django-filter looks for
    """How a filter's label says what it compares: `Planned from`, `Planned to`."""
    from django_filters.conf import DEFAULTS

    return DEFAULTS["VERBOSE_LOOKUPS"] | {"gte": "from", "lte": "to"}


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"fontTools": {"level": "WARNING"}, "weasyprint": {"level": "ERROR"}},
}

SILENCED_SYSTEM_CHECKS = [
    # guardian's own backend is not used: access/backend.py answers from assignments.
    "guardian.W001",
]
