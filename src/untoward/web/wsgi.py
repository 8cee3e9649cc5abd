"""The site for a WSGI server."""

from __future__ import annotations

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "untoward.web.settings")
application = get_wsgi_application()


def _made_ready() -> None:
    """Load what the first visitors of each process would wait for: every page, and the evidence with its rules."""
    from untoward.tasks.knowledge import assessor

    import_module(settings.ROOT_URLCONF)  # and with it all pages
    assessor()


_made_ready()
