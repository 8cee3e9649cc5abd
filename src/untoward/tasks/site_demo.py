"""The demonstration as a site: the simulated registry written into a fresh record, on the day its outbreak comes to light.

Everything is written as people would have written it, day by day, so that the trail holds. The dates are moved so that the
last of it happened today. Nobody in it exists. Beside it stand the published outbreaks, each at a clinic of its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from untoward.exchange.tables import Names, read_registry
from untoward.tasks.knowledge import evidence
from untoward.tasks.site import migrate, open_site

SAID_BY_NOW = 0.8
"""Share of the outbreak's cases that the clinics have heard of on the day the demonstration shows."""
Said = Callable[[str, int, int], None]


def build(folder: Path, say: Said, examples: Path | None = None) -> None:
    """Fill an empty record from a simulated registry folder, and from a folder of published outbreaks where one is given.

    Django must be set up, with an empty database.
    """
    from django.utils import timezone

    from untoward.tasks.site_demo_outbreaks import published_outbreaks
    from untoward.tasks.site_demo_past import lately
    from untoward.tasks.site_demo_people import staff
    from untoward.tasks.site_demo_rows import Rows
    from untoward.tasks.site_demo_story import open_matters
    from untoward.tasks.site_demo_writing import day_by_day

    migrate()
    base = evidence()
    registry = read_registry(folder, Names(compounds=base.compound_names, terms=base.terms)).registry
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["planted"][0]
    now = timezone.now()
    planted = frozenset(truth["reactions"])
    rows = Rows.of(registry, planted=planted, until=_today(registry.reactions, planted), now=now)
    people = staff(rows)
    if examples is not None:
        published_outbreaks(examples, people.users, rows.visits[0].at - timedelta(hours=20), say)
    day_by_day(rows, people, say)
    lately(people, truth["value"], now, say)
    open_matters(people, truth["value"], now, say)


def _today(reactions: pl.DataFrame, planted: Iterable[str]) -> datetime:
    """The day on which most cases of the outbreak have been told."""
    of_it = reactions.filter(pl.col("reaction_id").is_in(list(planted)))
    told = sorted(datetime.fromisoformat(text[:10]) for text in of_it["onset_date"])
    return told[int((len(told) - 1) * SAID_BY_NOW)] + timedelta(days=5)


def main(folder: str, examples: str = "") -> None:
    """Build in the home that the environment names, with one line of progress for each part."""
    open_site()
    build(Path(folder), _to_stderr, Path(examples) if examples else None)


def _to_stderr(what: str, done: int, total: int) -> None:
    if done == total or done % 500 == 0:
        sys.stderr.write(f"  {what}: {done} of {total}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
