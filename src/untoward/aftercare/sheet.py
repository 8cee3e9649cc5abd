"""The values a sheet is made of: statements, each with the records and numbers behind it, and tables of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Number = float | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that is said. `key` names its text, `evidence` the records behind it, `numbers` what was computed.

    `state` is how well it is shown (proven, limited, unproven, contradicted) and `state_words` the same in plain words.
    """

    key: str
    text: str
    evidence: tuple[str, ...] = ()
    numbers: Mapping[str, Number] = field(default_factory=dict)
    state: str | None = None
    state_words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One line of what was injected; every cell is filled, with "not recorded" where nothing was."""

    compound: str
    known_as: str | None
    language: str | None
    product: str
    lot: str
    vial: str
    amount: str
    site: str
    syringe: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """What was injected, when, where and by whom, and what of it was not recorded."""

    facts: Mapping[str, str]
    rows: tuple[Given, ...]
    missing: tuple[str, ...]
    notes: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualRow:
    """One reaction: how often, by when half and almost all are over it. `statement` says it as a sentence."""

    term: str
    name: str
    how_often: str
    half: str
    almost_all: str
    people: str
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is usual and until when."""

    rows: tuple[UsualRow, ...]
    notes: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Whom to call and for what. `number_basis` says where the number comes from."""

    number: str
    number_basis: str
    emergency_heading: str
    emergency: tuple[Statement, ...]
    same_day: tuple[Statement, ...]
    late: tuple[Statement, ...]
    always: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One day on which to look again. `date` is ISO, None when the session has no date."""

    day: int
    name: str
    when: str
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim, with its state and the reason in plain words."""

    claim: str
    compound: str
    why: str
    other_place: bool
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmRow:
    """One harm: how often as a natural frequency, the count behind it, after what, and with salt water instead."""

    term: str
    name: str
    how_often: str
    counted: str
    after: str
    placebo: str | None
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a person should know before agreeing."""

    claims: tuple[ClaimRow, ...]
    harms: tuple[HarmRow, ...]
    harm_notes: tuple[Statement, ...]
    claim_notes: tuple[Statement, ...]
    status: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A record that applies and is not printed, with the reason."""

    record: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that is said to one person after one session, in one language."""

    language: str
    evidence_version: str
    dated: bool
    session_date: str | None
    injected: Injected
    usual: Usual
    advice: tuple[Statement, ...]
    unshown: tuple[Statement, ...]
    help: Help
    checks: tuple[Check, ...]
    unknown: tuple[Statement, ...]
    consent: Consent
    left_out: tuple[LeftOut, ...]
    not_recognised: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """The sheet as plain data for JSON."""
        return asdict(self)

    def statements(self) -> Iterator[Statement]:
        """Every statement of the sheet."""
        yield from self.injected.notes
        yield from (row.statement for row in self.usual.rows)
        yield from (*self.usual.notes, *self.advice, *self.unshown)
        yield from (*self.help.emergency, *self.help.same_day, *self.help.late, self.help.always)
        yield from self.unknown
        consent = self.consent
        yield from (row.statement for row in consent.claims)
        yield from (row.statement for row in consent.harms)
        yield from (*consent.harm_notes, *consent.claim_notes, *consent.status)
