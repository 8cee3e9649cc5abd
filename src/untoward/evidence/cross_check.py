"""What is wrong between records that are sound by themselves: keys, names, numbers and dates held together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from untoward.errors import Fault
from untoward.evidence.validity import overlapping_validity
from untoward.model.names import fold
from untoward.model.time import PartialDate

Item = dict[str, Any]
Located = tuple[str, Item]
KnownKeys = Mapping[str, frozenset[str] | None]

KEY_OF = {"compounds": "key", "sources": "key", "terms": "id", "records": "key", "substances": "key"}
_DATES = ("checked", "opened", "valid_from", "valid_to")
_NOT_PART_OF_A_FACT = ("key", "note", "checked")
_MEASURED = ("incidence", "duration", "onset")


def cross_faults(located: Mapping[str, list[Located]], known: KnownKeys) -> Iterator[Fault]:
    """Faults between records: duplicates, dangling keys, names claimed twice, impossible numbers and dates.

    `located` holds records that satisfy their schema, each with the file it stands in; `known` every key that
    may be named, by section, or None for a section of which the keys are not known.
    """
    for section, pairs in located.items():
        yield from _duplicate_keys(section, pairs)
        for file, item in pairs:
            yield from _impossible_dates(file, place_of(section, item), item)
    yield from _name_clashes("compounds", located["compounds"], _compound_names)
    yield from _name_clashes("terms", located["terms"], _term_names)
    for file, item in located["compounds"]:
        yield from _dangling(
            file, place_of("compounds", item), "parts", item.get("parts", ()), known["compounds"]
        )
    yield from _parts_of_themselves(located["compounds"])
    for file, item in located["substances"]:
        yield from _dangling_groups(file, item, known)
    for file, item in located["records"]:
        yield from _dangling_keys(file, item, known)
        yield from _impossible_numbers(file, item)
    yield from _duplicate_facts(located["records"])
    yield from overlapping_validity(_with_sound_dates(located["records"]))


def _with_sound_dates(pairs: Iterable[Located]) -> list[Located]:
    return [(file, item) for file, item in pairs if not any(_impossible_dates(file, "", item))]


def place_of(section: str, item: Item) -> str:
    """How a fault names an entry: "compound lidocaine", "record dca-bruise"."""
    return f"{section[:-1]} {item.get(KEY_OF[section], 'without key')}"


def _duplicate_keys(section: str, pairs: Iterable[Located]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for file, item in pairs:
        key = item[KEY_OF[section]]
        if key in first:
            yield Fault(
                what="key used twice",
                file=file,
                where=place_of(section, item),
                hint=f"First in {first[key]}.",
            )
        first.setdefault(key, file)


def _name_clashes(
    section: str, pairs: Iterable[Located], names: Callable[[Item], list[str]]
) -> Iterator[Fault]:
    owner: dict[str, tuple[str, str]] = {}
    for file, item in pairs:
        where = place_of(section, item)
        for name in (item[KEY_OF[section]], *names(item)):
            folded = fold(name)
            if not folded:
                yield Fault(
                    what="name without a letter or digit to find it by", file=file, where=where, got=name
                )
                continue
            first_where, first_file = owner.setdefault(folded, (where, file))
            if first_where != where:
                hint = f"It also means {first_where} in {first_file}: give it to one of them."
                yield Fault(what="name means two things", file=file, where=where, got=name, hint=hint)


def _compound_names(item: Item) -> list[str]:
    return [*item["names"].values(), *item["synonyms"]]


def _term_names(item: Item) -> list[str]:
    names = [*item["name"].values(), *item.get("plain", {}).values()]
    synonyms = [word for words in item["synonyms"].values() for word in words]
    return [*names, *synonyms, *([item["pt"]] if item["pt"] else [])]


def _parts_of_themselves(pairs: Iterable[Located]) -> Iterator[Fault]:
    parts = {item["key"]: item.get("parts", ()) for _file, item in pairs}
    for file, item in pairs:
        reached: set[str] = set()
        waiting = list(item.get("parts", ()))
        while waiting:
            part = waiting.pop()
            if part not in reached:
                reached.add(part)
                waiting.extend(parts.get(part, ()))
        if item["key"] in reached:
            yield Fault(
                what="the compound is a part of itself",
                file=file,
                where=f"compound {item['key']}",
                field="parts",
            )


def _dangling_keys(file: str, item: Item, known: KnownKeys) -> Iterator[Fault]:
    where = place_of("records", item)
    yield from _dangling(file, where, "source", [item["source"]], known["sources"])
    for field in ("compound", "remedy"):
        yield from _dangling(file, where, field, [item[field]] if field in item else [], known["compounds"])
    yield from _dangling(file, where, "compounds", item.get("compounds", ()), known["compounds"])
    yield from _dangling(file, where, "term", [item["term"]] if "term" in item else [], known["terms"])


def _dangling_groups(file: str, item: Item, known: KnownKeys) -> Iterator[Fault]:
    """A substance may count as another substance, or as a circumstance that the term list has."""
    where, substances, terms = place_of("substances", item), known["substances"], known["terms"]
    both = None if substances is None or terms is None else substances | terms
    yield from _dangling(file, where, "groups", item.get("groups", ()), both)
    yield from _dangling(file, where, "compounds", item.get("compounds", ()), known["compounds"])


def _dangling(
    file: str, where: str, field: str, keys: Iterable[str], known: frozenset[str] | None
) -> Iterator[Fault]:
    for key in keys:
        if known is not None and key not in known:
            yield Fault(what=f"no such {field}", file=file, where=where, field=field, got=key)


def _impossible_numbers(file: str, item: Item) -> Iterator[Fault]:
    where = place_of("records", item)
    if item.get("n") is not None and item.get("of") is not None and item["n"] > item["of"]:
        yield Fault(what="n is more than of", file=file, where=where, got=f"{item['n']} of {item['of']}")
    ordered = [item[name] for name in ("low", "median", "high") if item.get(name) is not None]
    if ordered != sorted(ordered):
        yield Fault(what="low, median and high out of order", file=file, where=where, got=str(ordered))
    points = [(point["day"], point["percent"]) for point in item.get("resolved", ())]
    percents = [percent for _day, percent in points]
    if points != sorted(points) or percents != sorted(percents):
        what = "share resolved falls with time"
        yield Fault(what=what, file=file, where=where, field="resolved", got=str(points))
    if "low" in item and "high" in item and item["kind"] in ("duration", "onset") and "interval" not in item:
        what = "low and high without saying what they are"
        yield Fault(what=what, file=file, where=where, field="interval")


def _impossible_dates(file: str, where: str, item: Item) -> Iterator[Fault]:
    dates: dict[str, PartialDate] = {}
    for field in _DATES:
        text = item.get(field)
        if text is None:
            continue
        try:
            dates[field] = PartialDate.parse(text)
        except ValueError:
            yield Fault(what="no calendar has this date", file=file, where=where, field=field, got=text)
    first, last = dates.get("valid_from"), dates.get("valid_to")
    if first is not None and last is not None and last.latest() <= first.earliest():
        yield Fault(
            what="valid_to is before valid_from",
            file=file,
            where=where,
            field="valid_to",
            got=f"{first} to {last}",
        )


def _duplicate_facts(pairs: Iterable[Located]) -> Iterator[Fault]:
    """The same measure of the same thing from the same place in the same source, entered twice.

    Other words for the same figures do not make another fact of them.
    """
    first: dict[str, str] = {}
    for file, item in pairs:
        apart = (*_NOT_PART_OF_A_FACT, *(["statement"] if item["kind"] in _MEASURED else []))
        fact = json.dumps({name: item[name] for name in sorted(item) if name not in apart}, sort_keys=True)
        if fact in first:
            hint = f"Also {first[fact]}."
            yield Fault(what="the same fact twice", file=file, where=place_of("records", item), hint=hint)
        first.setdefault(fact, item["key"])
