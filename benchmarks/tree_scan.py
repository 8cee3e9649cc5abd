"""How long the tree scan takes: 5,000 leaves under three levels, 20,000 cases, one branch with twice its risk.

    python benchmarks/tree_scan.py
    python benchmarks/tree_scan.py --leaves 50000 --cases 200000 --replicates 9999

Compiling the loops (once on a machine where a cache may be written) is timed apart. Memory is the peak of the whole process.
"""

import argparse
import resource
import time

import numpy as np

from untoward.kernels.tree_scan import grow, scan

LEAVES_IN_A_BRANCH = (25, 10, 5)


def main() -> None:
    """Print seconds and memory."""
    options = arguments()
    tree, cases, expected = made(options.leaves, options.cases)
    started = time.perf_counter()
    scan(tree, cases, expected, replicates=2)
    print(f"loading and compiling, or reading the cache  {time.perf_counter() - started:8.2f} s")
    for conditional in (True, False):
        wall, cpu = time.perf_counter(), time.process_time()
        found = scan(tree, cases, expected, conditional=conditional, replicates=options.replicates)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        best = int(found.llr.argmax())
        print(
            f"{options.leaves:,} leaves, {len(tree.nodes):,} nodes, {options.cases:,} cases, {options.replicates:,} replicates, "
            f"{'conditional' if conditional else 'unconditional'}: {wall:.3f} s ({cpu:.3f} s of processor); "
            f"{tree.nodes[best]} LLR {found.llr[best]:.3f} p {found.p[best]:.5f}"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def arguments() -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--leaves", type=int, default=5000)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--replicates", type=int, default=999)
    return parser.parse_args()


def made(leaves: int, cases: int):
    """A tree, cases and expectations; the branch B1_7 has twice its share."""
    random = np.random.default_rng(5)
    names = [f"L{leaf}" for leaf in range(leaves)]
    edges, level, many = [], names, leaves
    for depth, width in enumerate(LEAVES_IN_A_BRANCH, start=1):
        many = -(-many // width)
        above = [f"B{depth}_{at}" for at in range(many)]
        edges += [(name, above[at // width]) for at, name in enumerate(level)]
        level = above
    edges += [(name, "root") for name in level]
    expected = random.gamma(2.0, 1.0, leaves)
    expected *= cases / expected.sum()
    risk = np.where(np.arange(leaves) // LEAVES_IN_A_BRANCH[0] == 7, 2.0, 1.0)
    return grow(names, edges), random.multinomial(cases, expected * risk / (expected * risk).sum()), expected


if __name__ == "__main__":
    main()
