"""Which header is which column: by name, by alias, apart from case and accents, or, to be confirmed, by likeness."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from untoward.exchange.tables.faults import FaultLog, shorten
from untoward.exchange.tables.raw import RawTable
from untoward.model.names import fold, singular_forms
from untoward.model.tables import Column, ColumnTaken, Table

_ALIKE_ENOUGH = 90.0
_CLOSE_ENOUGH_TO_NAME = 55.0

FindTerm = Callable[[str], str | None]
"""From a header to the id of the term it names, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderMatch:
    """`cells` maps a column name to its cell column ("c3"), `findings` a header to (cell column, term id)."""

    cells: Mapping[str, str]
    findings: Mapping[str, tuple[str, str]]
    unused: tuple[int, ...]
    taken: tuple[ColumnTaken, ...]


@dataclass(slots=True)
class _Claim:
    place: int
    how: str
    rank: int


def match_headers(
    raw: RawTable,
    table: Table,
    log: FaultLog,
    find_term: FindTerm | None = None,
    named: Mapping[str, str] | None = None,
    reserved: Collection[str] = (),
) -> HeaderMatch:
    """Match the headers of `raw` with the columns of `table`; what is doubled or missing goes to `log`.

    `named` maps column names to headers that the caller chose; `reserved` are headers that no column may take.
    With `find_term`, other headers that name a term are findings. A header that nothing matches is reported as
    not used.
    """
    matching = _Matching(raw.headers, table, named or {}, reserved)
    matching.match_by_name()
    if find_term is not None:
        matching.match_terms(find_term)
    matching.match_by_likeness()
    log.headers.update(matching.header_by_column())
    matching.report(log)
    return matching.result(raw)


