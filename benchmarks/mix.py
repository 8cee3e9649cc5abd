"""How long a mixture check takes: 6 ingredients in-process, and loading the evidence from its cache. Judges nothing.

python benchmarks/mix.py
"""

from __future__ import annotations

import platform
import statistics
import time

ROUNDS = 500
NAMES = ("lidocaine 2% 5 ml", "aminophylline", "L-carnitine", "hyaluronidasa", "vitamin C", "PPC")
MISSPELT = ("lidocane", "aminophyline", "carnitin", "hyaluronidaze", "vitamine C", "moondust extract")


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    from untoward.evidence.load import load_evidence

    load_evidence()  # writes the cache when there is none
    load_evidence.__globals__["_load"].cache_clear()
    started = time.perf_counter()
    base = load_evidence()
    print(f"{'loading the evidence from its cache':<46}{1e3 * (time.perf_counter() - started):>10.1f} ms")

    from untoward.mixture.check import MixtureChecker

    started = time.perf_counter()
    checker = MixtureChecker(base)
    _check(checker, NAMES)
    print(f"{'first check (indexes are made)':<46}{1e3 * (time.perf_counter() - started):>10.1f} ms")
    for what, names in (
        ("6 ingredients and a person", NAMES),
        ("6 names of which most are misspelt", MISSPELT),
    ):
        times = sorted(_timed(checker, names) for _round in range(ROUNDS))
        p99 = times[int(0.99 * ROUNDS)]
        print(f"{what:<46}{1e3 * statistics.median(times):>10.2f} ms median, {1e3 * p99:.2f} ms at 99 %")


def _timed(checker, names) -> float:
    started = time.perf_counter()
    _check(checker, names)
    return time.perf_counter() - started


def _check(checker, names):
    from untoward.model.mixture import GivenIngredient, GivenMixture, Person

    person = Person(allergies=("soy",), history=("asthma",), medicines=("Sintrom",))
    given = GivenMixture(ingredients=tuple(GivenIngredient(name=name) for name in names), person=person)
    return checker.check(checker.read(given))


if __name__ == "__main__":
    main()
