"""Settings, read from the environment. Every variable is documented in `.env.example`.

The defaults are the safe ones for a deployment: what has no safe default (secrets, servers,
host names) must be given, and the start fails with its name when it is not. `make run`,
`make test` and `manage.py` on a developer's machine give them through `deploy.launcher`.
"""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.logs import logging_configuration

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What a deployment must give -------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASE_URL = env.str("DATABASE_URL")
REDIS_URL = env.str("REDIS_URL")
# Fernet keys of the encrypted personal fields: the first encrypts, all of them decrypt.
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS")
# Key of the digests by which an encrypted field is looked up.
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY")
# The address under which people reach the product, without a slash at its end.
SITE_URL = env.str("SITE_URL")

# --- What a deployment may give --------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# Every page says that its data is invented.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
# /components/ shows what pages are made of; off, there is no such address.
COMPONENT_CATALOGUE = env.bool("COMPONENT_CATALOGUE", default=DEBUG)
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=True)
# Reverse proxies in front that may be believed (they set X-Forwarded-For and -Proto).
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# Static files were collected into STATIC_ROOT (the image does); otherwise found as they lie.
COLLECTED_STATIC = env.bool("COLLECTED_STATIC", default=True)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
# What a monitor shows to read /metrics; empty: there is no such address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# While this file exists, every page says "closed for maintenance"; empty: there is no such switch.
MAINTENANCE_FILE = env.str("MAINTENANCE_FILE", default="")

# --- Applications ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "courts",
    "notices",
    "escalation",
    "cases",
    "liaison",
    "workorders",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "axes",
    "csp",
    "django_fsm",
    "django_htmx",
    "django_structlog",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "courts.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "courts.maintenance.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "courts.middleware.RefusedMiddleware",
    # Last: it turns a sign-in refused for too many attempts into its answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "courts.navigation.navigation",
                "notices.context.bell",
            ],
        },
    },
]

FORM_RENDERER = "courts.form_renderer.FormRenderer"

# --- Database, cache, sessions ---------------------------------------------------------------
DATABASES = {
    "default": env.db_url_config(DATABASE_URL)
    | {
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        # A service opens the transaction it needs; a page that only reads opens none.
        "ATOMIC_REQUESTS": False,
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
    }
}
# Not cached: a sign-out must hold whatever becomes of the cache, and pages must outlive it.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- Sign-in ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "courts.Person"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "sign_in"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
# One person from one address: a stranger elsewhere cannot lock a judge out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # a locked name opens by itself; `manage.py axes_reset` opens it sooner
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "courts.client_address.client_ip"

# --- Transport and browser security ----------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS_ONLY
# Container health checks come by plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_HTTPONLY = False  # htmx sends the token from the page, scripts may read it
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Static files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if COLLECTED_STATIC else None
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- E-mail ----------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="litigation-service@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# What staff are told by e-mail: "outside" is the number, the limit and "sign in" only; "inside"
# is everything, for mail that never leaves the court's network. Parties are told "outside" always.
EMAIL_CONTENT_LEVEL = env.str("EMAIL_CONTENT_LEVEL", default="outside")
# Attempts at one e-mail before it is given up; from the ninth on they are four hours apart.
EMAIL_MAX_ATTEMPTS = env.int("EMAIL_MAX_ATTEMPTS", default=16)

