"""What is known of a published outbreak that an input re-enters:

`about.yaml` beside the tables, held against our figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from untoward.errors import Fault, InputError
from untoward.model.counts import ExposureResult, Proportion
from untoward.model.review import OutcomeScreen, PublishedExample, PublishedFigure

ABOUT = "about.yaml"


def read_about(folder: Path) -> Mapping[str, Any] | None:
    """The description beside the tables of a folder, or None when there is none.

    Raises InputError when it is not YAML.
    """
    path = folder / ABOUT
    if not path.is_file():
        return None
    try:
        about = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        fault = Fault(what="not readable as YAML", file=str(path), got=str(error).split("\n")[0])
        raise InputError("The description of the example could not be read.", [fault]) from error
    if not isinstance(about, dict) or not {"title", "source", "published"} <= set(about):
        fault = Fault(what="a field is missing", file=str(path), expected="title, source, published")
        raise InputError("The description of the example could not be read.", [fault])
    return about


def published_example(about: Mapping[str, Any], screen: OutcomeScreen) -> PublishedExample:
    """Printed figures beside ours;

    a figure that the re-entered numbers do not hold is shown and not compared.
    """
    source = about["source"]
    return PublishedExample(
        title=about["title"],
        citation=source["citation"],
        url=f"https://doi.org/{source['doi']}" if source.get("doi") else source.get("url"),
        what_happened=" ".join(str(about.get("what_happened", "")).split()),
        how_entered=" ".join(str(about.get("how_entered", "")).split()),
        figures=tuple(_figures(about["published"], screen)),
        not_published=(*about.get("not_published", ()), *_not_seen(about)),
    )


def _figures(published: list[Mapping[str, Any]], screen: OutcomeScreen) -> Iterator[PublishedFigure]:
    rates = _rates(screen)
    for item in published:
        if item.get("value") is None:
            continue
        counts = (int(item.get("n") or 0), item.get("of"))
        ours = rates.get(counts) if item.get("unit") == "percent" else None
        text = None if ours is None else _to_printed_digits(ours, item["value"])
        yield PublishedFigure(
            what=item["what"],
            printed=_printed(item),
            ours=f"{text} percent" if text is not None else "not in the re-entered numbers",
            agrees=None if text is None else text == str(item["value"]),
            locator=item["locator"],
        )


def _printed(item: Mapping[str, Any]) -> str:
    """What stands in print: a percentage that we worked out from printed counts is not called printed."""
    value = f"{item['value']} {item.get('unit', '')}".strip()
    if not item.get("of"):
        return value
    counts = f"{item['n']} of {item['of']}"
    return f"{counts}; the percentage is not printed" if item.get("computed") else f"{value} ({counts})"


def _not_seen(about: Mapping[str, Any]) -> Iterator[str]:
    """Things that may be published, in a part of the source that we could not open."""
    for item in about.get("not_seen", ()):
        yield f"{item} (not seen by us; it may be published)"


def _rates(screen: OutcomeScreen) -> dict[tuple[int, int | None], float]:
    """Every attack rate of the review by its counts."""
    rates: list[Proportion] = [screen.attack_rate]
    for result in screen.results:
        rates += _both_rates(result)
    return {(rate.cases, rate.n): rate.value for rate in rates if rate.value is not None}


def _both_rates(result: ExposureResult) -> list[Proportion]:
    return [result.attack_rate_exposed, result.attack_rate_unexposed]


def _to_printed_digits(share: float, printed: float | int) -> str:
    decimals = len(str(printed).partition(".")[2])
    return f"{100 * share:.{decimals}f}"
