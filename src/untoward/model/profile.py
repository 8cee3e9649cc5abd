"""All that is known of one compound, as a page: sections of lines with every word and number already made.

Each line names the records it rests on. A number on a line is printed in one of those records, or it is a
`Figure`: worked out from them by a named method. So any number can be traced, and a test does so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

METHODS: Mapping[str, str] = {
    "share": "cases divided by those at risk, in per cent",
    "exact interval": "Clopper-Pearson 95 % interval of a share",
    "random effects": "binomial-normal model over several populations",
    "course": "log-normal time to resolution fitted to what is published",
    "count": "number of records, people or populations put together",
}
"""How numbers come about that no record prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as it is printed, the method that made it, and the records it was made from."""

    text: str
    method: str
    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method: got {self.method!r}, expected one of {', '.join(METHODS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Days by which 5 %, half and 95 % were over, the 95 % interval of the last, and the longest published."""

    low: float
    middle: float
    high: float
    high_from: float | None = None
    high_to: float | None = None
    longest: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a cell for each column of its section, and the records it rests on.

    `detail` stands small below the first cell. A line with `under` belongs to the line above it. `verified` is
    true when the figures of all its records were seen by us in their sources. `tone` is good, caution, bad or
    nothing, and never stands without a word.
    """

    cells: tuple[str, ...]
    keys: tuple[str, ...]
    grade: str = ""
    verified: bool = True
    detail: str = ""
    under: bool = False
    tone: str = ""
    figures: tuple[Figure, ...] = ()
    band: Band | None = None

    def texts(self) -> Iterator[str]:
        """Everything a reader sees of this line but its records' keys."""
        yield from self.cells
        yield self.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a page: a question, its columns and lines. No line means that nothing is known.

    A column that starts with "#" holds numbers. `state` is the place of the column whose word is toned.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""
    empty: str = "No data."
    state: int | None = None

    def letters(self) -> Mapping[str, str]:
        """A letter for each detail that several lines share, so that it can be said once below them."""
        times = Counter(line.detail for line in self.lines if line.detail)
        shared = (detail for detail, number in times.items() if number > 1)
        return {detail: _letter(place) for place, detail in enumerate(shared)}

    def blocks(self) -> tuple[tuple[Line, tuple[Line, ...]], ...]:
        """Each line with those that belong under it."""
        found: list[tuple[Line, list[Line]]] = []
        for line in self.lines:
            if line.under and found:
                found[-1][1].append(line)
            else:
                found.append((line, []))
        return tuple((line, tuple(under)) for line, under in found)


def _letter(place: int) -> str:
    """A to z, then aa, ab and so on."""
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(ord("a") + place % 26)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSource:
    """A source of the page: `opened` is the date we opened it or a faithful copy, None when we could not.

    `records` are the keys of the page's records that rest on it, each with where in the source it stands.
    """

    key: str
    citation: str
    link: str | None
    opened: str | None
    records: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The whole page. `names` holds the compound's name by language, `parts` the labels of a mixture's parts.

    `not_known` are standard questions, `not_counted` common reactions, of which no record says anything.
    """

    key: str
    name: str
    names: Mapping[str, str]
    synonyms: tuple[str, ...]
    drug_class: str
    description: str
    parts: tuple[str, ...]
    sections: tuple[Section, ...]
    not_known: tuple[str, ...]
    not_counted: tuple[str, ...]
    sources: tuple[CitedSource, ...]
    records: int
    verified: int
    version: str

    def section(self, key: str) -> Section:
        """The section of this key; raises KeyError when there is none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def lines(self) -> Iterator[Line]:
        """Every line of every section."""
        for section in self.sections:
            yield from section.lines
