"""Which compounds a sheet is about, which places, and how they are called in a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from untoward.aftercare.given import GivenSession
from untoward.aftercare.texts import Texts
from untoward.aftercare.topics import topics
from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Record, subjects_of
from untoward.model.names import fold, singular_forms

SIDES = ("left", "right")
"""What a recorded site says in English of its side; one that says both stays as it was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """The compounds of a session.

    `own`: those that were given, then fixed mixtures all of whose parts were given. `wider`: these and their parts.
    `unknown`: names that are no known compound. `places`: known places, None when one is unknown or none is recorded.
    """

    own: tuple[str, ...]
    wider: tuple[str, ...]
    unknown: tuple[str, ...]
    places: frozenset[str] | None

    def concerns(self, record: Record) -> bool:
        """Whether a record is about no compound in particular (a remedy is none), or about one of the session."""
        compound = getattr(record, "compound", None)
        return compound is None or compound in self.wider

    def may_be_in(self, places: Iterable[str]) -> bool:
        """Whether an injection was, or may have been, at one of these places; always when no place is asked for."""
        wanted = frozenset(places)
        return not wanted or self.places is None or bool(self.places & wanted)


def subjects_in(base: EvidenceBase, given: GivenSession) -> Subjects:
    """The compounds and places of a session."""
    parts = [part.component for part in given.components]
    given_keys = tuple(dict.fromkeys(part.compound for part in parts if part.compound))
    mixtures = (
        key
        for key, known in base.compounds.items()
        if known.parts and set(known.parts) <= set(given_keys) and key not in given_keys
    )
    own = (*given_keys, *mixtures)
    inner = [part for key in own for part in base.compounds[key].parts]
    places = [place_of(site) for site in given.sites()]
    return Subjects(
        own=own,
        wider=tuple(dict.fromkeys((*own, *inner))),
        unknown=tuple(dict.fromkeys(part.as_named for part in parts if part.compound is None)),
        places=frozenset(p for p in places if p) if places and all(places) else None,
    )


def records_about(base: EvidenceBase, compounds: Iterable[str]) -> tuple[Record, ...]:
    """Records that name one of these compounds, each once."""
    found = {
        record.key: record for key in compounds for record in base.about(key) if key in subjects_of(record)
    }
    return tuple(found.values())


def compound_name(base: EvidenceBase, key: str, texts: Texts) -> str:
    """A compound's name in a language, or those of its parts; else the English name, marked as such."""
    known = base.compounds[key]
    if texts.language in known.names:
        return known.names[texts.language]
    if has_name(base, key, texts.language):
        return " + ".join(compound_name(base, part, texts) for part in known.parts)
    return in_english(known.label, texts)


def in_english(words: str, texts: Texts) -> str:
    """Words for which a language has no text of its own: in English, and marked as such in any other language."""
    return words if texts.language == "en" else texts("injected.english_name", name=words)


def has_name(base: EvidenceBase, key: str, language: str) -> bool:
    """Whether a compound, or every part of it, has a name in a language."""
    known = base.compounds[key]
    if language in known.names:
        return True
    return bool(known.parts) and all(has_name(base, part, language) for part in known.parts)


def term_name(base: EvidenceBase, key: str, texts: Texts) -> str:
    """A reaction as patients call it; else the term list's name, in English and marked where there is no other."""
    if texts.has(f"term.{key}"):
        return texts(f"term.{key}")
    names = base.terms[key].name
    name = names.get(texts.language) or in_english(names["en"], texts)
    return name[:1].upper() + name[1:]


def place_of(site: str) -> str | None:
    """The place that a recorded site names ("left inner thigh" is the thigh); None when it names none we know."""
    found = [
        (len(alias), key)
        for alias, key in _aliases()
        if any(f" {alias} " in f" {form} " for form in singular_forms(fold(site)))
    ]
    return max(found)[1] if found else None


def site_name(site: str, texts: Texts) -> str:
    """A recorded site in a language when it is a zone of the map or a place we know by that very name, with its side.

    Anything else stays as it was recorded: it may say more than we have words for.
    """
    words = fold(site).replace("-", " ").split()
    if whole := _zone_key(words, texts):
        return texts(whole)
    sides = [side for side in SIDES if side in words]
    side = sides[0] if len(sides) == 1 else None
    unsided = [word for word in words if word != side]
    exact = _zone_key(unsided, texts) or _exactly(" ".join(unsided))
    if exact is None:
        return site
    return f"{texts(exact)}, {texts(f'side.{side}')}" if side else texts(exact)


def _zone_key(words: list[str], texts: Texts) -> str | None:
    key = f"zone.{'-'.join(words)}"
    return key if texts.has(key) else None


def _exactly(site: str) -> str | None:
    forms = set(singular_forms(fold(site)))
    return next((f"site.{key}" for alias, key in _aliases() if alias in forms), None)


@lru_cache(maxsize=1)
def _aliases() -> tuple[tuple[str, str], ...]:
    return tuple((fold(alias), key) for key, names in topics()["places"].items() for alias in (key, *names))
