"""Settings of the web process. Five environment variables change them; everything else is one safe default.

OPENTRACTION_DATA          folder of the database, the key and the recordings (./var)
OPENTRACTION_DATABASE_URL  postgresql://user:password@host:port/name instead of the embedded SQLite
OPENTRACTION_HOSTS         further host names the console answers to, separated by commas
OPENTRACTION_HTTPS         1 when a TLS proxy stands in front: cookies then travel over HTTPS only
OPENTRACTION_SOCKET        Unix socket of the table process (DATA/table.socket)
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

DATA = Path(os.environ.get("OPENTRACTION_DATA", "var")).absolute()
TABLE_SOCKET = Path(os.environ.get("OPENTRACTION_SOCKET", str(DATA / "table.socket")))
SPINE_SOCKET = Path(os.environ.get("OPENTRACTION_SPINE_SOCKET", str(TABLE_SOCKET.with_name("spine.socket"))))
HTTPS = os.environ.get("OPENTRACTION_HTTPS", "") == "1"


def _secret_key(folder: Path) -> str:
    """The signing key, made on the first start and readable by its owner alone; it is there whole or not at all."""
    path = folder / "secret-key"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        part = folder / f"secret-key.{secrets.token_hex(8)}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another console was quicker
            os.link(part, path)
        part.unlink()
    return path.read_text("utf-8").strip()


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SystemExit("OPENTRACTION_DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {},
    }


def _sqlite(folder: Path) -> dict[str, Any]:
    """Embedded: readers never wait (WAL), writers queue (IMMEDIATE), a commit survives power loss (FULL)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "clinic.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


SECRET_KEY = os.environ.get("OPENTRACTION_SECRET_KEY") or _secret_key(DATA)
DATABASE_URL = os.environ.get("OPENTRACTION_DATABASE_URL", "")
DATABASES = {"default": _postgresql(DATABASE_URL) if DATABASE_URL else _sqlite(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, os.environ.get("OPENTRACTION_HOSTS", "").split(",")),
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "opentraction.clinic",
    "opentraction.clinic.directory",
    "opentraction.clinic.intake",
    "opentraction.clinic.consents",
    "opentraction.clinic.outcomes",
    "opentraction.clinic.home",
    "opentraction.clinic.portal",
    "opentraction.clinic.learning",
    "opentraction.clinic.agenda",
    "opentraction.clinic.courses",
    "opentraction.clinic.billing",
    "opentraction.clinic.pathways",
    "opentraction.clinic.records",
    "opentraction.clinic.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "opentraction.clinic.headers.guarded_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "opentraction.clinic.language.ForItsReader",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "opentraction.clinic.api.keyed.Keyed",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "opentraction.clinic.seats.Seated",
    "opentraction.clinic.no_nul.NoNul",
    "opentraction.clinic.asked_once.asking_once",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "opentraction.clinic.urls"
ASGI_APPLICATION = "opentraction.app.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "opentraction.clinic.context.console",
            ]
        },
    }
]

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # from before; each is renewed at its next sign-in
]
OTP_TOTP_ISSUER = "OpenTraction"
OTP_TOTP_THROTTLE_FACTOR = 0  # wrong codes are counted with wrong passwords, in actions/signing_in.py
AUTHENTICATION_BACKENDS = ["opentraction.clinic.known_user.KnownUser"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
USE_I18N = True
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [Path(__file__).parents[1] / "clinic/locale"]
FORMAT_MODULE_PATH = ["opentraction.clinic.formats"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
USE_TZ = True
TIME_ZONE = "UTC"  # pages say so beside each time

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "opentraction.clinic.versioned_files.Versioned"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0  # asked for again, so that a page never runs with an old script, but for versioned_files.py

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "opentraction.clinic.views.account.csrf_refused"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 3600 * 24 * 365 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
# Subdomains and the browsers' preload list are for whoever owns the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "opentraction": {"handlers": ["console"], "level": "INFO"},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
