r"""Read a GS1 code as scanners send it and as people type or paste it.

Taken are element strings with brackets, "(01)0703…(10)AB12", and without, where the end of a part of free length is told
by FNC1: the character GS, or what scanners and copies make of it ("<GS>", "{GS}", "␝", "\x1d"). A symbology mark at the
front ("]d2", "]C1", "]Q3", "]e0") is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import biip
from biip import ParseError
from biip.gs1_messages import GS1Message

from untoward.errors import Fault, InputError

GTIN, LOT, EXPIRY, SERIAL = "01", "10", "17", "21"
LONGEST = 200
_GS = "\x1d"
_SHOWN = 60
_MARK = re.compile(r"^\](?:d2|C1|Q3|e0|J1)", re.IGNORECASE)
_WRITTEN_GS = re.compile(r"<GS>|\{GS\}|<FNC1>|\{FNC1\}|␝|\\x1d|\\u001d|\^\]", re.IGNORECASE)
_BRACKETED = re.compile(r"\(\d{2,4}\)")
_FREE_LENGTH = re.compile(r"[!-z]{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackCode:
    """What a code says. `gtin` has 14 digits; what the code does not hold is empty or None."""

    gtin: str = ""
    lot: str = ""
    expires: date | None = None
    serial: str = ""


def looks_like_code(text: str) -> bool:
    """Whether a text is meant as a GS1 code, so that its faults are worth naming, and no label or lot number."""
    given = _unmarked(text)
    marked = given != text.strip() or bool(_BRACKETED.match(given))
    return marked or _GS in given or re.match(r"01\d{14}", given) is not None


def read_pack(text: str, *, where: str = "") -> PackCode:
    """The code of a text. Raises InputError with every fault: not a code, a wrong check digit, an impossible date."""
    given = _unmarked(text)
    if not given or len(given) > LONGEST:
        raise _refused([_fault("is not a code", text, where, f"1 to {LONGEST} characters of a GS1 code")])
    bracketed = _BRACKETED.match(given) is not None
    try:
        found = _bracketed(given) if bracketed else _plain(given)
    except (ParseError, ValueError) as error:
        raise _refused([_unread(text, str(error), where)]) from error
    faults = _faults(found, where)
    if faults:
        raise _refused(faults)
    expiry = found.get(EXPIRY)
    return PackCode(
        gtin=found.get(GTIN, ("", None))[0],
        lot=found.get(LOT, ("", None))[0],
        expires=expiry[1] if expiry else None,
        serial=found.get(SERIAL, ("", None))[0],
    )


_Parts = dict[str, tuple[str, date | None]]


def _unmarked(text: str) -> str:
    given = _WRITTEN_GS.sub(_GS, text.strip())
    return _MARK.sub("", given).strip(_GS + " ")


def _plain(given: str) -> _Parts:
    return _parts([GS1Message.parse(given.replace(" ", ""))])


def _bracketed(given: str) -> _Parts:
    """Brackets say where each part ends, so one is read at a time: blanks and stray separators between do no harm."""
    pieces = re.split(r"\((\d{2,4})\)", given)[1:]
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    return _parts([GS1Message.parse(ai + value.strip(_GS + " \t")) for ai, value in pairs])


def _parts(messages: Iterable[GS1Message]) -> _Parts:
    parts: _Parts = {}
    for item in (item for message in messages for item in message.element_strings):
        if item.gtin_error:
            raise ValueError(item.gtin_error)
        if parts.setdefault(item.ai.ai, (item.value, item.date)) != (item.value, item.date):
            raise ValueError(f"the part ({item.ai.ai}) stands twice with different values")
    return parts


def _faults(found: _Parts, where: str) -> list[Fault]:
    faults = []
    if not {GTIN, LOT, SERIAL} & found.keys():
        got = ", ".join(f"({ai})" for ai in found)
        faults.append(
            _fault("holds no product, lot or serial number", got, where, "a part (01), (10) or (21)")
        )
    for ai, label in ((LOT, "lot"), (SERIAL, "serial number")):
        value = found.get(ai, ("", None))[0]
        if value and not _FREE_LENGTH.fullmatch(value):
            faults.append(
                _fault(f"has a {label} that cannot be", value, where, "1 to 20 letters, digits or signs")
            )
    return faults


def _unread(text: str, said: str, where: str) -> Fault:
    if "check digit" in said:
        what, expected = (
            "has a product number whose check digit is wrong",
            "the code read again, or typed with care",
        )
    elif "AI (17)" in said or "date" in said.lower():
        what, expected = "has an expiry date that cannot be", "(17) and a date as YYMMDD"
    elif "twice" in said:
        what, expected = said, "one value for each part"
    else:
        what, expected = "cannot be read as a GS1 code", "such as (01)07032069804988(17)271231(10)AB12"
    return _fault(what, text, where, expected)


def _fault(what: str, got: str, where: str, expected: str) -> Fault:
    shown = got.replace(_GS, "<GS>").strip()
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
    hint = "Scan it again, or choose the lot or vial from the list."
    return Fault(what=what, where=where, field="code", got=repr(shown), expected=expected, hint=hint)


def _refused(faults: list[Fault]) -> InputError:
    return InputError("The code of the pack cannot be used.", faults)


def gtin_of(text: str) -> str:
    """The 14 digits of a product number printed alone under a bar code (GTIN-8, 12, 13 or 14); "" when it is none."""
    digits = re.sub(r"[\s-]", "", text)
    if not digits.isdigit() or len(digits) not in (8, 12, 13, 14):
        return ""
    found = biip.parse(digits).gtin
    return "" if found is None else str(found.as_gtin_14())
