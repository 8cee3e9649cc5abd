"""The site's settings for tests: a home of its own that is gone afterwards, quick passwords, nothing sent anywhere."""

import atexit
import os
import shutil
import tempfile

_HOME = tempfile.mkdtemp(prefix="untoward-test-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ["UNTOWARD_HOME"] = _HOME

from untoward.web.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
