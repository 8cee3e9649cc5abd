"""What can go wrong, as one tree. The exit code and the HTTP status of each class stand here and nowhere
else.

UntowardError                 3 / 500   something went wrong that the user cannot mend in the input
├── OutsideError              3 / 502   a disk, a network, another program failed
└── UserError                 2 / 400   bad use or bad input; shown without a traceback
    ├── InputError            2 / 422   one or more faults in a file or a document, all of them listed
    ├── EvidenceError         2 / 422   one or more faults in the evidence base
    ├── RuleError             2 / 422   a rule file breaks the rules for rules
    ├── UsageError            2 / 400   the command was called in a way that cannot work
    └── MissingExtra          2 / 501   an optional part is not installed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with an input: what, where, what was found, what was expected, what to do next.

    `file` names the file or document, `where` the place in it as a person would say it ("row 12", "line 3",
    "record dca-bruise"), `field` the column or key. `got` is shortened by whoever raises it; it must never
    hold more of a patient's data than the one offending value.
    """

    what: str
    file: str = ""
    where: str = ""
    field: str = ""
    got: str = ""
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.where, self.field) if part)
        detail = "; ".join(
            f"{label} {text}" for label, text in (("got", self.got), ("expected", self.expected)) if text
        )
        text = f"{place}: {self.what}" if place else self.what
        text = f"{text} ({detail})" if detail else text
        return f"{text}. {self.hint}" if self.hint else text


class UntowardError(Exception):
    """Root of every error this package raises on purpose."""

    exit_code: ClassVar[int] = 3
    http_status: ClassVar[int] = 500


class OutsideError(UntowardError):
    """Something outside the program failed: disk, network, another program."""

    http_status: ClassVar[int] = 502


class UserError(UntowardError):
    """Bad use or bad input: shown as text, never as a traceback."""

    exit_code: ClassVar[int] = 2
    http_status: ClassVar[int] = 400


class UsageError(UserError):
    """The command was called in a way that cannot work."""


class MissingExtra(UserError):
    """An optional part of untoward is not installed."""

    http_status: ClassVar[int] = 501

    def __init__(self, extra: str, needed_for: str) -> None:
        super().__init__(
            f"{needed_for} needs an optional part. Install it with: pip install 'untoward[{extra}]'"
        )


class FaultyInput(UserError):
    """Base of the errors that carry a list of faults."""

    http_status: ClassVar[int] = 422

    def __init__(self, message: str, faults: Iterable[Fault]) -> None:
        self.message = message
        self.faults: Sequence[Fault] = tuple(faults)
        super().__init__(message)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  - {fault}" for fault in self.faults)])


class InputError(FaultyInput):
    """A file or document given by the user has faults; all of them are listed."""


class EvidenceError(FaultyInput):
    """The evidence base has faults; all of them are listed."""


class RuleError(FaultyInput):
    """A rule file or its cases break the rules for rules."""
