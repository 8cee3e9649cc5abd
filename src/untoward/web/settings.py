"""Django's settings, made from ours. Nothing is decided here that `untoward.settings` says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from untoward.settings import Settings, database_parts, mail_parts, read_settings

UNTOWARD: Settings = read_settings()
HERE = Path(__file__).parent


def _database(settings: Settings) -> dict[str, Any]:
    if settings.database_url:
        return {
            "ENGINE": "django.db.backends.postgresql",
            **database_parts(settings.database_url),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        # rw: a file that was moved away is missed, never replaced by an empty one
        "NAME": f"{settings.database_file.absolute().as_uri()}?mode=rw",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # full: a session that was acknowledged survives a power cut
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


UNTOWARD.make_ready()
SECRET_KEY = UNTOWARD.secret_key()
DEBUG = False
ALLOWED_HOSTS = list(UNTOWARD.hosts)
DATABASES = {"default": _database(UNTOWARD)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "registry.User"
ROOT_URLCONF = "untoward.web.urls"
WSGI_APPLICATION = "untoward.web.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "untoward.registry",
    "untoward.web",
]
MIDDLEWARE = [
    "untoward.web.middleware.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "untoward.web.middleware.OnlyText",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "untoward.web.middleware.OwnLanguage",
    "untoward.web.middleware.WhoAndWhere",
    "untoward.web.middleware.OnlyListed",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "untoward.web.context.everywhere",
            ],
            "builtins": ["untoward.web.templatetags.words"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# Sign-in
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "untoward.web.signing_in.OnlyInvited"
SOCIALACCOUNT_ADAPTER = "untoward.web.signing_in.OnlyKnown"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/5m/key,20/10m/ip", "reset_password": "5/h/ip"}
ACCOUNT_PREVENT_ENUMERATION = True
# In the database, so that all processes count the same tries to sign in and know the same codes as used.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "untoward_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not UNTOWARD.https
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "worklist"
if UNTOWARD.openid:
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "site",
                    "name": UNTOWARD.openid["name"],
                    "client_id": UNTOWARD.openid["client_id"],
                    "secret": UNTOWARD.openid["secret"],
                    "settings": {"server_url": UNTOWARD.openid["url"]},
                }
            ]
        }
    }

# Cookies and transport
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = UNTOWARD.https
SECURE_HSTS_SECONDS = 31_536_000 if UNTOWARD.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if UNTOWARD.proxy else None
CSRF_TRUSTED_ORIGINS = [UNTOWARD.public_url]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# Words, files, log
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = "untoward.web.formats"
USE_TZ = True
TIME_ZONE = UNTOWARD.time_zone
STATIC_URL = "/static/"
STATIC_ROOT = UNTOWARD.home / "static"
WHITENOISE_USE_FINDERS = True
EMAIL_FILE_PATH = UNTOWARD.home / "outbox"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if UNTOWARD.mail_url else 'filebased'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS = mail_parts(UNTOWARD.mail_url)
EMAIL_TIMEOUT = 10  # seconds; less than anybody waits for the database
DEFAULT_FROM_EMAIL = UNTOWARD.mail_from
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "untoward.web.logs.WithoutPatients"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
