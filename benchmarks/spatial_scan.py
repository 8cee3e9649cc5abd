"""How long scans of counts by place and period take: New York (281 tracts), 2,000 places, 500 places by 104 weeks.

    python benchmarks/spatial_scan.py
    python benchmarks/spatial_scan.py retrospective --replicates 9999

Every scan runs in a process of its own, with one replicate first, so that compiling the loops (once on a machine where a cache
may be written) is timed apart. Seconds are those of `scan` in full: circles, counts observed, replicates, answer; memory is
the peak of the process. The 2,000 and 500 places lie at random in a square; one circle has a higher risk.
"""

import argparse
import csv
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from untoward.kernels.spatial_scan import Area, scan

NEW_YORK = Path(__file__).parents[1] / "tests" / "golden" / "data" / "new_york_leukaemia.csv"


def main() -> None:
    """Print seconds and memory of the scans named, or of all."""
    options = arguments()
    for name in options.scan or SCANS:
        if options.here:
            measure(name, options.replicates)
        else:
            again = [sys.executable, __file__, name, "--here", "--replicates", str(options.replicates)]
            subprocess.run(again, check=True)


def arguments() -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("scan", nargs="*", help=f"any of {', '.join(SCANS)}; all when none is named")
    parser.add_argument("--replicates", type=int, default=999)
    parser.add_argument("--here", action="store_true", help="in this process")
    return parser.parse_args()


def measure(name: str, replicates: int) -> None:
    """Run a scan with one replicate to compile it, and in full to time it."""
    make, options = SCANS[name]
    area, cases, baseline = make()
    started = time.perf_counter()
    scan(area, cases, baseline, replicates=1, **options)
    ready = time.perf_counter() - started
    wall, cpu = time.perf_counter(), time.process_time()
    result = scan(area, cases, baseline, replicates=replicates, **options)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    best, peak = result.clusters[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:<24} {len(cases):>6,} places x {cases.shape[1]:>3} periods, {result.total_cases:>6,} cases, "
        f"{result.replicates:,} replicates: {wall:6.2f} s ({cpu:.2f} s of processor), {peak:.0f} MB; "
        f"first scan, compiled or read from the cache, {ready:.2f} s; "
        f"LLR {best.llr:.6f}, {best.observed} vs {best.expected:.2f}, p {best.p:.4g}",
        flush=True,
    )


def new_york():
    """Tracts by longitude and latitude, leukaemia, people."""
    with NEW_YORK.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    column = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    x, y = (column[key].astype(float) for key in ("longitude", "latitude"))
    cases, people = (column[key].astype(float)[:, None] for key in ("cases", "population"))
    return Area(tuple(column["place"]), x, y, True), cases, people


def planted(places: int, periods: int, cases: int, near: int, last: int, risk: float):
    """Places at random in a square; the ``near`` places of its middle have a higher risk in the ``last`` periods."""
    random = np.random.default_rng(1)
    x, y = random.random((2, places)) * 100
    people = np.repeat(random.integers(200, 5_000, (places, 1)).astype(float), periods, axis=1)
    expected = people.copy()
    middle = np.argsort(np.hypot(x - 50, y - 50))[:near]
    expected[np.ix_(middle, range(periods - last, periods))] *= risk
    counts = random.multinomial(cases, (expected / expected.sum()).ravel()).reshape(places, periods)
    return Area(tuple(map(str, range(places))), x, y, False), counts, people


def in_weeks():
    """500 places by 104 weeks, 10,000 cases."""
    return planted(500, 104, 10_000, near=6, last=8, risk=3.7)


SCANS = {
    "new-york": (new_york, {}),
    "new-york-bernoulli": (new_york, {"model": "bernoulli"}),
    "places": (lambda: planted(2_000, 1, 20_000, near=30, last=1, risk=1.4), {}),
    "prospective": (in_weeks, {"time": "prospective"}),
    "permutation-prospective": (in_weeks, {"model": "permutation", "time": "prospective"}),
    "retrospective": (in_weeks, {"time": "retrospective"}),
    "permutation": (in_weeks, {"model": "permutation", "time": "retrospective"}),
}


if __name__ == "__main__":
    main()
