"""What a form brought, read field by field. A value that cannot be read is a fault beside its field; nothing typed is lost."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from django.http import QueryDict
from django.utils.translation import gettext

from untoward.errors import Fault, FaultyInput

_NEVER = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")
"""NUL, and what makes the letters after it run the other way: a name could be made to look like another."""
NOT_ASKED, NONE, SOME = "not_asked", "none", "some"
_ANSWERS: Mapping[str, bool | None] = {"yes": True, "no": False, NOT_ASKED: None, "": None}


class Posted:
    """One form. `faults` collects what cannot be read; `typed` gives every field back as it came."""

    def __init__(self, data: QueryDict) -> None:
        self._data = data
        self.faults: list[Fault] = []

    @property
    def typed(self) -> dict[str, str]:
        """Every field as it was typed, to fill the form again."""
        return {name: self._data.get(name, "") for name in self._data}

    def text(self, name: str) -> str:
        """A text without the space around it, and without characters that no database keeps or that turn what follows."""
        return _NEVER.sub("", str(self._data.get(name, ""))).strip()

    def many(self, name: str) -> tuple[str, ...]:
        """All ticked values of a field."""
        return tuple(self._data.getlist(name))

    def whole(self, name: str) -> int | None:
        """A whole number, None when nothing was typed."""
        typed = self.text(name)
        if not typed:
            return None
        if typed.isascii() and typed.isdigit() and len(typed) <= 9:
            return int(typed)
        self._not_read(name, typed, gettext("a whole number, or nothing"))
        return None

    def decimal(self, name: str) -> float | None:
        """A number with a point or a comma, None when nothing was typed."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            number = float(typed.replace(",", "."))
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
        self._not_read(name, typed, gettext("a number, or nothing"))
        return None

    def moment(self, name: str, zone: tzinfo) -> datetime | None:
        """A date and time as the browser's field gives it, at a place's own time; None when nothing was typed."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            return datetime.fromisoformat(typed).replace(tzinfo=zone)
        except ValueError:
            self._not_read(name, typed, gettext("a date and time such as 2026-05-11 14:30"))
            return None

    def answer(self, name: str) -> bool | None:
        """Yes, no, or None for not asked."""
        typed = self.text(name)
        if typed in _ANSWERS:
            return _ANSWERS[typed]
        self._not_read(name, typed, gettext("yes, no or not asked"))
        return None

    def lines(self, name: str) -> tuple[str, ...] | None:
        """A list with one item a line: None for not asked, empty for none known. Ticks and lines must agree."""
        kind = self.text(name) or NOT_ASKED
        lines = tuple(line.strip() for line in self.text(f"{name}_lines").splitlines() if line.strip())
        if kind == SOME and not lines:
            self._not_read(name, gettext("nothing written"), gettext("one item a line, or another answer"))
            return None
        if kind != SOME and lines:
            self._not_read(
                name, "; ".join(lines)[:60], gettext("the answer “yes, these” with what you wrote")
            )
            return None
        if kind not in (NOT_ASKED, NONE, SOME):
            self._not_read(name, kind, gettext("not asked, none known, or these"))
        return lines or (() if kind == NONE else None)

    def _not_read(self, name: str, got: str, expected: str) -> None:
        self.faults.append(Fault(what=gettext("cannot be read"), field=name, got=got[:60], expected=expected))


def sentences(faults: Iterable[Fault] | FaultyInput) -> dict[str, str]:
    """One sentence for each field with a fault: what, got, expected, and what to do next."""
    listed = faults.faults if isinstance(faults, FaultyInput) else faults
    said: dict[str, str] = {}
    for fault in listed:
        said.setdefault(fault.field, _sentence(fault))
    return said


def fault_words(fault: Fault) -> str:
    """A fault as its own `str` says it, in the language of the page and without the field."""
    what = gettext(fault.what)
    said = f"{fault.where}: {what}" if fault.where else what
    got = gettext("got %(got)s") % {"got": fault.got} if fault.got else ""
    wanted = (
        gettext("expected %(expected)s") % {"expected": gettext(fault.expected)} if fault.expected else ""
    )
    detail = "; ".join(part for part in (got, wanted) if part)
    said = f"{said} ({detail})" if detail else said
    return f"{said}. {gettext(fault.hint)}" if fault.hint else said


def _sentence(fault: Fault) -> str:
    parts = [gettext(fault.what)]
    if fault.got:
        parts.append(gettext("got %(got)s") % {"got": fault.got})
    if fault.expected:
        parts.append(gettext("expected %(expected)s") % {"expected": gettext(fault.expected)})
    said = f"{'; '.join(parts)}."
    said = said[0].upper() + said[1:]
    return f"{said} {gettext(fault.hint)}" if fault.hint else said
