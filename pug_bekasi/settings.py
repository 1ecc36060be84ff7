"""All settings, from the environment alone, with safe defaults. The README's table lists what may be set."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool = False) -> bool:
    return env(name, str(default)).lower() in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    value = env(name, str(default))
    if not value.isdecimal():
        raise SystemExit(f"{name} harus berupa angka.")
    return int(value)


def env_list(name: str, default: str) -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


# --- What this installation is
DATA_DIR = Path(env("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env_bool("DEBUG")
DEMO = env_bool("DEMO")
SITE_URL = env("SITE_URL", "http://localhost:8000").rstrip("/")  # the host of every QR code and mail
_site = urlsplit(SITE_URL)
SECURE = _site.scheme == "https"
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", f"{_site.hostname},localhost,127.0.0.1")


def kept_secret_key() -> str:
    """For the demo and developers: made once, kept in DATA_DIR. A server under https must bring its own."""
    if SECURE:
        raise SystemExit("SECRET_KEY belum diisi. Isi dengan teks acak yang panjang di lingkungan ini.")
    file = DATA_DIR / "secret_key"
    if not file.exists():
        # A complete file appears under its name in one step, and the first of two processes wins.
        with tempfile.NamedTemporaryFile("w", dir=DATA_DIR) as draft:  # mode 0600
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with contextlib.suppress(FileExistsError):
                file.hardlink_to(draft.name)
    return file.read_text()


SECRET_KEY = env("SECRET_KEY") or kept_secret_key()
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS", "")

# --- Apps and requests
INSTALLED_APPS = [
    "pug_bekasi.apps.PugBekasiConfig",
    "agencies",
    "commitments",
    "pug_bekasi.apps.MasterDataConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "pug_bekasi.apps.ServedFilesConfig",  # django.contrib.staticfiles
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "import_export",
    "simple_history",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pug_bekasi.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds random bytes, so that lengths tell nothing of the CSRF token
    "csp.middleware.CSPMiddleware",
    "pug_bekasi.middleware.chosen_language",  # before anything says a sentence
    "pug_bekasi.middleware.refuse_large_bodies",
    "pug_bekasi.middleware.refuse_unreadable_input",  # before anything reads the input
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pug_bekasi.middleware.explain_wrong_method",
    "pug_bekasi.middleware.back_after_login",  # around the one that sends to the login page
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pug_bekasi.middleware.ask_second_factor",
    "pug_bekasi.middleware.note_last_seen",
    "pug_bekasi.identity.known_devices.hand_out",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "pug_bekasi.urls"
WSGI_APPLICATION = "pug_bekasi.wsgi.application"
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
                "pug_bekasi.context_processors.shell",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # names stay on the server
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # a drawing of 20,000 points is about 0.7 MB
# A file that somebody sends stays in memory and is never on the disk, not even for the time of a request. Larger
# bodies are refused by their announced length, before they are read.
LARGEST_FILE = 20 * 2**20
LARGEST_BODY = FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_FILE + 100_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000


# --- Data
def database(url: str) -> dict[str, Any]:
    """SQLite in DATA_DIR when the URL is empty, else postgresql://user:password@host:port/name?sslmode=require.

    What follows the question mark goes to libpq; `?host=/run/postgresql` names a socket's folder.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "db.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},  # threads fail at random on one in memory
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SystemExit("DATABASE_URL harus berupa postgresql://… atau kosong (SQLite).")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    # One connection a thread of gunicorn, kept open by the pool; CONN_MAX_AGE has to stay 0 beside it.
    pool = {"min_size": 1, "max_size": env_int("DATABASE_POOL", 8), "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        # The server keeps a statement after its third use on a connection: a third less work for it at the sign POST.
        "OPTIONS": options | {"pool": pool, "server_side_binding": True, "prepare_threshold": 3},
        "CONN_HEALTH_CHECKS": True,  # a restart of the server costs nobody an error page
    }


DATABASES = {"default": database(env("DATABASE_URL"))}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",  # made by migrate
        # When full, a third is thrown away, and with it who has failed how often: keep it hard to fill.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
