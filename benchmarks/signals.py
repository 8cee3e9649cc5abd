"""How long signals take, and how much memory: counting, measures, EBGM, interactions, strata. Judges nothing.

python benchmarks/signals.py                              3,000,000 made-up reports, 5,000 drugs, 3,000 events
python benchmarks/signals.py --reports 300000             fewer
python benchmarks/signals.py --parquet 20000000           7,000 drugs and 15,000 events from Parquet files
python benchmarks/signals.py --vigipy /path/to/python     beside vigipy, installed in that Python's environment

Every part runs in a process of its own, so that its peak memory is its own. Reports are made from a seed.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve()
NOTES = """
Why answers differ: vigipy takes sums of pair counts for margins (a report with five events counts five times), so its
PRR and ROR equal ours with margins="pair_sum" and not with distinct reports. Its GPS is the mixture truncation, searched
without gradients from one start, with rates of at most 10; where it stops at its iteration cap or on that bound it gives
scores all the same. Compare the two values of -log L: the smaller one fits better.
"""


def main() -> None:
    options = _options()
    if options.part:
        PARTS[options.part](options)
        return
    print(f"{platform.machine()}, {_cpus()} processors, Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory(prefix="untoward-signals-") as folder:
        if options.parquet:
            _run("write", options, folder)
            _run("parquet", options, folder)
            return
        for part in ("count", "ratios", "shrink", "pairs", "strata"):
            _run(part, options, folder)
        if options.vigipy:
            _beside_vigipy(options, folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=3_000_000)
    parser.add_argument("--parquet", type=int, default=0, metavar="REPORTS")
    parser.add_argument("--vigipy", default="", metavar="PYTHON")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _cpus() -> int:
    import os

    return len(os.sched_getaffinity(0))


def _run(part: str, options: argparse.Namespace, folder: str) -> None:
    command = [sys.executable, str(HERE), "--part", part, "--folder", folder, "--seed", str(options.seed)]
    command += ["--reports", str(options.reports), "--parquet", str(options.parquet)]
    subprocess.run(command, check=True)


class Clock:
    """Prints what took how long, and the peak memory of the process so far."""

    def __init__(self) -> None:
        self.started = time.perf_counter()

    def tell(self, what: str) -> None:
        seconds = time.perf_counter() - self.started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{what:<74}{seconds:>9.2f} s {peak:>8.0f} MB", flush=True)
        self.started = time.perf_counter()


def _tables(options: argparse.Namespace):
    from signals_data import Made, tables

    return tables(Made(reports=options.reports, seed=options.seed))


def _load_counts(options: argparse.Namespace):
    import polars as pl

    from untoward.watch.signals import count_table

    return count_table(pl.read_parquet(Path(options.folder) / "counts.parquet"))


def count(options: argparse.Namespace) -> None:
    import polars as pl

    from untoward.watch.signals import count_matrix, report_matrix

    drugs, events = _tables(options)
    clock = Clock()
    for table in (drugs, events):
        table.select(pl.all().hash().sum())
    clock.tell(f"reading the {drugs.height + events.height:,} rows of text once")
    matrix = report_matrix(drugs, events)
    clock.tell("reports to matrices")
    counts = count_matrix(matrix)
    clock.tell(f"matrices to counts ({len(counts):,} pairs, {(counts.n >= 3).sum():,} with 3 or more)")
    counts.frame().write_parquet(Path(options.folder) / "counts.parquet")


def ratios(options: argparse.Namespace) -> None:
    from untoward.kernels import disproportionality as dp
    from untoward.watch.signals import Prior, measure
    from untoward.watch.signals.measures import shrunken

    counts = _load_counts(options)
    clock = Clock()
    cells = dp.cells(counts.n, counts.n_drug, counts.n_event, counts.n_total)
    e = dp.expected(counts.n_drug, counts.n_event, counts.n_total)
    dp.proportional_reporting_ratio(cells)
    dp.reporting_odds_ratio(cells)
    dp.chi_square(cells, yates=True)
    dp.information_component(counts.n, e)
    clock.tell("PRR, ROR, chi-square and IC, all with limits")
    dp.fisher_upper_both(cells)
    clock.tell("Fisher and mid-P")
    prior = Prior(1.15, 0.0152, 26.9, 30.1, 0.0048)
    shrunken(counts, e, prior)
    clock.tell("EBGM, EB05 and EB95 from a given prior")
    measure(counts, prior=prior)
    clock.tell("the whole table from a given prior")


def shrink(options: argparse.Namespace) -> None:
    from untoward.watch.signals import measure

    counts = _load_counts(options)
    clock = Clock()
    for form in ("component", "mixture", "full"):
        from untoward.watch.signals.measures import shrunken

        found, _scores = shrunken(counts, counts.n_drug * counts.n_event / counts.n_total, None, (form,))
        clock.tell(
            f"EBGM with its prior fitted, {form}: {'refused' if found.fit is None else 'checked summit'}"
        )
    scored = measure(counts)
    clock.tell("the whole table with its prior fitted (forms tried in turn)")
    print(*(f"    {line}" for line in scored.settings.shrinkage.lines()), sep="\n")
    scored.table.write_parquet(Path(options.folder) / "ours.parquet")


def pairs(options: argparse.Namespace) -> None:
    from untoward.watch.signals import count_matrix, pair_interactions, report_matrix

    matrix = report_matrix(*_tables(options))
    counts = count_matrix(matrix)
    clock = Clock()
    found = pair_interactions(matrix, counts)
    clock.tell(f"all pairs of drugs with an event in 3 reports or more ({found.height:,}), three baselines")


def strata(options: argparse.Namespace) -> None:
    import numpy as np
    import polars as pl

    from untoward.watch.signals import count_matrix, report_matrix, stratify

    matrix = report_matrix(*_tables(options))
    counts = count_matrix(matrix)
    drawn = np.random.default_rng(0).integers(0, 24, matrix.n_reports)
    labels = pl.DataFrame({"report_id": matrix.report_ids, "stratum": drawn}).cast({"stratum": pl.String})
    clock = Clock()
    stratify(matrix, labels, counts)
    clock.tell("24 strata: expected counts, Mantel-Haenszel, agreement, every pair")


def write_files(options: argparse.Namespace) -> None:
    from signals_data import Made, write

    made = Made(reports=options.parquet, drugs=7_000, events=15_000, seed=options.seed)
    paths = write(made, Path(options.folder))
    size = sum(file.stat().st_size for path in paths for file in path.iterdir())
    print(f"{options.parquet:,} reports in {size / 2**20:,.0f} MB of Parquet")


def parquet(options: argparse.Namespace) -> None:
    import polars as pl

    from untoward.watch.signals import count_matrix, measure, report_matrix

    scans = [pl.scan_parquet(Path(options.folder) / name / "*.parquet") for name in ("drugs", "events")]
    clock = Clock()
    rows = [
        scan.select(pl.all().hash().sum(), pl.len().alias("rows")).collect(engine="streaming")
        for scan in scans
    ]
    clock.tell(f"reading the {sum(part['rows'].item() for part in rows):,} rows once")
    matrix = report_matrix(*scans)
    clock.tell("Parquet to matrices")
    counts = count_matrix(matrix)
    del matrix
    clock.tell(f"matrices to counts ({len(counts):,} pairs, {(counts.n >= 3).sum():,} with 3 or more)")
    scored = measure(counts)
    clock.tell("every measure of every pair, EBGM fitted")
    print(*(f"    {line}" for line in scored.settings.shrinkage.lines()), sep="\n")


PARTS = {
    "count": count,
    "ratios": ratios,
    "shrink": shrink,
    "pairs": pairs,
    "strata": strata,
    "write": write_files,
    "parquet": parquet,
}

VIGIPY = """
import json, resource, sys, time
import pandas as pd, vigipy
folder = sys.argv[1]
table = pd.read_parquet(folder + "/counts.parquet", columns=["drug", "event", "n"])
table = table.rename(columns={"drug": "name", "event": "AE", "n": "count"})
told = {}
def timed(what, call):
    start = time.perf_counter()
    value = call()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"what": what, "seconds": time.perf_counter() - start, "peak": peak}), flush=True)
    return value
