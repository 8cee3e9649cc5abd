"""Every address of a running demonstration asked for once as each role, like a browser would; one line of JSON for each."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

from untoward.registry.roles import Role
from untoward.tasks.site import open_site

NOBODY, NO_LINK = "nobody", "no-such-link"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SUBJECTS = (
    ("session", "Session"), ("patient", "Patient"), ("case", "Reaction"), ("reaction", "Reaction"), ("lot", "Lot"),
    ("vial", "Vial"), ("recall", "Recall"), ("practitioner", "Practitioner"), ("photo", "Photo"),
    ("product", "Product"), ("recipe", "Recipe"), ("check-in", "CheckIn"), ("passport", "Session"),
    ("investigation", "Investigation"), ("consent-text", "ConsentText"), ("consent", "Consent"), ("audit", "Entry"),
    ("user", "User"), ("clinic", "Clinic"),
)  # fmt: skip


class _Stay(HTTPRedirectHandler):
    """A redirect is an answer, and is not followed."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """Never."""
        return


def ask(address: str) -> Iterator[dict[str, Any]]:
    """The answers: role, page, status and seconds."""
    pages = list(_pages())
    for role in (NOBODY, *Role):
        browser = build_opener(HTTPCookieProcessor(CookieJar()), _Stay())
        if role != NOBODY:
            _become(browser, address, str(role))
        for name, path in pages:
            if role != NOBODY and NO_LINK in path:
                continue  # a patient's link works for whoever has it, and trying many is stopped
            began = time.monotonic()
            status = _status(browser, f"{address}/{path}")
            yield {
                "role": str(role),
                "page": name,
                "status": status,
                "seconds": round(time.monotonic() - began, 3),
            }


def _become(browser: OpenerDirector, address: str, role: str) -> None:
    with browser.open(f"{address}/demo") as answer:
        token = _TOKEN.search(answer.read().decode())
    assert token is not None
    form = urlencode({"csrfmiddlewaretoken": token[1], "role": role}).encode()
    _status(browser, Request(f"{address}/demo/as", data=form, headers={"Referer": f"{address}/demo"}))  # noqa: S310


def _status(browser: OpenerDirector, request: str | Request) -> int:
    try:
        with browser.open(request, timeout=60) as answer:
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def _pages() -> Iterator[tuple[str, str]]:
    """Name and path of every address of our own, with ids of things that are there."""
    from django.conf import settings
    from django.urls import URLPattern, get_resolver

    for pattern in get_resolver(settings.ROOT_URLCONF).url_patterns:
        if not isinstance(pattern, URLPattern) or not pattern.name:
            continue
        path = str(pattern.pattern)
        for kind, parameter in re.findall(r"<(?:(\w+):)?(\w+)>", path):
            value = _value(pattern.name, path, kind, parameter)
            path = re.sub(rf"<(?:\w+:)?{parameter}>", value, path, count=1)
        yield pattern.name, path


def _value(name: str, path: str, kind: str, parameter: str) -> str:
    """Something that an address of this name is about; a made-up value where nothing is known of it."""
    from django.apps import apps

    if kind not in {"uuid", "int"}:
        return "deoxycholic-acid" if name.startswith("evidence") else NO_LINK
    said = f"{path.split('<')[0]} {name} {parameter}"
    for word, model in _SUBJECTS:
        if word not in said:
            continue
        things = apps.get_model("registry", model).objects.order_by("-pk")
        thing = things.filter(**_here(model)).first()
        if thing is not None:
            return str(thing.number if model == "Entry" and kind == "int" else thing.uid)
    return "1" if kind == "int" else "00000000-0000-4000-8000-000000000000"


def _here(model: str) -> dict[str, object]:
    """What narrows things of a model to the clinic that everybody works at when they sign in."""
    from untoward.registry.models import Membership

    clinic = Membership.objects.order_by("pk")[0].clinic_id
    paths = {
        "Session": "clinic", "Patient": "clinic", "Reaction": "clinic", "Vial": "clinic", "Practitioner": "clinic",
        "Recipe": "clinic", "Investigation": "clinic", "CheckIn": "session__clinic", "Photo": "patient__clinic",
        "Consent": "patient__clinic", "ConsentText": "clinic",
    }  # fmt: skip
    return {paths[model]: clinic} if model in paths else {}


if __name__ == "__main__":
    open_site()
    for one in ask(sys.argv[1]):
        sys.stdout.write(json.dumps(one) + "\n")
        sys.stdout.flush()