MEDIA_ROOT = DATA_DIR / "files"  # private: nothing serves it by address
FILE_UPLOAD_PERMISSIONS = 0o600
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns before the first collectstatic
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "pug_bekasi.staticfiles.ServedFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Language and time: Indonesian is the language of the source
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

# --- Login
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["pug_bekasi.identity.backend.OneCheck"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "commitments:tasks"
ACCOUNT_ADAPTER = "pug_bekasi.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = [
    "username*",
    "email",
    "password1*",
]  # else the login asks for no password
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator enters the address
ACCOUNT_FORMS = {
    "login": "pug_bekasi.forms.LoginForm",
    "change_password": "pug_bekasi.forms.ChangePasswordForm",
    "reauthenticate": "pug_bekasi.identity.forms.ReauthenticatePasswordForm",
    "reset_password": "pug_bekasi.forms.ResetPasswordForm",
    "reset_password_from_key": "pug_bekasi.forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "commitments:landing"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
# A hall of 75 people is one address to the server: no limit is by address, as allauth's own are. "key" is the
# name or mail address typed, "user" the one logged in. The database cache counts for all workers.
ACCOUNT_RATE_LIMITS = {
    "change_password": "5/m/user",
    "change_phone": None,
    "confirm_email": None,
    "login": None,
    "login_failed": "6/5m/key",
    "manage_email": None,
    "reauthenticate": None,
    "request_login_code": None,
    "reset_password": None,  # by mailbox instead
    "reset_mailbox": "3/10m/key",
    "mail_to_strangers": "30/h/key",
    "reset_password_from_key": None,
    "signup": None,
    "verify_phone": None,
}
# Second factor: an app that counts (TOTP), or a passkey, which is two factors by itself; recovery codes for both.
MFA_ADAPTER = "pug_bekasi.identity.factors.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    name: f"pug_bekasi.identity.forms.{form}"
    for name, form in {
        "authenticate": "AuthenticateForm",
        "reauthenticate": "ReauthenticateForm",
        "activate_totp": "ActivateTOTPForm",
        "add_webauthn": "AddWebAuthnForm",
        "edit_webauthn": "EditWebAuthnForm",
        "authenticate_webauthn": "AuthenticateWebAuthnForm",
        "login_webauthn": "LoginWebAuthnForm",
        "reauthenticate_webauthn": "ReauthenticateWebAuthnForm",
    }.items()
}
MFA_TOTP_ISSUER = "Komitmen PUG"
MFA_TOTP_PERIOD = 30  # seconds
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RECOVERY_CODE_COUNT = 10
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator enters the address
MFA_RATE_LIMITS = {"webauthn_login": None}  # nothing can be guessed, and a hall is one address

# --- Mail
EMAIL_HOST = env("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env_int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", f"komitmen-pug@{_site.hostname}")

# --- Whom to write to
PRIVACY_CONTACT = env("PRIVACY_CONTACT")  # on the page about privacy
SECURITY_CONTACT = env("SECURITY_CONTACT")  # in security.txt

# --- The seal on final papers
SEAL_DIR = Path(env("SEAL_DIR", str(DATA_DIR / "seal"))).resolve()
SEAL_KEY_PASSPHRASE = env("SEAL_KEY_PASSPHRASE")
TIMESTAMP_URL = env("TIMESTAMP_URL")
TIMESTAMP_SECONDS: float = 10  # all in all, from the connection to the last byte

# --- Doors
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
DEVICE_COOKIE_NAME, DEVICE_COOKIE_AGE = "perangkat", 180 * 24 * 3600  # seconds
CSRF_FAILURE_VIEW = "pug_bekasi.views.csrf_failure"
if SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    LANGUAGE_COOKIE_NAME, DEVICE_COOKIE_NAME = "__Host-language", "__Host-perangkat"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^sehat/$"]  # the load balancer asks on the inside
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env_bool("TLS_PROXY", default=True):
        # The proxy in front ends TLS and overwrites this header, whatever the client sent.
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ALLAUTH_TRUSTED_PROXY_COUNT = 1  # and so X-Forwarded-For; shown to the owner of a session

# --- Logs: without query strings, bodies or names
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "pug_bekasi.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Django's own handlers would mail the request, with everything in it, to administrators.
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
