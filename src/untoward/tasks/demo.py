"""The demonstration: a simulated registry with one contaminated vial, and the published outbreaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from untoward.model.counts import Proportion
from untoward.model.review import PublishedExample
from untoward.simulate import demo_plan
from untoward.tasks.knowledge import evidence
from untoward.tasks.reviewing import Reviewed, review, write_review
from untoward.tasks.simulating import evidence_recipes, simulate_registry

Progress = Callable[[str, int, int], None]

SEED = 7
OUTCOME = "infection"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReview:
    """The review of the simulated registry beside the planted truth, and whether the review named it first."""

    reviewed: Reviewed
    page: Path
    truth: str
    named_first: bool

    @property
    def verdict(self) -> str:
        """Whether the planted vial heads the list of exposures, in words."""
        if self.named_first:
            return "The review names it first."
        return "The review does not name it first: this is a defect, please report it."


def simulate_demo(out: Path) -> Path:
    """Write the invented clinics to `out/registry`; its path."""
    plan = demo_plan(evidence_recipes(evidence()))
    return simulate_registry(plan, out / "registry", seed=SEED, overwrite=True)


def review_simulated(out: Path, progress: Progress) -> DemoReview:
    """Simulate, review and write; the registry goes to `out/registry`, the review to `out/review`."""
    folder = simulate_demo(out)
    reviewed = review(folder, title="Three clinics over 18 months (simulated)", progress=progress)
    files = write_review(reviewed, out / "review")
    event = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["planted"][0]
    first = next(
        (
            screen.results[0]
            for screen in reviewed.review.outcomes
            if screen.outcome == OUTCOME and screen.results
        ),
        None,
    )
    return DemoReview(
        reviewed=reviewed,
        page=files["review.html"],
        truth=f"{event['axis']} {event['value']} was contaminated",
        named_first=first is not None and (first.axis, first.value) == (event["axis"], event["value"]),
    )


def review_examples(examples: Path, out: Path) -> Iterator[str]:
    """Review each published outbreak of a folder, and give one line about each."""
    for folder in sorted(path for path in examples.iterdir() if (path / "about.yaml").is_file()):
        reviewed = review(folder)
        write_review(reviewed, out / "examples" / folder.name)
        example = reviewed.review.example
        assert example is not None  # the folder has an about.yaml
        yield f"{folder.name}: {_rate(reviewed.review.outcomes[0].attack_rate)} {_against_print(example)}"


def _rate(rate: Proportion) -> str:
    if rate.value is None or rate.low is None or rate.high is None:
        return f"{rate.cases} ill; the number of people exposed was not published."
    return f"{rate.cases} of {rate.n} ill, {100 * rate.value:.1f} % (95 % {100 * rate.low:.1f} to {100 * rate.high:.1f})."


def _against_print(example: PublishedExample) -> str:
    compared = [figure for figure in example.figures if figure.agrees is not None]
    if not compared:
        return ""
    agreeing = sum(bool(figure.agrees) for figure in compared)
    return f"{agreeing} of {len(compared)} printed figures agree."
