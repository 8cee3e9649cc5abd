"""Legal states of one use of a compound in one country: no two of them may hold at the same time.

A warning stands beside any state. A state without a known beginning cannot be told to overlap, and is let be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import combinations
from typing import Any

from untoward.errors import Fault
from untoward.model.names import fold
from untoward.model.time import PartialDate

Located = tuple[str, dict[str, Any]]


def overlapping_validity(records: Iterable[Located]) -> Iterator[Fault]:
    """A fault for each pair of regulatory records that hold at the same time for one use in one country.

    The dates must be dates of the calendar: another check says which are not.
    """
    uses: dict[tuple[str, str, str], list[Located]] = defaultdict(list)
    for file, item in records:
        if item["kind"] == "regulatory" and item["status"] != "warning" and item.get("valid_from"):
            uses[(item["compound"], item["country"], fold(item["use"]))].append((file, item))
    for same_use in uses.values():
        for (_file, first), (file, second) in combinations(same_use, 2):
            if _overlap(first, second):
                yield Fault(
                    what="two legal states of one use at one time",
                    file=file,
                    where=f"record {second['key']}",
                    got=f"{second['status']} beside {first['status']} of {first['key']}",
                    hint="Give the earlier one a valid_to, or word the use of one more narrowly.",
                )


def _overlap(first: dict[str, Any], second: dict[str, Any]) -> bool:
    start = max(
        PartialDate.parse(first["valid_from"]).latest(), PartialDate.parse(second["valid_from"]).latest()
    )
    ends = [_end(first), _end(second)]
    return all(end is None or start < end for end in ends)


def _end(item: dict[str, Any]) -> datetime | None:
    """First instant at which the state may no longer hold; a partial date gives its first."""
    return PartialDate.parse(item["valid_to"]).earliest() if item.get("valid_to") else None
