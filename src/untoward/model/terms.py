"""The term list: what may be seen of a person after an injection, each under one id.

The list itself is data (`evidence/data/terms`); this module says what a term is. MedDRA is licensed and not
shipped: `pt` holds the spelling that appears in public FDA data, so that public counts can be joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from untoward.model.names import NameIndex


class TermKind(Enum):
    """What a term is for: an untoward reaction, a bare sign, a measured value, or a circumstance."""

    REACTION = "reaction"
    SIGN = "sign"
    VITAL = "vital"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term. `name`, `plain` (for patients) and `synonyms` are by language code ("en", "es")."""

    id: str
    name: Mapping[str, str]
    plain: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    group: str
    kind: TermKind
    red_flag: bool = False
    pt: str | None = None
    ontology: Mapping[str, str] = field(default_factory=dict)

    def every_name(self) -> tuple[str, ...]:
        """All texts that mean this term, in every language."""
        texts = [*self.name.values(), *self.plain.values()]
        texts += [synonym for group in self.synonyms.values() for synonym in group]
        if self.pt:
            texts.append(self.pt)
        return tuple(dict.fromkeys(texts))

    @property
    def label(self) -> str:
        """The canonical English name, as printed in findings."""
        return self.name["en"]


@dataclass(frozen=True)
class TermList:
    """All terms by id, and the index that resolves any name to one of them."""

    terms: Mapping[str, Term]
    index: NameIndex

    def __getitem__(self, term_id: str) -> Term:
        return self.terms[term_id]

    def __contains__(self, term_id: str) -> bool:
        return term_id in self.terms

    def resolve(self, text: str) -> Term | None:
        """The term of a name or synonym in any language, case, singular or plural; None when unknown."""
        found = self.index.find(text)
        return None if found is None else self.terms[found]
