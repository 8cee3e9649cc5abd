"""Every setting of the detection benchmark."""

from __future__ import annotations

from collections.abc import Iterator

from detection_looks import Setting

from untoward.simulate.outbreaks import PUBLISHED_OUTBREAKS, Outbreak
from untoward.watch.clusters.search import ClusterOptions

ATTACK_RATES = (0.05, 0.10, 0.15, 0.20, 0.40)
EXPOSED = (20, 40, 80)
SIZES = (6_000, 20_000)
MONTH = 9.0
PUBLISHED_MONTH = 6.0
OFTEN = 0.002
"""Ten times the background of the evidence base: what a careless registry, or one that counts every pustule, holds."""


def grid() -> Iterator[Setting]:
    """Contaminated vials by size of the registry, people exposed and attack rate."""
    for sessions in SIZES:
        for exposed in EXPOSED:
            for rate in ATTACK_RATES:
                outbreak = Outbreak(axis="vial", exposed=exposed, attack_rate=rate, month=MONTH)
                yield Setting(name=f"vial {sessions} {exposed} {rate}", sessions=sessions, outbreak=outbreak)


def short() -> Iterator[Setting]:
    """The cells of the grid that the aim is about, and quiet registries of their size, for a short run."""
    yield from (one for one in grid() if one.sessions == SIZES[0] and one.name.split()[-1] in ("0.15", "0.4"))
    yield from (one for one in quiet() if one.sessions == SIZES[0] and one.rivals)


def published() -> Iterator[Setting]:
    """The published outbreaks in registries large enough for them."""
    for one in PUBLISHED_OUTBREAKS:
        large = one.of > 500
        yield Setting(
            name=one.name,
            sessions=max(20_000, 20 * one.of) if one.clinics == 1 else 40 * one.of,
            outbreak=one.as_outbreak(PUBLISHED_MONTH),
            big=one.clinics if large else 0,
        )


def variants() -> Iterator[Setting]:
    """Three cells of the grid with other strata, windows and backgrounds."""
    options = {
        "as built": {},
        "no strata": {"options": ClusterOptions(stratify_by=())},
        "strata of 20 or more": {"least_sessions": 20},
        "strata of 500 or more": {"least_sessions": 500},
        "windows of 60 days or less": {"options": ClusterOptions(longest_window=60.0)},
        "windows of 0 days": {"options": ClusterOptions(longest_window=0.0)},
        "background x 5": {"background": OFTEN / 2},
        "background x 10": {"background": OFTEN},
    }
    for sessions, exposed, rate in (
        (6_000, 20, 0.2),
        (6_000, 40, 0.15),
        (6_000, 80, 0.15),
        (20_000, 40, 0.15),
    ):
        outbreak = Outbreak(axis="vial", exposed=exposed, attack_rate=rate, month=MONTH)
        for name, changes in options.items():
            yield Setting(
                name=f"vial {sessions} {exposed} {rate}, {name}",
                sessions=sessions,
                outbreak=outbreak,
                rivals=False,
                **changes,
            )


def quiet() -> Iterator[Setting]:
    """Registries without any outbreak."""
    for sessions in SIZES:
        for background, said in ((None, "background as published"), (OFTEN, "background x 10")):
            yield Setting(name=f"quiet {sessions}, {said}", sessions=sessions, background=background)
            yield Setting(
                name=f"quiet {sessions}, {said}, strata of 20 or more",
                sessions=sessions,
                background=background,
                least_sessions=20,
                rivals=False,
            )


PARTS = {"short": short, "grid": grid, "published": published, "variants": variants, "quiet": quiet}
