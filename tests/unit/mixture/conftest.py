"""Asking about a mixture in a test as a person would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from untoward.evidence.load import load_evidence
from untoward.mixture.check import MixtureChecker
from untoward.model.answer import Answer
from untoward.model.mixture import GivenIngredient, GivenMixture, MixtureCheck, Person
from untoward.model.quantity import Quantity


@pytest.fixture(scope="session")
def base():
    return load_evidence()


@pytest.fixture(scope="session")
def checker(base):
    return MixtureChecker(base)


@pytest.fixture(scope="session")
def ask(checker: MixtureChecker) -> Callable[..., MixtureCheck]:
    """Check names; what is told of the person goes by keyword, weight in kg."""

    def check(
        *names: str,
        vehicle: str | None = None,
        country: str | None = None,
        weight: float | None = None,
        **person: Any,
    ) -> MixtureCheck:
        for field in ("pregnant", "breastfeeding"):
            person[field] = Answer.of(person.get(field))
        who = Person(weight=None if weight is None else Quantity(weight, "kg"), **person)
        ingredients = tuple(GivenIngredient(name=name) for name in names)
        given = GivenMixture(ingredients=ingredients, person=who, vehicle=vehicle, country=country)
        return checker.check(checker.read(given))

    return check


@pytest.fixture(scope="session")
def kinds() -> Callable[[MixtureCheck], set[tuple[str, str | None, tuple[str, ...]]]]:
    """Kind, verdict and subjects of every finding."""

    def of(check: MixtureCheck) -> set[tuple[str, str | None, tuple[str, ...]]]:
        return {
            (one.kind.value, None if one.verdict is None else one.verdict.value, one.subjects)
            for one in check.findings
        }

    return of


def said(findings: Sequence[Any]) -> str:
    return "\n".join(finding.statement for finding in findings)
