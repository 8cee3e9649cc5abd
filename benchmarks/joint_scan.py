"""How long the joint scan takes: sessions with 13 memberships each on crossing axes, 150 cases, with and without windows.

    python benchmarks/joint_scan.py                       20,000, 200,000 and 2,000,000 sessions, 999 replicates
    python benchmarks/joint_scan.py --sessions 200000 --replicates 99999

Every size runs in a process of its own, so that peak memory is its own. Compiling the loops (once on a machine where a cache
may be written) is timed apart. "A person's visits" is how many sessions each person has: with one, an onset names the
session; with four, candidates are looked for.
"""

import argparse
import resource
import subprocess
import sys
import time
from statistics import NormalDist

import numpy as np

from untoward.kernels.joint_scan import Cases, Ground, likeliest_session, scan

NODES_PER_SESSION = 149_770 / 200_000
AXES = np.array([60000, 40000, 20000, 10000, 8000, 5000, 3000, 2000, 1000, 500, 200, 50, 20]) / 149_770
CASES = 150
HEADER = (
    " sessions     nodes  visits  windows  replicates  seconds  of processor  peak MB  largest of 19 in 20"
)


def main() -> None:
    """Every size asked for, or one size in this process."""
    options = arguments()
    if options.here:
        one_size(options.sessions[0], options.replicates, options.visits[0])
        return
    started = time.perf_counter()
    ground, cases = made(1000, 2)
    scan(ground, cases, replicates=2)
    print(
        f"loading and compiling, or reading the cache: {time.perf_counter() - started:.1f} s\n{HEADER}",
        flush=True,
    )
    for sessions in options.sessions:
        for visits in options.visits:
            again = [sys.executable, __file__, "--here", "--sessions", str(sessions), "--visits", str(visits)]
            subprocess.run([*again, "--replicates", str(options.replicates)], check=True)


def arguments() -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sessions", type=int, nargs="+", default=[20_000, 200_000, 2_000_000])
    parser.add_argument("--visits", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--replicates", type=int, default=999)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def one_size(sessions: int, replicates: int, visits: int) -> None:
    """A row for each of with and without windows, loops already compiled."""
    scan(*made(1000, 2), replicates=2)
    ground, cases = made(sessions, visits)
    for windows in (False, True):
        wall, cpu = time.perf_counter(), time.process_time()
        found = scan(ground, cases, replicates=replicates, windows=windows)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(ground.date):9,} {ground.nodes:9,} {visits:7} {'yes' if windows else 'no':>8} {replicates:11,} "
            f"{wall:8.3f} {cpu:13.3f} {peak:8.0f} {np.quantile(found.largest, 0.95):12.3f}",
            flush=True,
        )


def made(sessions: int, visits: int) -> tuple[Ground, Cases]:
    """A registry of three years without any cluster; delays are log-normal about 33 days."""
    random = np.random.default_rng(0)
    persons = max(sessions // visits, CASES)
    many = persons * visits
    first = np.arange(persons + 1) * visits
    date = np.sort(random.integers(0, 1000, (persons, visits)), axis=1).ravel().astype(float)
    sizes = np.maximum((AXES * NODES_PER_SESSION * sessions).astype(int), 2)
    base = np.concatenate([[0], np.cumsum(sizes)])
    axes = [
        start + random.integers(0, size, many, dtype=np.int32)
        for start, size in zip(base, sizes, strict=False)
    ]
    middles = (np.arange(64) + 0.5) / 64
    delays = np.array([33.0 * np.exp(0.6 * NormalDist().inv_cdf(share)) for share in middles])
    ground = Ground(
        date, first, np.ones(many), random.integers(0, 4, many), np.arange(many + 1) * len(sizes),
        np.stack(axes, 1).astype(np.int32).ravel(), int(base[-1]), delays, 120.0, np.inf,
    )  # fmt: skip
    person = random.choice(persons, CASES, replace=False)
    onset = date[first[person] + random.integers(0, visits, CASES)] + random.choice(delays, CASES)
    return ground, Cases(person, onset, ground.stratum[likeliest_session(ground, person, onset)])


if __name__ == "__main__":
    main()