# --- Other gateways --------------------------------------------------------------------------
# Channels outside the application in order of preference: the first that a recipient can take and
# has not refused is used; where it gives up, the next. Staff see every notice in the application.
STAFF_CHANNELS = env.list("STAFF_CHANNELS", default=["email"])
PARTY_CHANNELS = env.list("PARTY_CHANNELS", default=["email"])
# How many messages a second all workers together may send, and what one costs: "sms=50", and
# "sms=0.045 CNY".
GATEWAY_RATES = env.dict("GATEWAY_RATES", default={})
GATEWAY_PRICES = env.dict("GATEWAY_PRICES", default={})
# Seconds that a gateway may take to answer, messages under way together, attempts at one message.
GATEWAY_TIMEOUT = env.float("GATEWAY_TIMEOUT", default=10.0)
GATEWAY_IN_FLIGHT = env.int("GATEWAY_IN_FLIGHT", default=8)
GATEWAY_MAX_ATTEMPTS = env.int("GATEWAY_MAX_ATTEMPTS", default=12)
# A proxy through which HTTP gateways are spoken to; empty: directly.
GATEWAY_PROXY = env.str("GATEWAY_PROXY", default="")
# After so many minutes out of order, what waits for a gateway goes through the next channel.
FALL_OVER_MINUTES = env.int("FALL_OVER_MINUTES", default=60)
# Text messages: the provider's shape (notices/gateways/shapes/sms_*.toml) and what it wants.
SMS_PROVIDER = env.str("SMS_PROVIDER", default="plain")
SMS_URL = env.str("SMS_URL", default="")
SMS_ACCOUNT = env.str("SMS_ACCOUNT", default="")
SMS_SECRET = env.str("SMS_SECRET", default="")
SMS_OPTIONS = env.dict("SMS_OPTIONS", default={})
SMS_PARAMS = env.dict("SMS_PARAMS", default={})
SMS_RECEIPT_SECRET = env.str("SMS_RECEIPT_SECRET", default="")
# The WeChat official account: its template, and which fields hold what ("thing1=subject").
WECHAT_URL = env.str("WECHAT_URL", default="https://api.weixin.qq.com")
WECHAT_APP_ID = env.str("WECHAT_APP_ID", default="")
WECHAT_APP_SECRET = env.str("WECHAT_APP_SECRET", default="")
WECHAT_TEMPLATE = env.str("WECHAT_TEMPLATE", default="")
WECHAT_FIELDS = env.dict("WECHAT_FIELDS", default={})
WECHAT_TOKEN = env.str("WECHAT_TOKEN", default="")
# Servers of chat bots beside the public ones of WeCom, DingTalk and Feishu.
CHAT_HOSTS = env.list("CHAT_HOSTS", default=[])
# The court's own messenger, which is told in a signed call who is to be told what.
WEBHOOK_URL = env.str("WEBHOOK_URL", default="")
WEBHOOK_SECRET = env.str("WEBHOOK_SECRET", default="")
# A Maildir into which the mail server puts returned mail; empty: none is read.
BOUNCE_MAILDIR = env.str("BOUNCE_MAILDIR", default="")

