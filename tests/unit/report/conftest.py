"""The made-up review that all tests of the report share."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from untoward.model.review import PublishedExample, PublishedFigure, Review, Totals


def module_beside(name: str) -> ModuleType:
    """A module of this folder that is no test."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    """The module that makes reviews up."""
    return module_beside("example_review")


@pytest.fixture(scope="session")
def review(made_up: ModuleType) -> Review:
    """A full review: eight urgent cases, twelve off course, four outcomes, two clusters, a curve, gaps, evidence."""
    made: Review = made_up.example_review()
    return replace(made, clusters=module_beside("example_clusters").cluster_answer())


@pytest.fixture(scope="session")
def empty_review(review: Review) -> Review:
    """A review of nothing: every list empty, every total unknown."""
    totals = Totals(
        sessions=None, patients=None, components=None, reactions=0, observations=None, clinics=None,
        first_date=None, last_date=None
    )  # fmt: skip
    return Review(
        title="Empty registry",
        provenance=replace(review.provenance, as_of=None, inputs={}, parameters={}),
        totals=totals,
        dispositions={}, urgent=(), off_course=(), off_course_total=0, courses=(), outcomes=(), epi_curves=(), missing=(),
        unrecognised=(), columns=(), ledger=(), faults_left_out=0, evidence=(),
    )  # fmt: skip


@pytest.fixture(scope="session")
def published_example() -> PublishedExample:
    """A made-up publication beside our figures; 17 of 77 is 22.1 %, exact 95 % 13.4 to 33.0 (scipy binomtest)."""
    return PublishedExample(
        title="Made-up outbreak in one clinic",
        citation="Invented citation for tests, no such paper",
        url="https://example.org/outbreak",
        what_happened="Seventeen of 77 people treated in one clinic had abscesses under the skin.",
        how_entered="Two rows for 77 people from the printed totals; no row carries a date.",
        figures=(
            PublishedFigure(
                what="attack rate", printed="22.1 %", ours="22.1 %", agrees=True, locator="abstract"
            ),
            PublishedFigure(what="cases", printed="17", ours="17", agrees=True, locator="abstract"),
            PublishedFigure(
                what="samples positive", printed="0", ours="not entered", agrees=None, locator="table 2"
            ),
        ),
        not_published=("onset of single patients", "how often each was treated"),
    )
