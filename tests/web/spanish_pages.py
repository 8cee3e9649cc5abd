"""Opens every page of a filled record as its Spanish director and prints what can be read on each, as JSON.

Run as ``python -m tests.web.spanish_pages FILE`` with the home in the environment; FILE is what the filling printed.
"""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

from untoward.tasks.site import open_site

open_site()

from django.test import Client  # noqa: E402 - needs the set-up

from untoward.web import urls  # noqa: E402
from untoward.web.listing import PAGES  # noqa: E402

assert urls.urlpatterns, "importing the addresses lists the pages"

THINGS = {
    "case": "case-lumps", "case-new": "session", "clinic": "clinic", "consents": "consent", "consent-texts": "consent-text",
    "investigations": "investigation", "lot": "lot", "passport": "session", "patients": "patient", "people": "practitioner",
    "photos": "photo", "products": "product", "recalls": "recall", "recipes": "recipe", "session": "session", "vial": "vial",
}  # fmt: skip
WORDS = {"key": "deoxycholic-acid", "number": "1", "version": "1"}
MORE = ("case/{case-emergency}", "case/{case-bruise}", "case/{case-own-words}", "case/{case-signed}",
        "session/new?patient={patient}", "patients?q=Person", "patients?q=zzz", "stock?q=zzz", "watch/rates?axis=lot",
        "watch/curve?by=known&width=week", "watch/lines?outcome=infection", "lot/{recalled-lot}", "lot/{fresh-lot}",
        "vial/{unopened-vial}", "recalls/{recall}/letters?all=1", "evidence?q=zzz", "no-such-page", "sign-in/2fa/",
        "sign-in/password/change/", "session/new?kind=x")  # fmt: skip
DOCUMENTS = frozenset({"outbreak-report"})
"""Reports that are downloaded and handed on; they are written in English whatever the language of the pages."""
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
PLACES = frozenset("x y x1 x2 y1 y2 cx cy r rx ry width height".split())
SAID = ("alt", "title", "placeholder", "aria-label", "data-label")


class Reader(HTMLParser):
    """What can be read on a page: its text and the words of its attributes, without parts that are marked as English."""

    def __init__(self):
        super().__init__()
        self.parts, self.silent, self.language, self.commas = [], [], "", []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "html":
            self.language = given.get("lang", "")
        number = tag == "input" and given.get("type") == "number"
        exact = PLACES & set(given) | ({"value"} if number or tag in {"progress", "meter"} else set())
        self.commas += [f"{tag} {name}" for name in exact if "," in (given[name] or "")]
        other = tag in {"script", "style", "svg"} and "chart" not in (given.get("class") or "")
        marked = given.get("lang") not in (None, "es") or other
        if not marked and not any(self.silent):
            self.parts += [given[name] for name in SAID if given.get(name)]
        if tag not in VOID:
            self.silent.append(marked)

    def handle_endtag(self, tag):
        if tag not in VOID and self.silent:
            self.silent.pop()

    def handle_data(self, text):
        if text.strip() and not any(self.silent):
            self.parts.append(" ".join(text.split()))


def paths(known):
    """A path for every listed page of which there is an example."""
    for page in PAGES.values():
        if (page.public and page.name != "demo") or page.name in DOCUMENTS:
            continue
        first, path = page.path.split("/")[0], page.path
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", page.path):
            value = (
                known["uids"].get(THINGS.get(page.name) or THINGS.get(first, ""))
                if kind == "uuid"
                else WORDS.get(name)
            )
            path = path.replace(f"<{kind}:{name}>" if kind else f"<{name}>", value or "x")
        yield path
    for path in MORE:
        yield path.format_map(known["uids"])


def main():
    """Language and readable parts of every page by its path, and of what comes back when its form is sent empty."""
    known = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    browser, found = Client(raise_request_exception=False, SERVER_NAME="localhost"), {}
    browser.cookies["sessionid"] = known["cookies"]["director-es"]
    every = list(paths(known))
    for path in every:
        keep(found, path, browser.get(f"/{path}", follow=True))
    for path in every:
        keep(found, f"{path} sent empty", browser.post(f"/{path}", {"do": "save"}, follow=True))
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


def keep(found, path, answer):
    """Note a page; what is no page, and a page that is none for this request, is left out."""
    if "text/html" not in answer.headers["Content-Type"] or answer.status_code in {400, 403, 405}:
        return
    reader = Reader()
    reader.feed(answer.content.decode())
    found[path] = {
        "status": answer.status_code,
        "whole": b"<html" in answer.content,
        "language": reader.language,
        "parts": reader.parts,
        "commas": reader.commas,
    }


if __name__ == "__main__":
    main()
