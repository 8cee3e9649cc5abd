"""api.md: every call of the JSON API with its action, what goes in and what comes out, as the site describes it itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generators.text import NOT_STATED, anchor, code, page, table

Described = Mapping[str, Any]

_ASK = (
    "import django; django.setup(); import json; from untoward.web.api import api; "
    "print(json.dumps(api.get_openapi_schema()))"
)
_METHODS = ("get", "post", "put")

INTRODUCTION = """
Whatever the pages of the site do, a program can do with a call: the same functions answer both. This page is written from
the description that a site gives of itself at `/api/v1/openapi.json`.

## Get a key

1. Sign in, open the menu under your name and choose **Keys to the API**.
2. Say what the key is for, tick what it may do, and choose how many days it works.
3. Copy the key: it is shown this one time. The site keeps only its hash.

A key works at one clinic, for what you ticked and your role there allows, until it ends, you end it, or your role ends. The
page says when each was last used. Then, with your own site's address:

```console
$ curl -H "Authorization: Bearer $UNTOWARD_KEY" "$UNTOWARD_URL/api/v1/evidence/claims?limit=1"
```

Send a document as JSON:

```console
$ curl -H "Authorization: Bearer $UNTOWARD_KEY" -H "Content-Type: application/json" \\
    -d '{"names": ["lidocaine 2 %", "hyaluronic acid"]}' "$UNTOWARD_URL/api/v1/evidence/mixtures/check"
```

## What holds for every call

* **Unknown is null.** `null` is "nobody has asked"; an empty list is "asked, none known"; `false` is a no.
* **Times carry their zone**, in and out: `2026-05-11T14:30:00+02:00`.
* **Names and contacts** are in an answer only for roles, and keys, that see patients and treat or answer them. Patients are
  looked for in a document, never in an address.
* **A change sends the version that was read.** When somebody changed the thing since, the answer is 409 with `theirs` (what
  stands now) beside `yours` (what you sent) and `theirs_version`. Nothing is overwritten.
* **A session against a block** is refused with 409 and `blocks`; send the reason under the key of each in `overrides`.
* **Lists come in parts:** `limit` (1 to 200, usually 50) and `offset`; the answer has `items`, `total` and `next`, which is
  null at the end. The trail goes backwards from `before`.
* **What is read has an ETag.** Send it back as `If-None-Match`: 304 says that nothing has changed.
* **A refusal is JSON:** `message`, and `faults`, each with `field`, `what`, `got` and `expected`. 400 and 422: something sent is
  wrong. 401: no key, or one that opens nothing. 403: the role or key does not include it. 404: there is no such thing at your
  clinic. 413: too large. 429: more than 600 calls a minute from one address; `Retry-After` says when to go on. 502, 503: a disk,
  the mail or the database does not answer.
* **Unknown fields and parameters are refused**, so that one mistyped is never passed over.
"""


def pages() -> Mapping[str, str]:
    """The page of all calls."""
    described = _description()
    calls = sorted(_calls(described), key=lambda call: (call["tags"][0], call["path"]))
    areas = list(dict.fromkeys(call["tags"][0] for call in calls))
    parts = [_area(area, [call for call in calls if call["tags"][0] == area]) for area in areas]
    used = _used(described, calls)
    shapes = [_shape(name, described["components"]["schemas"][name]) for name in sorted(used)]
    text = page(
        "The JSON API",
        "`untoward.web.api`",
        INTRODUCTION,
        *parts,
        "## Documents",
        *(one for one in shapes if one),
    )
    return {"api.md": text}


def _description() -> Described:
    """The description, from a site of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "UNTOWARD_HOME": home, "DJANGO_SETTINGS_MODULE": "untoward.web.settings"}
        env.pop("UNTOWARD_DATABASE_URL", None)
        run = subprocess.run(
            [sys.executable, "-c", _ASK], capture_output=True, text=True, check=False, env=env
        )
    if run.returncode != 0:
        raise RuntimeError(f"the API could not be described:\n{run.stderr}")
    described: Described = json.loads(run.stdout)
    return described


def _calls(described: Described) -> Iterator[dict[str, Any]]:
    for path, methods in described["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield {**methods[method], "path": path, "method": method.upper()}


def _area(area: str, calls: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        (
            code(f"{call['method']} {call['path'].removeprefix('/api/v1')}"),
            call.get("description", call["summary"]).partition("\n\n")[0],
            call["x-action"],
            _goes_in(call),
            _comes_out(call),
        )
        for call in calls
    ]
    return f"## {area.capitalize()}\n\n{table(('Call', 'What it does', 'Action', 'In', 'Out'), rows)}"


def _goes_in(call: Mapping[str, Any]) -> str:
    asked = [one["name"] for one in call.get("parameters", ()) if one["in"] == "query"]
    sent = [_link(content["schema"]) for content in call.get("requestBody", {}).get("content", {}).values()]
    return ", ".join([*(code(name) for name in asked), *sent])


def _comes_out(call: Mapping[str, Any]) -> str:
    status, good = next((one, told) for one, told in call["responses"].items() if int(one) < 300)
    kind, content = next(iter(good.get("content", {}).items()), ("", {}))
    what = _link(content["schema"]) if kind == "application/json" else kind
    return what if status == "200" else f"{status}: {what}"


def _link(schema: Mapping[str, Any]) -> str:
    """A shape by its name, with a link to it."""
    if "$ref" in schema:
        name = _name(schema["$ref"])
        return f"[{_plain(name)}](#{anchor(_plain(name))})"
    if "anyOf" in schema:
        return " or ".join(_link(one) for one in schema["anyOf"])
    if schema.get("type") == "array" and "items" in schema:
        return f"list of {_link(schema['items'])}"
    if "enum" in schema:
        return ", ".join(code(json.dumps(one)) for one in schema["enum"])
    kind = schema.get("format") or schema.get("type", "document")
    return {"object": "document", "multipart": "form"}.get(kind, kind)


def _shape(name: str, schema: Mapping[str, Any]) -> str:
    needed = schema.get("required", ())
    rows = [
        (code(field), _link(one) or NOT_STATED, "yes" if field in needed else "", one.get("description", ""))
        for field, one in schema.get("properties", {}).items()
    ]
    told = schema.get("description", "").replace("\n", " ")
    fields = table(("Field", "Kind", "Always", "Meaning"), rows)
    return f"### {_plain(name)}\n\n{told}\n\n{fields}".strip() if rows else ""


def _used(described: Described, calls: Iterable[Mapping[str, Any]]) -> set[str]:
    """The shapes that calls name, and those which these name."""
    left, found = set(_references(list(calls))), set[str]()
    while left:
        name = left.pop()
        found.add(name)
        left |= set(_references(described["components"]["schemas"][name])) - found
    return found


def _references(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of the description
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            yield _name(value["$ref"])
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _plain(name: str) -> str:
    """The name of a shape; of a page of things as people say it."""
    return " of ".join(part for part in name.split("_") if part)
