"""Code a text: free words to the document that `untoward code` prints."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from untoward.coding.coder import Coder
from untoward.coding.lexicon import LANGUAGES, default_lexicon
from untoward.errors import UsageError
from untoward.evidence.load import load_evidence
from untoward.model.coding import CodedTerm, Coding


def code_text(text: str, *, lang: str = "auto", lexicon: Path | None = None) -> Coding:
    """Every term named in a text, with an extra lexicon file if one is given.

    Raises UsageError for a language there is none of, InputError with every fault of the extra file.
    """
    if lang not in (*LANGUAGES, "auto"):
        raise UsageError(f"--lang: got {lang!r}, expected auto, {', '.join(LANGUAGES)}.")
    return _coder(lexicon).code(text, lang)


def coding_document(coding: Coding) -> dict[str, Any]:
    """The JSON document of a coding."""
    return {
        "terms": [_term(coded) for coded in coding.terms],
        "day": coding.day,
        "lang": coding.lang,
        "unread": [list(span) for span in coding.unread],
    }


@lru_cache(maxsize=4)
def _coder(lexicon: Path | None) -> Coder:
    terms = load_evidence().terms
    own = default_lexicon()
    return Coder(terms, own if lexicon is None else own.with_extra(lexicon, terms))


def _term(coded: CodedTerm) -> dict[str, Any]:
    return {
        "term": load_evidence().terms[coded.term].label,
        "id": coded.term,
        "negated": coded.negated,
        "uncertain": coded.uncertain,
        "past": coded.past,
        "conditional": coded.conditional,
        "subject": coded.subject.value,
        "span": list(coded.span),
        "said_as": coded.said_as,
        "attributes": dict(coded.attributes),
        "alternatives": list(coded.alternatives),
    }
