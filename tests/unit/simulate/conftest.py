"""Parameters for tests. The values are round numbers near published ones; no test rests on their being true."""

from collections.abc import Callable, Mapping
from math import log

import pytest

from untoward.simulate import ReactionParameter, SimulationParameters

VALUES: Mapping[str, float] = {
    "sessions-per-course-mean": 3.2,
    "interval-days-median": 28,
    "interval-days-low": 14,
    "interval-days-high": 60,
    "background-infection-per-session": 0.0005,
    "contaminated-vial-attack-rate": 0.4,
    "incubation-days-median": 30,
    "incubation-days-low": 15,
    "incubation-days-high": 60,
    "sessions-per-vial": 5,
    "patient-age-mean": 38,
    "patient-age-sd": 9,
    "share-female": 0.85,
    "allergy-per-session": 0.001,
    "reporting-delay-days-median": 3,
    "careless-practitioner-relative-risk": 40,
}


def _reaction(compound: str, term: str, n: int, median: float | None) -> ReactionParameter:
    return ReactionParameter(
        compound=compound,
        term=term,
        n=n,
        of=500,
        mu=None if median is None else log(median),
        sigma=None if median is None else 0.5,
        provenance="assumption: made up for the test",
    )


REACTIONS = (
    _reaction("injection-itself", "bruise", 300, 7),
    _reaction("injection-itself", "swelling", 200, 4),
    _reaction("injection-itself", "nodule", 15, None),
    _reaction("deoxycholic-acid", "swelling", 400, 9),
    _reaction("deoxycholic-acid", "numbness", 330, 40),
    _reaction("lidocaine", "redness", 50, None),
)


@pytest.fixture
def parameters_with() -> Callable[..., SimulationParameters]:
    """Make the test parameters with some values changed, by their evidence names."""

    def make(changes: Mapping[str, float] | None = None) -> SimulationParameters:
        values = {**VALUES, **(changes or {})}
        return SimulationParameters.of(
            values, REACTIONS, dict.fromkeys(values, "assumption: made up for the test")
        )

    return make


@pytest.fixture
def parameters(parameters_with: Callable[..., SimulationParameters]) -> SimulationParameters:
    """The test parameters as they stand."""
    return parameters_with()
