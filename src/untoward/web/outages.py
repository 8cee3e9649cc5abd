"""The page for when the database or a disk fails: made without asking the database, with everything that was typed kept on it."""

from __future__ import annotations

import errno

from django.core.exceptions import SuspiciousOperation
from django.db import DataError, Error, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from untoward.tasks.site_words import meaning
from untoward.web.views.style import sheet_version

RETRY_SECONDS = "10"
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})
_NEVER_KEPT = "/sign-in/"
"""Forms below this address hold passwords and codes."""


def outage_page(error: BaseException | None, request: HttpRequest | None = None) -> HttpResponse | None:
    """What happened and that nothing is lost, as 503; None where the error is none of the database or the disk.

    To be asked by the handler of broken requests, before it renders anything that knows who is signed in. A form that was sent
    stands on the page again, ready to be sent once more. For htmx it is one paragraph: the form is still on the page there.
    """
    if not _is_outage(error):
        return None
    short = request is not None and request.headers.get("HX-Request") == "true"
    typed, files = _sent(request)
    context = {
        "meaning": meaning(error),  # type: ignore[arg-type]
        "style_version": sheet_version(),
        "typed": typed,
        "files": files,
        "action": request.get_full_path() if request is not None else "",
    }
    page = render_to_string("outage_short.html" if short else "outage.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_SECONDS})


def _is_outage(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in _OF_THE_DISK
    return isinstance(error, Error) and not isinstance(error, (IntegrityError, DataError))


def _sent(request: HttpRequest | None) -> tuple[list[tuple[str, str]], list[str]]:
    """Every field of the form that was sent, and the names of the fields with files, which must be chosen again."""
    if request is None or request.method != "POST" or request.path.startswith(_NEVER_KEPT):
        return [], []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        return fields, list(request.FILES)
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return [], []
