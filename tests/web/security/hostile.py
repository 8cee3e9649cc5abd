"""Texts that would do harm where somebody forgot to escape them, and a reader of pages that notices when one did."""

from html.parser import HTMLParser

SCRIPT = "<script>xss()</script>"
TAG = "<xss-tag>"
OUT_OF_ATTRIBUTE = "\"'><img src=x onerror=xss()>"
TEMPLATE = "{{7*6017}}{% now %}"
WORKED_OUT = "42119"
ADDRESS = "javascript:xss()"
TURNED = "\u202egnp.exe"
NUL = "a\x00b"
LONG = "x" * 100_000
ALL_AT_ONCE = f"javascript:xss()//{OUT_OF_ATTRIBUTE}{SCRIPT}{TAG}</textarea></title></style>{TEMPLATE}\\"
SHORT = '"><i onclick=xss()>'
"""The same in few letters, for columns that hold few."""


def words(kind: str) -> str:
    """A hostile text that still tells what it was written for; its first letters do harm in columns that hold few."""
    return f"{SHORT}{kind}{ALL_AT_ONCE}"


EMPTY_ICON = ("link", ("rel", "icon"), ("href", "data:,"))
"""What a file that stands alone says so that no browser asks the disk for an icon: exactly this, and it holds nothing."""


class _Reader(HTMLParser):
    """Collects what no page of ours holds: handlers, scripts in the page, addresses that are scripts, unknown tags."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "xss-tag" or (
            tag in {"script", "iframe", "object", "embed"} and not known.get("src", "").startswith("/")
        ):
            self.found.append(f"<{tag} {known}>")
        if (tag, *attrs) == EMPTY_ICON:
            return
        for name, value in attrs:
            said = (value or "").strip().lower()
            if name.startswith("on") or name in {"style", "srcdoc"} or name.startswith("hx-on"):
                self.found.append(f"{tag} {name}={value}")
            if name in {
                "href",
                "src",
                "action",
                "formaction",
                "hx-get",
                "hx-post",
                "xlink:href",
            } and not _ours(said):
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag


def _ours(address: str) -> bool:
    """Whether an address is one of the site, of a source that is cited, a number to call, or a drawing shown as a picture."""
    known = ("/", "#", "?", "https://", "http://", "tel:", "data:image/png", "data:image/svg+xml", "mailto:")
    return address.startswith(known) or ":" not in address


def dangers(page: str) -> list[str]:
    """What in a page would run, or was run: empty for a safe one."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    if WORKED_OUT in page:
        reader.found.append("a text was taken for a template")
    return reader.found


class _Forms(HTMLParser):
    """The forms of a page with their fields as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self._form: dict | None = None
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "form":
            self._form = {"method": (known.get("method") or "get").lower(), "action": known.get("action", ""),
                          "fields": {}, "texts": [], "files": []}  # fmt: skip
            self.forms.append(self._form)
        if self._form is None:
            return
        name, kind = known.get("name"), (known.get("type") or "text").lower()
        if tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in known or self._select not in self._form["fields"])
        ):
            self._form["fields"][self._select] = known.get("value") or ""
        elif tag == "textarea" and name:
            self._area = name
            self._form["fields"][name] = ""
            self._form["texts"].append(name)
        elif tag == "input" and name:
            self._input(name, kind, known)

    def _input(self, name, kind, known):
        form = self._form
        if kind == "file":
            form["files"].append(name)
        elif kind in {"radio", "checkbox"}:
            if "checked" in known or name not in form["fields"]:
                form["fields"][name] = known.get("value", "on")
        elif kind not in {"submit", "button", "image"}:
            form["fields"][name] = known.get("value") or ""
            if kind in {"text", "search", "tel", "email", "url", "password"}:
                form["texts"].append(name)

    def handle_data(self, data):
        if self._area and self._form is not None:
            self._form["fields"][self._area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


def forms_of(page: str) -> list[dict]:
    """The forms of a page: method, action, fields with what stands in them, and which of them take free text."""
    reader = _Forms()
    reader.feed(page)
    reader.close()
    return reader.forms