data = timed("convert", lambda: vigipy.convert(table))
keys = ["Product", "Adverse Event"]
found = timed("prr", lambda: vigipy.prr(data, min_events=1)).all_signals
out = found[keys + ["Count", "PRR", "CI Lower"]].rename(columns={"CI Lower": "prr_low"})
found = timed("ror", lambda: vigipy.ror(data, min_events=1)).all_signals
out = out.merge(found[keys + ["ROR"]], on=keys)
found = timed("bcpnn (normal)", lambda: vigipy.bcpnn(data, min_events=1)).all_signals
result = timed("gps truncated", lambda: vigipy.gps(data, min_events=1))
found = result.all_signals[keys + ["EBGM", "LowerBound", "UpperBound"]]
how = result.params
print(json.dumps({"prior": [float(x) for x in how["prior_param"]], "convergence": str(how["convergence"])}))
out.merge(found, on=keys).to_parquet(folder + "/vigipy.parquet")
"""


def _beside_vigipy(options: argparse.Namespace, folder: str) -> None:
    print("\nvigipy on the same counts:")
    shown = subprocess.run(
        [options.vigipy, "-W", "ignore", "-c", VIGIPY, folder], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    for line in shown.splitlines():
        if not line.startswith("{"):
            continue
        told = json.loads(line)
        if "what" in told:
            print(f"{'  ' + told['what']:<74}{told['seconds']:>9.2f} s {told['peak']:>8.0f} MB")
        else:
            print(f"    prior {told['prior']}; it says: {told['convergence']}")
            _compare(folder, told["prior"])


def _compare(folder: str, prior: list[float]) -> None:
    import numpy as np
    import polars as pl

    from untoward.kernels.gamma_poisson import Prior, negative_log_likelihood, points
    from untoward.watch.signals import count_table, measure

    counts = count_table(pl.read_parquet(f"{folder}/counts.parquet"), margins="pair_sum")
    e = counts.n_drug * counts.n_event / counts.n_total
    theirs = pl.read_parquet(f"{folder}/vigipy.parquet").rename({"Product": "drug", "Adverse Event": "event"})
    scored = measure(counts, truncations=("mixture",))
    ours = {"pair sums": scored.table, "distinct reports": pl.read_parquet(f"{folder}/ours.parquet")}
    for margins, table in ours.items():
        both = table.join(theirs, on=["drug", "event"])
        for mine, other in (("prr", "PRR"), ("ror", "ROR"), ("ebgm", "EBGM"), ("eb05", "LowerBound")):
            ratio = (both[mine] / both[other]).drop_nans().drop_nulls().to_numpy()
            low, middle, high = np.quantile(ratio[np.isfinite(ratio)], (0.05, 0.5, 0.95))
            print(
                f"    {mine} of ours ({margins}) over theirs: 5 % {low:.4f}, middle {middle:.4f}, 95 % {high:.4f}"
            )
    nll = negative_log_likelihood(Prior(*prior), points(counts.n, e), "mixture")
    fit = scored.settings.shrinkage.fit
    print(f"    -log L of their prior {nll:,.3f}, of ours {'refused' if fit is None else f'{fit.nll:,.3f}'}")
    print(*(f"    ours: {line}" for line in scored.settings.shrinkage.lines()), sep="\n")
    print(NOTES)


if __name__ == "__main__":
    main()