class _Matching:
    def __init__(
        self, headers: Sequence[str], table: Table, named: Mapping[str, str], reserved: Collection[str]
    ) -> None:
        self.headers = headers
        self.table = table
        self.named = named
        self.given = [column for column in table.columns if not column.derived]
        self.claims: dict[str, list[_Claim]] = {}
        self.terms: dict[str, list[tuple[int, str]]] = {}
        self.open = [place for place, header in enumerate(headers) if header and header not in reserved]

    def match_by_name(self) -> None:
        chosen = {header: name for name, header in self.named.items()}
        for place in list(self.open):
            header = self.headers[place]
            found = (chosen[header], "chosen by the caller", 0) if header in chosen else self._by_name(header)
            if found is not None:
                name, how, rank = found
                self._claim(name, place, how, rank)

    def _by_name(self, header: str) -> tuple[str, str, int] | None:
        forms = list(singular_forms(fold(header)))
        found: list[tuple[int, str, str]] = []
        for column in self.given:
            if column.name in self.named:
                continue
            if header == column.name:
                found.append((1, column.name, "its own name"))
            elif forms[0] == fold(column.name):
                found.append((2, column.name, "its own name, apart from case, accents or signs"))
            elif any(form in {fold(alias) for alias in column.aliases} for form in forms):
                found.append((3, column.name, f"a known other name of {column.name}"))
        if not found:
            return None
        rank, name, how = min(found)
        return name, how, rank

    def match_terms(self, find_term: FindTerm) -> None:
        derived = {fold(column.name) for column in self.table.columns if column.derived}
        for place in list(self.open):
            term = None if fold(self.headers[place]) in derived else find_term(self.headers[place])
            if term is not None:
                self.terms.setdefault(term, []).append((place, self.headers[place]))
                self.open.remove(place)

    def match_by_likeness(self) -> None:
        names = {fold(name): column.name for column in self.given for name in (column.name, *column.aliases)}
        derived = {fold(column.name) for column in self.table.columns if column.derived}
        for place in list(self.open):
            folded = fold(self.headers[place])
            found = (
                None
                if folded in derived
                else process.extractOne(folded, names.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE_ENOUGH)
            )
            if found is None or names[found[0]] in self.claims:
                continue
            self._claim(
                names[found[0]],
                place,
                f"looks like {found[0]!r}: taken for {names[found[0]]}, please confirm",
                4,
            )

    def _claim(self, name: str, place: int, how: str, rank: int) -> None:
        self.claims.setdefault(name, []).append(_Claim(place, how, rank))
        self.open.remove(place)

    def header_by_column(self) -> dict[str, str]:
        return {name: self.headers[self._first(name, [])] for name in self.claims}

    def report(self, log: FaultLog) -> None:
        for name, claims in self.claims.items():
            if len(claims) > 1:
                self._report_doubled(log, name, [claim.place for claim in claims])
        for term, headers in self.terms.items():
            if len(headers) > 1:
                self._report_doubled(log, term, [place for place, _header in headers])
        for name in self.table.required:
            if name not in self.claims:
                self._report_missing(log, self.table.column(name))

    def _report_doubled(self, log: FaultLog, name: str, places: list[int]) -> None:
        headers = ", ".join(shorten(self.headers[place]) for place in places)
        log.about_table(
            f"{len(places)} headers for one column",
            field=name,
            got=headers,
            expected="one header",
            hint=f"Rename or remove all but one; {shorten(self.headers[self._first(name, places)])} was read.",
        )

    def _report_missing(self, log: FaultLog, column: Column) -> None:
        seen = [header for header in self.headers if header]
        folded = {fold(header): header for header in seen}
        names = [column.name, *column.aliases]
        scores: dict[str, float] = {}
        for name in names:
            for match, score, _key in process.extract(
                fold(name), folded.keys(), scorer=fuzz.WRatio, limit=3, score_cutoff=_CLOSE_ENOUGH_TO_NAME
            ):
                scores[folded[match]] = max(score, scores.get(folded[match], 0.0))
        closest = sorted(scores, key=lambda header: (-scores[header], header))[:3]
        listed = ", ".join(shorten(header) for header in seen[:20]) + (
            f" and {len(seen) - 20} more" if len(seen) > 20 else ""
        )
        log.about_table(
            "required column is missing",
            field=column.name,
            got=f"headers {listed}" if seen else "no headers",
            expected=f"{column.name} ({column.description.rstrip('.')})",
            hint=f"Closest: {', '.join(shorten(header) for header in closest)}." if closest else "",
        )

    def _first(self, name: str, places: list[int]) -> int:
        claims = self.claims.get(name)
        return places[0] if claims is None else min(claims, key=lambda claim: (claim.rank, claim.place)).place

    def result(self, raw: RawTable) -> HeaderMatch:
        cells = {name: f"c{self._first(name, [])}" for name in self.claims}
        findings = {headers[0][1]: (f"c{headers[0][0]}", term) for term, headers in self.terms.items()}
        used = {int(cell[1:]) for cell in [*cells.values(), *(cell for cell, _term in findings.values())]}
        empty = {place for place, header in enumerate(raw.headers) if not header and _is_empty(raw, place)}
        unused = tuple(place for place in range(len(raw.headers)) if place not in used and place not in empty)
        return HeaderMatch(cells=cells, findings=findings, unused=unused, taken=self._taken(raw.file, empty))

    def _taken(self, file: str, empty: set[int]) -> tuple[ColumnTaken, ...]:
        by_place: dict[int, tuple[str | None, str]] = {}
        for name, claims in self.claims.items():
            first = self._first(name, [])
            for claim in claims:
                by_place[claim.place] = (
                    (name, claim.how)
                    if claim.place == first
                    else (None, f"not used: another header is {name}")
                )
        for term, headers in self.terms.items():
            for rank, (place, _header) in enumerate(headers):
                by_place[place] = (
                    (term, "a finding") if rank == 0 else (None, f"not used: another header is {term}")
                )
        return tuple(
            ColumnTaken(
                file=file, header=header or f"(column {place + 1}, no header)", taken_for=name, how=how
            )
            for place, header in enumerate(self.headers)
            if place not in empty
            for name, how in [by_place.get(place, (None, self._why_unused(header)))]
        )

    def _why_unused(self, header: str) -> str:
        derived = {fold(column.name) for column in self.table.columns if column.derived}
        return "not used: worked out again from the other columns" if fold(header) in derived else "not used"


def _is_empty(raw: RawTable, place: int) -> bool:
    return raw.frame[f"c{place}"].null_count() == raw.frame.height
