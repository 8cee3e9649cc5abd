"""What a patient's page may name and advise (`signs.yaml`), and how facts of a finding are read back as signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from untoward.evidence.base import EvidenceBase
from untoward.model.finding import Disposition, Finding
from untoward.model.terms import Term, TermKind, TermList
from untoward.report.patient_view.texts import read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One piece of advice: with which signs and answers it is given, and the records it rests on."""

    key: str
    signs: frozenset[str]
    not_with: frozenset[str]
    at: frozenset[Disposition]
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignData:
    """Everything of `signs.yaml`."""

    described: frozenset[str]
    advice: tuple[Advice, ...]
    contexts: frozenset[str]
    attributes: Mapping[str, str]


@lru_cache(maxsize=1)
def sign_data() -> SignData:
    """The data that comes with the package."""
    tree = read_yaml("signs.yaml")
    return SignData(
        described=frozenset(tree["described"]),
        advice=tuple(
            Advice(
                key=key,
                signs=frozenset(item["signs"]),
                not_with=frozenset(item.get("not_with", ())),
                at=frozenset(map(Disposition, item["at"])),
                records=tuple(item["records"]),
            )
            for key, item in tree["advice"].items()
        ),
        contexts=frozenset(tree["contexts"]),
        attributes=tree["attributes"],
    )


def may_be_named(term: Term) -> bool:
    """Whether a term's plain name only describes what can be seen or felt. A term we know nothing of may not."""
    return term.kind is TermKind.SIGN or term.id in sign_data().described


def plain_name(term: Term, language: str) -> str | None:
    """A term as the person would say it, None when there are no such words in the language."""
    return term.plain.get(language)


def there(findings: Iterable[Finding], base: EvidenceBase) -> Iterator[tuple[Term, bool]]:
    """Each sign that these findings used and that is there, once, and whether it was found to grow or get worse."""
    terms = by_label(base.terms)
    grows: dict[str, bool] = {}
    for finding in findings:
        for name, value in finding.facts_used.items():
            if name in terms and is_yes(value):
                term = terms[name].id
                grows[term] = grows.get(term, False) or _grows(finding.facts_used, name)
    yield from ((base.terms[term], growing) for term, growing in grows.items())


def is_yes(value: str) -> bool:
    """Whether a fact says yes; details may follow ("yes, spreading yes")."""
    return value.split(",", 1)[0] == "yes"


def _grows(facts: Mapping[str, str], name: str) -> bool:
    return any(facts.get(f"{name}: {attribute}") == "yes" for attribute in ("growing", "spreading", "worse"))


def by_label(terms: TermList) -> Mapping[str, Term]:
    """Terms by the label that findings print."""
    return {term.label: term for term in terms.terms.values()}
