"""`untoward scan` from files to findings: read, scan, say what was found and what was taken for granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from untoward.errors import UsageError
from untoward.exchange.places import PlaceCounts, PlaceFiles, PlaceSettings, read_places
from untoward.exchange.places.columns import CASES, POPULATION
from untoward.report.scan.content import ScanContent

Progress = Callable[[str, int, int], None]
FloatArray = NDArray[np.float64]

MOST_REPLICATES = 99_999
_CLEAR = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """What to scan and how. `longest` is in periods; None stands for half of them."""

    files: PlaceFiles
    settings: PlaceSettings = field(default_factory=PlaceSettings)
    tree: Path | None = None
    largest_share: float = 0.5
    longest: int | None = None
    replicates: int = 999
    seed: int = 1
    stop_early: bool = False


def run_scan(options: ScanOptions, progress: Progress | None = None) -> ScanContent:
    """Everything that `untoward scan` shows. Raises UsageError for settings that cannot work, InputError for faulty files."""
    check_options(options)
    if options.tree is not None:
        from untoward.tasks.scanning_tree import scan_tree

        return scan_tree(options)
    from untoward.kernels.spatial_scan import Area, scan
    from untoward.tasks.scanning_content import content_of

    counts = read_places(options.files, options.settings)
    settings = options.settings
    area = Area(counts.places, counts.x, counts.y, counts.great_circle)
    baseline = _baseline(counts, settings)
    try:
        result = scan(
            area,
            counts.cases.sum(axis=2),
            baseline,
            model=settings.model,
            time=settings.time,
            largest_share=options.largest_share,
            longest=options.longest,
            replicates=options.replicates,
            seed=options.seed,
            stop_when=stop_when(options.replicates) if options.stop_early else None,
            progress=None if progress is None else lambda done, wanted: progress("simulating", done, wanted),
        )
    except ValueError as error:
        raise UsageError(f"These data cannot be scanned like this: {error}.") from error
    return content_of(options, counts, baseline, result)


def stop_when(replicates: int) -> int:
    """How many replicates must reach the observed statistic before p cannot be 0.05 or less any more."""
    return int(np.floor(_CLEAR * (replicates + 1))) + 1


def _baseline(counts: PlaceCounts, settings: PlaceSettings) -> FloatArray:
    """What cases are compared with: expected cases, people with the controls, or only how long each period is."""
    cases = counts.cases
    if settings.model == "bernoulli" and counts.controls is not None:
        everybody: FloatArray = (cases.sum(axis=2) + counts.controls).astype(float)
        return everybody
    if counts.population is None or settings.model == "permutation":
        days = np.ones(1) if counts.periods is None else np.diff(counts.periods.edges)
        return np.tile(days, (len(counts.places), 1))
    if settings.categories:
        from untoward.kernels.spatial_scan import standardised

        return standardised(cases, counts.population)
    people: FloatArray = counts.population.sum(axis=2)
    return people


def check_options(options: ScanOptions) -> None:
    """Raise UsageError, all reasons at once, for options that do not go together."""
    faults = list(_tree_faults(options) if options.tree is not None else _place_faults(options))
    if not 0 < options.largest_share <= 0.5:
        faults.append(
            f"--largest-share: got {options.largest_share:g}, expected more than 0 and at most 0.5."
        )
    if not 9 <= options.replicates <= MOST_REPLICATES:
        faults.append(f"--replicates: got {options.replicates}, expected 9 to {MOST_REPLICATES}.")
    if options.longest is not None and options.longest < 1:
        faults.append(f"--longest: got {options.longest}, expected 1 or more.")
    if faults:
        raise UsageError("\n".join(faults))


def _place_faults(options: ScanOptions) -> list[str]:
    files, settings, faults = options.files, options.settings, []
    if files.coordinates is None and settings.time != "only":
        faults.append("--coordinates: where the places are is needed, unless --time only.")
    if settings.model == "poisson" and files.population is None and settings.time != "only":
        faults.append(
            "--population: the Poisson model needs one. Without: --model permutation, or --controls."
        )
    if settings.model == "bernoulli" and files.controls is None:
        faults.append("--controls: the Bernoulli model needs people without the illness.")
    if settings.model != "bernoulli" and files.controls is not None:
        faults.append("--controls goes with --model bernoulli alone.")
    if settings.model != "poisson" and (files.population is not None or settings.categories):
        faults.append("--population and --category go with --model poisson alone.")
    taken = {column.name for table in (CASES, POPULATION) for column in table.columns}
    faults += [
        f"--category: {name} has a meaning of its own." for name in settings.categories if name in taken
    ]
    if settings.categories and files.population is None:
        faults.append("--category needs a --population with the same groups.")
    if settings.model == "permutation" and settings.time not in ("retrospective", "prospective"):
        faults.append("--model permutation compares places over time: --time retrospective or prospective.")
    if options.longest is not None and settings.time == "none":
        faults.append("--longest goes with --time retrospective, prospective or only.")
    if settings.as_of is not None and settings.last is not None:
        faults.append("--to and --as-of both end the study: give one of them.")
    given = [files.cases, files.coordinates, files.population, files.controls]
    if sum(str(path) == "-" for path in given) > 1:
        faults.append("Only one of the files can be standard input.")
    return faults


def _tree_faults(options: ScanOptions) -> list[str]:
    settings, plain = options.settings, PlaceSettings()
    faults = []
    if options.files.coordinates is not None or options.files.controls is not None:
        faults.append("--tree goes without --coordinates and --controls.")
    if settings.model != "poisson" or settings.time != "none" or settings.categories or options.longest:
        faults.append("--tree goes with --model poisson, and without --time, --longest and --category.")
    if settings.as_of is not None or settings.first is not None or settings.last is not None:
        faults.append("--tree goes without --as-of, --from and --to.")
    if settings.axes != plain.axes or options.stop_early:
        faults.append("--tree goes without --axes and --stop-early.")
    return faults
