"""How often one reaction follows one compound, as the simulator takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from untoward.errors import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionParameter:
    """How often one reaction follows one compound, and how long it lasts.

    `n` of `of` sessions with the compound are followed by `term` (a published figure per person is taken as per
    session). `mu` and `sigma` are mean and standard deviation of ln(days) from onset until it is over, None when no
    source gives them. `onset_median_days` is None for the usual onset within a day. `provenance` names the evidence
    records, or says what was assumed.
    """

    compound: str
    term: str
    n: int
    of: int
    mu: float | None = None
    sigma: float | None = None
    onset_median_days: float | None = None
    provenance: str = ""

    @property
    def rate(self) -> float:
        """Share of sessions followed by the reaction, before under-reporting."""
        return self.n / self.of

    def faults(self) -> Iterator[Fault]:
        """What is wrong with this reaction, one fault each."""
        place = f"reaction {self.term!r} after {self.compound!r}"
        if not (0 <= self.n <= self.of and self.of > 0):
            yield _refuse(place, "n / of", f"{self.n} / {self.of}", "0 <= n <= of and of above 0")
        if (self.mu is None) != (self.sigma is None):
            yield _refuse(place, "mu, sigma", f"{self.mu}, {self.sigma}", "both, or neither")
        if self.sigma is not None and not 0 <= self.sigma < inf:
            yield _refuse(place, "sigma", str(self.sigma), "a finite number, 0 or more")
        if self.onset_median_days is not None and not 0 < self.onset_median_days < inf:
            yield _refuse(place, "onset_median_days", str(self.onset_median_days), "a finite number above 0")


def _refuse(where: str, name: str, got: str, expected: str) -> Fault:
    return Fault(
        what="value cannot be used",
        file="simulation parameters",
        where=where,
        field=name,
        got=got,
        expected=expected,
    )
