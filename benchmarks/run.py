"""Measure what users wait for. Prints a table; judges nothing."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)
SEED = 1
WARM_UP = 20
CASES = 4_000


def main() -> None:
    options = _options()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    if not options.skip_assess:
        _print_assessment_rates()
        _print_start_times()
    _print_reviews(options.sessions or SIZES)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, nargs="*", help=f"sizes to review (default {SIZES})")
    parser.add_argument("--skip-assess", action="store_true", help="reviews alone")
    return parser.parse_args()


def _print_assessment_rates() -> None:
    from untoward.exchange.cases import assessment_document, case_from
    from untoward.tasks.knowledge import assessor, case_names

    judge, names = assessor(), case_names()
    kinds = {"structured findings": _structured_cases(), "free text": _text_cases()}
    print(f"{'cases assessed per second, one core':<46}{'per second':>12}")
    for kind, documents in kinds.items():
        _print_rate(kind, documents, lambda document: judge.assess(case_from(document, names)))
    terms = judge.evidence.terms
    _print_rate(
        "structured, as the whole JSON document",
        kinds["structured findings"],
        lambda document: assessment_document(judge.assess(case_from(document, names)), terms),
    )
    print()


def _print_rate(
    kind: str, documents: list[dict[str, object]], work: Callable[[dict[str, object]], object]
) -> None:
    for document in documents[:WARM_UP]:
        work(document)
    started = time.perf_counter()
    for document in documents:
        work(document)
    print(f"  {kind:<44}{len(documents) / (time.perf_counter() - started):>12,.0f}")


def _structured_cases() -> list[dict[str, object]]:
    """Different in day, compound, size and signs, as a clinic's cases are."""
    compounds = ("lecithin", "deoxycholic acid", "procaine", "lidocaine", "hyaluronic acid")
    signs = ("bruise", "swelling", "nodule", "redness", "pain", "itch")
    return [
        {
            "sessions": [{"day": 0, "sites": ["thigh"], "components": [{"compound": compounds[i % 5]}]}],
            "observations": [
                {
                    "day": i % 60,
                    "findings": {
                        signs[i % 6]: {"size_cm": 0.5 + i % 9},
                        "fever": i % 7 == 0,
                        "temperature_c": 36.2 + i % 3,
                        "warmth": i % 5 == 0,
                    },
                }
            ],
        }
        for i in range(CASES)
    ]


def _text_cases() -> list[dict[str, object]]:
    parts = (
        "a red warm lump",
        "hard bumps in a row",
        "no fever",
        "swollen and very itchy",
        "me salieron bolitas duras",
    )
    return [
        {"observations": [{"day": i % 60, "text": f"{parts[i % 5]} and {parts[(i // 5) % 5]}, number {i}"}]}
        for i in range(CASES)
    ]


def _print_start_times() -> None:
    print(f"{'time to start':<46}{'seconds':>12}")
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "XDG_CACHE_HOME": cache}
        load = (
            "import time; t = time.perf_counter(); from untoward.evidence.load import load_evidence; "
            "load_evidence(); print(time.perf_counter() - t)"
        )
        for name in ("evidence base, first time", "evidence base, from its cache"):
            done = subprocess.run(
                [sys.executable, "-c", load], env=env, capture_output=True, text=True, check=True
            )
            print(f"  {name:<44}{float(done.stdout):>12.3f}")
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "untoward.cli", "--help"], env=env, capture_output=True, check=True
        )
        print(f"  {'untoward --help, whole process':<44}{time.perf_counter() - started:>12.3f}\n")


def _print_reviews(sizes: list[int] | tuple[int, ...]) -> None:
    print(f"{'review of sessions':>20}{'reactions':>12}{'seconds':>10}{'peak MB':>10}{'µs per session':>16}")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            registry = Path(folder) / f"registry-{size}"
            _simulate(size, registry)
            measured = _review(registry, Path(folder) / f"review-{size}")
            each = 1e6 * measured["seconds"] / measured["sessions"]
            print(
                f"{measured['sessions']:>20,}{measured['reactions']:>12,}{measured['seconds']:>10.1f}"
                f"{measured['peak_mb']:>10,.0f}{each:>16.1f}",
                flush=True,
            )


def _simulate(size: int, folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "untoward.cli",
        "simulate",
        str(folder),
        "--sessions",
        str(size),
        "--seed",
        str(SEED),
    ]
    subprocess.run(command, check=True, capture_output=True)


def _review(registry: Path, out: Path) -> dict[str, float]:
    """Review in a process of its own; its peak memory is what the kernel counted for it."""
    command = [sys.executable, "-m", "untoward.cli", "review", str(registry), "--out", str(out)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"The review failed: {process.stderr.read().decode() if process.stderr else ''}")
    totals = json.loads((out / "review.json").read_text())["totals"]
    return {
        "sessions": totals["sessions"],
        "reactions": totals["reactions"],
        "seconds": seconds,
        "peak_mb": usage.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