# --- Background work -------------------------------------------------------------------------
# Nothing that matters hangs on one queued message: due work is rows in the database, and the
# next sweep finds it again. So messages expire, and results are not kept.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("BROKER_VISIBILITY_TIMEOUT", default=600),
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
# Kept in memory: every entry is repeated and harmless to run again, so no file is worth losing.
CELERY_BEAT_SCHEDULER = "config.beat:SteadyScheduler"
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=60)
DELIVERY_SECONDS = env.int("DELIVERY_SECONDS", default=15)
IMPORT_SECONDS = env.int("IMPORT_SECONDS", default=60)
EXPORT_SECONDS = env.int("EXPORT_SECONDS", default=15)
SUMMARY_SECONDS = env.int("SUMMARY_SECONDS", default=60)
# Days for which a file of the standing book is kept for the one who asked for it.
EXPORT_KEEP_DAYS = env.int("EXPORT_KEEP_DAYS", default=7)
COMPLETION_SECONDS = env.int("COMPLETION_SECONDS", default=300)
CELERY_BEAT_SCHEDULE = {
    "sweep the clocks": {
        "task": "escalation.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "count clocks anew after a change of the calendar": {
        "task": "escalation.tasks.retime",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    **{
        f"deliver notices that are due: {channel}": {
            "task": "notices.tasks.deliver_due",
            "args": (channel,),
            "schedule": DELIVERY_SECONDS,
            "options": {"expires": DELIVERY_SECONDS},
        }
        # E-mail always, for what was put in line before the channels were changed.
        for channel in dict.fromkeys(["in_app", "email", *STAFF_CHANNELS, *PARTY_CHANNELS])
    },
    "remove the sessions that are over": {
        "task": "courts.tasks.clear_sessions",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"expires": 60 * 60},
    },
    "read returned mail": {
        "task": "notices.tasks.read_bounces",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "warn that the schedule of a year is missing": {
        "task": "escalation.tasks.warn_of_unannounced_year",
        "schedule": crontab(hour="9", minute="0"),
        "options": {"expires": 60 * 60},
    },
    "count anew the days that changed or have ended": {
        "task": "reports.tasks.refresh_summaries",
        "schedule": SUMMARY_SECONDS,
        "options": {"expires": SUMMARY_SECONDS},
    },
    "draft the assessment sheets of the year": {
        "task": "reports.tasks.draft_assessment",
        "schedule": crontab(hour="5", minute="0"),
        "options": {"expires": 60 * 60},
    },
    "import files of the trial business system": {
        "task": "cases.tasks.import_files",
        "schedule": IMPORT_SECONDS,
        "options": {"expires": IMPORT_SECONDS},
    },
    # Before the briefing is drafted; searched once all the same.
    "propose the issues of last month": {
        "task": "reports.tasks.propose_issues",
        "schedule": crontab(day_of_month="1-6", hour="0", minute="40"),
        "options": {"expires": 60 * 60},
    },
    "draw the watch lists of the month": {
        "task": "reports.tasks.draw_watch_lists",
        "schedule": crontab(hour="6", minute="50"),
        "options": {"expires": 60 * 60},
    },
    # A few mornings, so that no month is lost with one of them; proposed once all the same.
    "propose the interviews of last month's ranking": {
        "task": "reports.tasks.propose_interviews",
        "schedule": crontab(day_of_month="2-6", hour="6", minute="20"),
        "options": {"expires": 60 * 60},
    },
    "look back at closed agenda matters": {
        "task": "reports.tasks.look_back",
        "schedule": crontab(hour="6", minute="40"),
        "options": {"expires": 60 * 60},
    },
    "write files of the standing book": {
        "task": "reports.tasks.write_exports",
        "schedule": EXPORT_SECONDS,
        "options": {"expires": EXPORT_SECONDS},
    },
    "ask for files of the standing book that are due": {
        "task": "reports.tasks.ask_for_due_exports",
        "schedule": crontab(minute="5"),
        "options": {"expires": 60 * 60},
    },
    "remove files of the standing book": {
        "task": "reports.tasks.remove_old_exports",
        "schedule": crontab(minute="20"),
        "options": {"expires": 60 * 60},
    },
    "complete replied orders left undisputed": {
        "task": "workorders.tasks.complete_due",
        "schedule": COMPLETION_SECONDS,
        "options": {"expires": COMPLETION_SECONDS},
    },
    # From the first business day of a month on; it drafts what is not drafted yet.
    "draft the monthly briefings": {
        "task": "reports.tasks.draft_briefings",
        "schedule": crontab(minute="20", hour="6-20"),
        "options": {"expires": 60 * 60},
    },
}

# --- Machine interface -----------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["courts.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["courts.api.authentication.MachineThrottle"],
    "DEFAULT_THROTTLE_RATES": {"machine": "600/min", "public": "60/min"},
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["courts.api.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "courts.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Litigation service requests",
    "DESCRIPTION": "Register and follow requests of parties to the courts, and count their limits.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Fields called "state" say different things; each gets a name of its own in the schema.
    "ENUM_NAME_OVERRIDES": {
        "RequestState": "liaison.lifecycle.RequestState",
        "ClockState": ["running", "due_today", "late", "done"],
        "DayKind": ["working", "weekend", "holiday", "make_up", "closed", "opened"],
        "Office": [
            "department_leader",
            "deputy_president",
            "filing_chamber",
            "handler",
            "liaison_officer",
            "president",
            "superior_president",
        ],
    },
}

# --- Logs ------------------------------------------------------------------------------------
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING = logging_configuration(LOG_LEVEL)
