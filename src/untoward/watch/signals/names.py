"""One name for one drug: salts, strengths, forms and lots taken off, brands turned into what is in them.

    dictionary = read_dictionary(Path("brands.csv"))          # columns: brand, ingredient
    named = normalise(tables, compounds=base.compound_names, dictionary=dictionary)
    named.tables, named.changes                               # every name that changed, to what, by what, how often
    candidates(named, least=3)                                # look-alikes, for a person to judge

Readers already put the source's own active ingredient into ``drug`` where it has one. Each distinct name then
goes, as it stands and after cleaning, to the user's dictionary, and then to the compounds and synonyms of the
evidence base; the first that knows it names it. A name that none knows keeps its cleaned form. Nothing is guessed:
a name that merely looks like a known one is offered by `candidates` and stays as it is until the user's dictionary
says otherwise. A combination stays a combination, its parts named one by one and put in alphabetical order;
``split`` makes a row of each part instead. ``as_reported`` is never touched.

The words that are taken off stand in ``data/drug-wording.yaml``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import polars as pl
import yaml

from untoward.errors import Fault, InputError, OutsideError, UsageError
from untoward.model.names import NameIndex, fold
from untoward.model.reports import ReportTables

BETWEEN = " / "
"""Stands between the parts of a combination."""

AS_IT_WAS, CLEANED, DICTIONARY, COMPOUND = "as it was", "cleaned", "dictionary", "compound"
"""How a name came about, in the column ``how``. A combination is named by the strongest of its parts' ways."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")

_STRENGTH_OF_WAY = (AS_IT_WAS, CLEANED, COMPOUND, DICTIONARY)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Named:
    """Reports with normalised names.

    ``changes`` has a row per distinct name as it was: ``name, drug, how, rows``. ``known`` are the names that the
    dictionary and the evidence base give.
    """

    tables: ReportTables
    changes: pl.DataFrame
    known: tuple[str, ...]


def normalise(
    tables: ReportTables,
    *,
    compounds: NameIndex | None = None,
    dictionary: Mapping[str, str] | None = None,
    clean: bool = True,
    split: bool = False,
) -> Named:
    """The reports with one name per drug.

    ``compounds``: the names of the evidence base (``EvidenceBase.compound_names``); a compound is called by its key,
    in capitals and with spaces. ``dictionary``: name to ingredient, as `read_dictionary` gives it. ``clean``: take salts,
    strengths and forms off; leave it out for cosmetics and food, where a cream and a gel of one name are two
    products. ``split``: a row for each part of a combination.
    """
    namer = _Namer(compounds, dictionary or {}, cleaned if clean else _tidy)
    counts = tables.drugs.group_by("drug").len("rows").drop_nulls("drug").sort("drug")
    found = [namer(name) for name in counts["drug"]]
    columns = {"drug": [name for name, _ in found], "how": [how for _, how in found]}
    changes = counts.rename({"drug": "name"}).with_columns(
        pl.Series(name, values, pl.String) for name, values in columns.items()
    )
    changes = changes.select("name", "drug", "how", pl.col("rows").cast(pl.Int64))
    renamed = tables.drugs.with_columns(
        pl.col("drug").replace_strict(changes["name"], changes["drug"], default=None, return_dtype=pl.String)
    )
    if split:
        renamed = renamed.with_columns(pl.col("drug").str.split(BETWEEN)).explode("drug")
    return Named(tables=replace(tables, drugs=renamed), changes=changes, known=namer.known)


def cleaned(name: str) -> str:
    """A name without strengths, lots, forms and salts; in capitals. The name itself if nothing is left."""
    upper = text = _tidy(name)
    for pattern in _patterns():
        text = pattern.sub(" ", text)
    words = _BRACKETS.sub(_told_in_brackets, text).replace(",", " ").strip(" .-/").split()
    while len(words) > 1 and words[-1].strip(".") in _strippable() and _stands_alone(words[:-1]):
        words.pop()
    return " ".join(words).strip(" .-") or upper


