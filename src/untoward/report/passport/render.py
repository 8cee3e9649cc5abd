"""From a sheet to PDF with Typst.

A sheet goes to the template as one JSON text among the inputs: nothing of it is ever read as Typst. The PDF is tagged and
claims PDF/UA-1; where no font at hand has a letter of a recorded name, PDF/UA forbids the page, and it is written as a
tagged PDF without that claim rather than not at all.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from untoward.aftercare import Sheet, Texts, texts_of
from untoward.errors import OutsideError
from untoward.model.finding import Disposition
from untoward.report.tokens import COLOURS, DISPOSITIONS

FONTS = ("Liberation Sans", "Arial", "Helvetica Neue", "Helvetica", "DejaVu Sans", "Noto Sans")
"""First those with one set of widths, so that a page breaks alike on every machine; then whatever has more letters."""

_STAMP = 0
"""No time of making: the same sheet gives the same bytes."""


def passport_pdf(sheet: Sheet, *, large: bool = False, link: str | None = None) -> bytes:
    """Passport and aftercare: one page A4, or large print on as many pages as it takes. `link` is drawn as a QR code."""
    return _compiled("passport.typ", sheet, large=large, link=link)


def consent_pdf(sheet: Sheet, *, large: bool = False) -> bytes:
    """The consent sheet: what is shown and what is not, with lines to sign."""
    return _compiled("consent.typ", sheet, large=large, link=None)


def _compiled(template: str, sheet: Sheet, *, large: bool, link: str | None) -> bytes:
    import typst  # imported here: whoever prints nothing does not load a compiler

    inputs = {"data": json.dumps(_data(sheet, large=large, link=link), ensure_ascii=False)}
    with _template_folder() as folder:
        compiler = typst.Compiler(folder / template, root=folder, sys_inputs=inputs)
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=_STAMP)
        except typst.TypstError as refused:
            if "could not be displayed" not in str(refused):
                raise OutsideError(f"The page could not be set: {refused}") from refused
            pdf = compiler.compile(format="pdf", timestamp=_STAMP)
    if not isinstance(pdf, bytes):
        raise OutsideError("The page could not be set: no PDF came back.")
    return pdf


@contextmanager
def _template_folder() -> Iterator[Path]:
    with resources.as_file(resources.files("untoward.report.passport") / "templates") as folder:
        yield folder


def _data(sheet: Sheet, *, large: bool, link: str | None) -> dict[str, Any]:
    texts = texts_of(sheet.language)
    sections = ("page", "injected", "normal", "do", "red", "check", "unknown", "consent")
    return {
        "sheet": sheet.document(),
        "labels": {section: dict(texts.section(section)) for section in sections},
        "footer": texts("page.footer", version=sheet.evidence_version),
        "page_of": _page_of(texts),
        "colon": texts("page.pair", name="", text=""),
        "region": texts("region"),
        "look": _look(),
        "fonts": FONTS,
        "large": large,
        "link": link,
        "qr": None if link is None else _qr_code(link),
    }


def _page_of(texts: Texts) -> list[str]:
    """The words around the two page numbers."""
    before, rest = texts("page.page_of").split("{page}")
    between, after = rest.split("{pages}")
    return [before, between, after]


def _look() -> Mapping[str, Any]:
    """The design tokens that the templates use, in their light values: paper is light."""
    urgent = {name: DISPOSITIONS[name] for name in (Disposition.EMERGENCY_NOW, Disposition.SAME_DAY)}
    return {
        **{name: shade.light for name, shade in COLOURS.items()},
        **{f"{name.value}-fill": look.fill.light for name, look in urgent.items()},
        **{f"{name.value}-ink": look.ink.light for name, look in urgent.items()},
        **{f"{name.value}-icon": _icon(look.icon, look.ink.light) for name, look in urgent.items()},
    }


def _icon(path: str, ink: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<path fill="{ink}" fill-rule="evenodd" d="{path}"/></svg>'
    )


def _qr_code(link: str) -> str:
    import segno

    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode("utf-8")
