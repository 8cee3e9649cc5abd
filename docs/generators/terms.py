"""terms.md: the term list, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from generators.text import code, page, table
from untoward.evidence.load import load_evidence
from untoward.model.terms import Term, TermKind

KIND_WORDS: Mapping[TermKind, str] = {
    TermKind.REACTION: "reaction",
    TermKind.SIGN: "sign",
    TermKind.VITAL: "measured value",
    TermKind.CONTEXT: "circumstance",
}

INTRODUCTION = """
What may be seen of a person after an injection. A term is accepted by its id, its name or any synonym, in any language
listed, in any case, singular or plural. A word that is in no list is returned as unrecognised and treated as unknown, never
dropped. A red flag is never left without an answer: when no other rule takes it up, RED01 does.

The column "in public data" holds the spelling that public FDA files use. MedDRA itself is licensed and is not part of this
package.
"""


def pages() -> Mapping[str, str]:
    """The page of all terms."""
    terms = sorted(load_evidence().terms.terms.values(), key=lambda term: (term.group, term.id))
    by_group = groupby(terms, key=lambda term: term.group)
    parts = [f"## {group}\n\n{_group_table(members)}" for group, members in by_group]
    return {
        "terms.md": page("Terms", "`evidence/data/terms`", f"{INTRODUCTION}\n{len(terms)} terms.", *parts)
    }


def _group_table(terms: Iterable[Term]) -> str:
    headers = ("Id", "English", "Spanish", "For patients", "Synonyms", "Kind", "Red flag", "In public data")
    return table(headers, [_row(term) for term in terms])


def _row(term: Term) -> tuple[str, ...]:
    synonyms = [word for _language, words in sorted(term.synonyms.items()) for word in words]
    return (
        code(term.id),
        term.label,
        term.name.get("es", ""),
        term.plain.get("en", ""),
        ", ".join(dict.fromkeys(synonyms)),
        KIND_WORDS[term.kind],
        "yes" if term.red_flag else "",
        term.pt or "",
    )
