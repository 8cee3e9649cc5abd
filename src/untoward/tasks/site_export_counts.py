"""The record as tables of counts that show no small group of people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import polars as pl

from untoward.tasks.site_export_small import SMALLEST, suppressed

TOTAL, HIDDEN = "all", "hidden"


def count_tables() -> Iterator[tuple[str, pl.DataFrame]]:
    """Sessions by clinic and quarter, problems by term and clinic, sessions and those with a problem by compound."""
    from untoward.registry.models import Component, Reaction, Session

    sessions = Counter(
        (clinic, f"{at.year} Q{(at.month + 2) // 3}")
        for clinic, at in Session.objects.values_list("clinic__name", "at").iterator(5000)
    )
    yield "sessions-by-clinic-and-quarter", two_way(sessions, "clinic", "quarter")
    reactions = Counter(
        (term or "not coded", clinic) for term, clinic in Reaction.objects.values_list("term", "clinic__name")
    )
    yield "problems-by-term-and-clinic", two_way(reactions, "term", "clinic")
    ill = set(Reaction.objects.values_list("session_id", flat=True))
    got: dict[str, set[int]] = defaultdict(set)
    for session, compounds in Component.objects.values_list("session_id", "product__compounds").iterator(
        5000
    ):
        for entry in compounds:
            got[entry["compound"]].add(session)
    yield "problems-by-compound", _by_compound(got, ill)


def two_way(counts: Counter[tuple[str, str]], row: str, column: str) -> pl.DataFrame:
    """A table of counts with totals, its small cells hidden."""
    rows, columns = sorted({key[0] for key in counts}), sorted({key[1] for key in counts})
    if not rows:
        return pl.DataFrame({row: [], TOTAL: []}, schema={row: pl.String, TOTAL: pl.String})
    shown = suppressed([[counts[r, c] for c in columns] for r in rows])
    made = {row: [*rows, TOTAL]}
    for place, name in enumerate([*columns, TOTAL]):
        label = f"{column} {name}" if name in made else name
        made[label] = [_text(line[place]) for line in shown]
    return pl.DataFrame(made)


def _by_compound(got: dict[str, set[int]], ill: set[int]) -> pl.DataFrame:
    """Of each compound three counts of which the third follows from two: one small one hides all that give it away."""
    lines = [
        {"compound": compound, **_three(len(sessions), len(sessions & ill))}
        for compound, sessions in sorted(got.items())
    ]
    schema = dict.fromkeys(("compound", "sessions", "with_a_problem"), pl.String)
    return pl.DataFrame(lines, schema=schema)


def _three(all_of_them: int, with_one: int) -> dict[str, str]:
    small = any(0 < count < SMALLEST for count in (with_one, all_of_them - with_one))
    too_few = 0 < all_of_them < SMALLEST
    return {
        "sessions": HIDDEN if too_few else str(all_of_them),
        "with_a_problem": HIDDEN if small or too_few else str(with_one),
    }


def _text(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
