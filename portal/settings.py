"""The settings, read once from the environment by the typed readers of `portal.env`. README, "Deploy", lists them."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from messaging.gateways.addresses import SMS_SCHEMES, VOICE_SCHEMES
from portal import env
from portal.demo import environment
from portal.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = environment.var_dir()

# ---- How this process is meant. Only `manage.py run_demo` sets "demo"; "production" is what forgetting it means.

MODE = env.choice("PORTAL_MODE", "production", ("production", "demo", "development"))
DEMO = MODE == "demo"
DEBUG = env.flag("DJANGO_DEBUG")

# ---- Keys. The defaults exist so that tests and tools load; portal.checks refuses them outside development.

DEFAULT_KEYS = {
    "DJANGO_SECRET_KEY": b"the-secret-key-of-development-is-known-to-everybody-who-can-read",
    "CODE_KEYS": b"code-key-for-development-only-32",
    "FIELD_ENCRYPTION_KEYS": b"field-key-for-development-only32",
    "PIN_PEPPERS": b"pin-pepper-for-development-only!",
    "BLIND_INDEX_KEY": b"blind-index-for-development-only",
}
SECRET_KEY = env.text("DJANGO_SECRET_KEY", DEFAULT_KEYS["DJANGO_SECRET_KEY"].decode())
CODE_KEYS, FIELD_ENCRYPTION_KEYS, PIN_PEPPERS, BLIND_INDEX_KEY = env.every(
    lambda: env.key_ring("CODE_KEYS", {"dev": DEFAULT_KEYS["CODE_KEYS"]}),
    lambda: env.key_ring("FIELD_ENCRYPTION_KEYS", {"dev": DEFAULT_KEYS["FIELD_ENCRYPTION_KEYS"]}),
    lambda: env.key_ring("PIN_PEPPERS", {"dev": DEFAULT_KEYS["PIN_PEPPERS"]}),
    lambda: env.key("BLIND_INDEX_KEY", DEFAULT_KEYS["BLIND_INDEX_KEY"]),
)

# ---- Where we are reached.

PORT = env.number("PORT", 8000, low=1, high=65535)
PORTAL_URL_GIVEN = bool(env.text("PORTAL_URL"))
PORTAL_URL = env.site("PORTAL_URL", f"http://127.0.0.1:{PORT}")
HOSTS = {"production": [], "demo": [".localhost", "127.0.0.1", "[::1]"], "development": ["*"]}
ALLOWED_HOSTS = env.words("DJANGO_ALLOWED_HOSTS") or [str(urlsplit(PORTAL_URL).hostname), *HOSTS[MODE]]
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, low=0, high=9)

BEHIND_TLS = PORTAL_URL.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0
# Other names under the same domain are not ours to bind (W005, W021), and whoever ends TLS in front of us redirects to
# it (W008).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Longer than anybody stays signed in (accounts/middleware.py): whose session has ended is told so, and known.
SESSION_COOKIE_AGE = 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ---- What we stand on: database, broker, gateways.

DATABASE_URL_GIVEN = bool(env.text("DATABASE_URL"))
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR}/portal.sqlite3", base=BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.address("REDIS_URL", "memory://", schemes=("memory", "redis", "rediss"))

PHONE = f"file://{quote(str(VAR_DIR))}/sms"  # the demo's, which shows text messages and what calls have said
SMS_URL = env.gateways("SMS_URL", PHONE if DEMO else "console:", schemes=SMS_SCHEMES)
VOICE_URL = env.gateways("VOICE_URL", PHONE if DEMO else "", schemes=VOICE_SCHEMES, default_name="voice")
EMAIL_URL = env.text("EMAIL_URL", f"file://{VAR_DIR}/mail" if DEMO else "console:")
ANYMAIL: dict[str, object] = {}
globals().update(env.email("EMAIL_URL", EMAIL_URL))  # EMAIL_BACKEND, EMAIL_HOST and their like
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "card-portal@localhost")
OPERATORS_EMAIL = env.mailbox("OPERATORS_EMAIL")
OPERATORS_LANGUAGE = env.choice("OPERATORS_LANGUAGE", "zh-hans", ("zh-hans", "en"))

# ---- The rooms.

INSTALLED_APPS = [
    "desk.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "vault",
    "cards",
    "messaging",
    "pages",
    "accounts",
    "activation",
    "statements",
    "desk",
    "portal",
]
MIDDLEWARE = [
    "portal.health.Health",
    "portal.metrics.Metrics",
    "portal.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.silent_database.SilentDatabase",
    "pages.middleware.ReadableMiddleware",
    "pages.middleware.ProgrammeMiddleware",
    "pages.middleware.DisplayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignedInTimes",
    "accounts.languages.MessagesInChosenLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "accounts.backends.OneTimeCodeBackend"]
# For staff: cardholders have no password.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username"]},
    },
]
SESSION_ENGINE = "vault.sessions"
CSRF_FAILURE_VIEW = "accounts.views.stale_page.stale_page"
# Every page is small: what is larger than this was not sent by one of our forms.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024

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
                "pages.context.page",
            ]
        },
    }
]
FORM_RENDERER = "pages.renderer.PortalRenderer"
CRISPY_TEMPLATE_PACK = "portal"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("portal",)

# ---- Words and times.

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# ---- Static files. Production serves what `collectstatic` gathered; elsewhere they come from where they are kept.

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / env.text("PORTAL_STATIC", "staticfiles")
if MODE != "production":
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = MODE != "production"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "pages.static_files.StaticFiles"
        if MODE == "production"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# ---- Logs and metrics.

LOG_LEVEL = env.choice("LOG_LEVEL", "WARNING" if DEMO else "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = logging_config(LOG_LEVEL, as_json=MODE == "production")
METRICS_TOKEN = env.text("METRICS_TOKEN")
