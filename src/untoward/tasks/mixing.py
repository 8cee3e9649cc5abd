"""Check mixtures: from JSON or names to the answer that `untoward mix` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from untoward.evidence.load import load_evidence
from untoward.exchange.mixtures import mixture_answer, mixture_from_names, read_mixture
from untoward.mixture.check import MixtureChecker
from untoward.model.mixture import GivenMixture, MixtureCheck, Person


@dataclass(frozen=True, slots=True)
class CheckedMixture:
    """What was checked and what came of it."""

    check: MixtureCheck

    @property
    def needs_someone(self) -> bool:
        """Whether a person must decide: the verdict is block or avoid."""
        return self.check.needs_someone

    def document(self) -> dict[str, Any]:
        """The JSON document of the answer."""
        return mixture_answer(self.check, load_evidence())

    def label(self, key: str) -> str:
        """A compound's English name; any other key as words."""
        compound = load_evidence().compounds.get(key)
        return key.replace("-", " ") if compound is None else compound.label


@lru_cache(maxsize=1)
def mixture_checker() -> MixtureChecker:
    """The checker over the evidence base, made once per process."""
    return MixtureChecker(load_evidence())


def check_mixture(given: GivenMixture) -> CheckedMixture:
    """Check a mixture as it was written."""
    checker = mixture_checker()
    return CheckedMixture(checker.check(checker.read(given)))


def check_json(text: str, *, file: str) -> CheckedMixture:
    """Check the mixture of a JSON document. Raises InputError listing every fault; then nothing is checked."""
    return check_mixture(read_mixture(text, file=file))


def check_names(
    names: Sequence[str], *, person: Person, vehicle: str | None = None, country: str | None = None
) -> CheckedMixture:
    """Check names given one by one, each of which may hold a strength."""
    return check_mixture(mixture_from_names(names, person=person, vehicle=vehicle, country=country))