def _tidy(name: str) -> str:
    return " ".join(name.upper().split())


def read_dictionary(path: Path) -> dict[str, str]:
    """The user's names: a CSV with columns ``brand`` and ``ingredient`` (comma or semicolon, UTF-8).

    Raises InputError with every faulty row: an empty field, or a brand that is given two ingredients; OutsideError
    when the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OutsideError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    head = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ",")
    missing = {"brand", "ingredient"} - {(name or "").strip().lower() for name in rows.fieldnames or ()}
    if missing:
        faults = [Fault(what="column missing", file=path.name, field=name) for name in sorted(missing)]
        raise InputError("The dictionary of names cannot be used.", faults)
    return _entries(rows, path.name)


def _entries(rows: Iterable[Mapping[str | None, str | None]], file: str) -> dict[str, str]:
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for line, row in enumerate(rows, start=2):
        told = {(name or "").strip().lower(): (value or "").strip() for name, value in row.items() if name}
        brand, ingredient = fold(told["brand"]), told["ingredient"].upper()
        where = f"line {line}"
        if not brand or not ingredient:
            faults.append(Fault(what="brand or ingredient empty", file=file, where=where))
        elif found.setdefault(brand, ingredient) != ingredient:
            what = f"{told['brand']!r} is given two ingredients"
            faults.append(Fault(what=what, file=file, where=where, got=f"{found[brand]}, {ingredient}"))
    if faults:
        raise InputError("The dictionary of names cannot be used.", faults)
    return found


def candidates(
    named: Named, *, known: Iterable[str] = (), least: int = 3, cutoff: float = 88.0, limit: int = 3
) -> pl.DataFrame:
    """Names that look like a known one and are not it, for a person to judge; nothing is changed.

    ``known``: more names to compare with, beside those of the dictionary and the evidence base. ``least``: rows that
    a name must have to be asked about. ``cutoff``: similarity from 0 to 100 (RapidFuzz ratio). Columns: ``name, rows,
    candidate, similarity``, the most frequent name first, at most ``limit`` candidates each; names that a word of one or two
    letters tells apart are no candidates.
    """
    from rapidfuzz import fuzz, process  # imported here: only a review pays for it

    if not 0 <= cutoff <= 100 or limit < 1:
        raise UsageError(f"cutoff, limit: got {cutoff}, {limit}, expected 0 to 100, and 1 or more")
    choices = sorted({*named.known, *(name.upper() for name in known)})
    asked = (
        named.changes.filter(~pl.col("drug").is_in(choices))
        .group_by("drug")
        .agg(pl.col("rows").sum())
        .filter(pl.col("rows") >= least)
        .sort("rows", "drug", descending=[True, False])
    )
    rows = [
        (name, count, choice, float(score))
        for name, count in asked.iter_rows()
        for choice, score, _ in process.extract(
            name, choices, scorer=fuzz.ratio, limit=limit, score_cutoff=cutoff
        )
        if not _differ_in_a_mark(name, choice)
    ]
    kinds = {"name": pl.String, "rows": pl.Int64, "candidate": pl.String, "similarity": pl.Float64}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def group_events(tables: ReportTables, groups: pl.DataFrame, level: str) -> ReportTables:
    """The reports with each event replaced by its groups of one level.

    ``groups`` has ``event, level, group``, as read from the user's MedDRA files. An event in two groups of the level
    counts in both; an event that the groups do not know stays as it is. Raises UsageError for a level that is not
    there.
    """
    if level not in groups["level"]:
        raise UsageError(
            f"level: got {level!r}, expected one of {', '.join(groups['level'].unique().sort())}"
        )
    key = pl.col("event").str.to_uppercase().alias("key")
    of_level = groups.filter(pl.col("level") == level).select(key, "group").unique(maintain_order=True)
    events = tables.events.with_columns(key).join(of_level, on="key", how="left", maintain_order="left")
    grouped = events.with_columns(pl.coalesce("group", "event").alias("event")).drop("key", "group")
    return replace(tables, events=grouped.unique(maintain_order=True))


def _differ_in_a_mark(one: str, other: str) -> bool:
    """Whether words of one or two letters tell two names apart: "VITAMIN D" is no slip for "VITAMIN A"."""
    return any(len(word) <= 2 for word in set(one.split()) ^ set(other.split()))


class _Namer:
    """From any name to the one used, and how it was found."""

    def __init__(
        self, compounds: NameIndex | None, dictionary: Mapping[str, str], clean: Callable[[str], str]
    ) -> None:
        self.clean = clean
        keys = {} if compounds is None else compounds.keys
        self.compounds = NameIndex({n: key for n, key in keys.items() if key not in _wording()["no_drug"]})
        self.dictionary = {fold(name): ingredient.upper() for name, ingredient in dictionary.items()}
        shown = {_shown(key) for key in self.compounds.keys.values()}
        self.known = tuple(sorted(shown | set(self.dictionary.values())))

    def __call__(self, name: str) -> tuple[str, str]:
        whole = self._known(name)
        if whole is not None:
            return whole
        parts = [part for part in _separator().split(name.upper()) if part.strip()]
        if len(parts) < 2 or _is_product(name):
            return self._one(name)
        named = [self._one(part.strip()) for part in parts]
        shown = BETWEEN.join(sorted({part for part, _ in named}))
        how = max((way for _, way in named), key=_STRENGTH_OF_WAY.index)
        return shown, CLEANED if how == AS_IT_WAS and shown != name else how

    def _one(self, name: str) -> tuple[str, str]:
        bare = self.clean(name)
        return self._known(name) or self._known(bare) or (bare, AS_IT_WAS if bare == name else CLEANED)

    def _known(self, name: str) -> tuple[str, str] | None:
        ingredient = self.dictionary.get(fold(name))
        if ingredient is not None:
            return ingredient, DICTIONARY
        key = self.compounds.find(name)
        return None if key is None else (_shown(key), COMPOUND)


def _is_product(name: str) -> bool:
    """Whether a name ends in brackets that say something: "DTAP + IPV (A BRAND)" is one product, not two."""
    last = list(_BRACKETS.finditer(name.upper()))[-1:]
    return any(match.end() == len(name.rstrip()) and _told_in_brackets(match) != " " for match in last)


def _told_in_brackets(match: re.Match[str]) -> str:
    """What stands in brackets, or nothing when it is all salts, forms and marks."""
    words = re.findall(r"[^\W_]+", match[0])
    return " " if all(word in _strippable() for word in words) else match[0]


def _shown(key: str) -> str:
    return key.replace("-", " ").upper()


def _stands_alone(words: list[str]) -> bool:
    return any(word not in _wording()["never_alone"] for word in words)


@lru_cache(maxsize=1)
def _wording() -> dict[str, frozenset[str]]:
    text = files("untoward.watch.signals").joinpath("data", "drug-wording.yaml").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in yaml.safe_load(text).items()}


@lru_cache(maxsize=1)
def _strippable() -> frozenset[str]:
    words = _wording()["salts"] | _wording()["forms"]
    return words | {f"{word}S" for word in words}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Lots, and numbers with units."""
    units = "|".join(sorted(map(re.escape, _wording()["units"]), key=len, reverse=True))
    amount = rf"\d+(?:[.,]\d+)*\s*-?\s*(?:{units})S?"
    return (
        re.compile(r"\b(?:LOT|BATCH)\b\s*(?:NO|NR|NUMBER)?[\s.:#]*(?=[A-Z]*\d)[A-Z0-9-]+"),
        re.compile(
            rf"(?<![A-Z0-9-]){amount}(?:\s*(?:/|PER\s)\s*(?:\d+(?:[.,]\d+)*\s*)?(?:{units})S?)*(?![A-Z0-9])"
        ),
    )


@lru_cache(maxsize=1)
def _separator() -> re.Pattern[str]:
    return re.compile(
        "|".join(re.escape(mark) for mark in sorted(_wording()["separators"], key=len, reverse=True))
    )
