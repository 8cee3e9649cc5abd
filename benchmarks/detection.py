"""After which case of an outbreak the culprit is named, and how often something is named without any. Judges nothing.

    python benchmarks/detection.py                                   a short version: 10 runs of 8 settings
    python benchmarks/detection.py --runs 100 --part grid published quiet variants --out runs.jsonl
    python benchmarks/detection.py --table runs.jsonl                the tables of runs kept

Every run simulates a registry, reads it as the program would, and looks at it after each week in which an infection became
known, with what was known then. Beside the joint scan: each axis scanned alone with Bonferroni over axes, EARS C2 and
Farrington's original method per clinic on weekly counts. Runs are made from seeds
0, 1, 2, ... (or from --first on); two processes at most.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

for name in ("NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # a run is small: threads would only wait for each other

from detection_looks import Setting  # noqa: E402
from detection_runs import Row, outbreak_run, quiet_run  # noqa: E402
from detection_settings import PARTS  # noqa: E402
from detection_tables import print_tables  # noqa: E402

PROCESSES = 2


def main() -> None:
    """Run what was asked for, keep the runs if asked to, print the tables."""
    options = _options()
    if options.table:
        print_tables([json.loads(line) for file in options.table for line in file.open()])
        return
    started = time.perf_counter()
    rows = list(_rows(options))
    print_tables(rows)
    print(f"\n{len(rows)} runs in {time.perf_counter() - started:.0f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=10, help="registries for each setting")
    parser.add_argument("--part", nargs="+", choices=sorted(PARTS), default=["short"])
    parser.add_argument("--only", default="", help="settings whose name has this in it")
    parser.add_argument("--out", type=Path, help="keep one line of JSON per run here (added at the end)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first registry")
    parser.add_argument("--table", type=Path, nargs="+", help="print the tables of runs kept, run nothing")
    return parser.parse_args()


def _rows(options: argparse.Namespace) -> Iterator[Row]:
    settings = [one for part in options.part for one in PARTS[part]() if options.only in one.name]
    # Every setting gets its first run before any gets its second, so that a run cut short has all of them.
    tasks = [(one, seed) for seed in range(options.first, options.first + options.runs) for one in settings]
    out = options.out.open("a") if options.out else None
    with Pool(PROCESSES) as pool:
        for done, row in enumerate(pool.imap_unordered(_one, tasks), 1):
            if out:
                out.write(json.dumps(row) + "\n")
                out.flush()
            if sys.stderr.isatty():
                print(f"\r{done} of {len(tasks)}", end="", file=sys.stderr)
            yield row


def _one(task: tuple[Setting, int]) -> Row:
    setting, seed = task
    return quiet_run(setting, seed) if setting.outbreak is None else outbreak_run(setting, seed)


if __name__ == "__main__":
    main()
