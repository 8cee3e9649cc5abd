"""What an outbreak says about time, on the terminal: curves by strata, incubation, likely exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untoward.cli.outbreak_sheet import (
    named,
    p_cell,
    print_heading,
    print_method,
    print_reading,
    print_sheet,
)
from untoward.watch.wording import many

if TYPE_CHECKING:
    from rich.console import Console

    from untoward.watch.investigation.epi_strata import StratifiedCurve
    from untoward.watch.investigation.incubation import ExposurePeriod, IncubationTimes

STRATA_SHOWN = 6


def print_curve(console: Console, curve: StratifiedCurve) -> None:
    """Onsets by strata, bin by bin."""
    print_heading(
        console, f"Onsets by {' and '.join(named(column) for column in curve.by)}, bins of {curve.width}"
    )
    rows = curve.strata[:STRATA_SHOWN]
    total = ["all", *(row.stratum for row in rows), *(["not known"] if any(curve.unknown) else [])]
    print_sheet(
        console,
        ("from", *total),
        (
            (
                one.start.replace("T", " "),
                str(one.n),
                *(str(row.n[at]) for row in rows),
                *([str(curve.unknown[at])] if any(curve.unknown) else []),
            )
            for at, one in enumerate(curve.bins)
        ),
    )
    print_reading(console, curve.reading)
    if len(curve.strata) > STRATA_SHOWN:
        print_method(console, f"{len(curve.strata) - STRATA_SHOWN} more strata are in --json.")
    if curve.without_onset:
        print_method(
            console, f"{many(curve.without_onset, 'case')} without an onset exact enough: in no bin."
        )


def print_incubation(console: Console, times: IncubationTimes) -> None:
    """Times from exposure to onset."""
    print_heading(console, f"Incubation, exposed at {times.exposed_at}")
    print_reading(console, times.reading)
    if times.lower_quartile is not None and times.upper_quartile is not None:
        print_method(
            console, f"Quartiles {times.lower_quartile:.3g} and {times.upper_quartile:.3g} {times.unit}."
        )
    fit = times.log_normal
    if fit is not None:
        fits = "" if fit.p_fit is None else f" Shapiro-Wilk of the logs p {p_cell(fit.p_fit)}."
        print_method(
            console,
            f"Log-normal (Sartwell): median {fit.median:.3g} ({fit.low:.3g}–{fit.high:.3g}), dispersion"
            f" {fit.dispersion:.2f}, middle 95 % {fit.share_2_5:.3g} to {fit.share_97_5:.3g} {times.unit}.{fits}",
        )
    elif times.n:
        print_method(console, f"Log-normal: {times.reason}.")


def print_period(console: Console, period: ExposurePeriod) -> None:
    """When the cases may have been exposed."""
    usual = "" if period.usual is None else f", usually {period.usual:g}"
    print_heading(
        console,
        f"Likely exposure, incubation {period.shortest:g} to {period.longest:g} {period.unit}{usual}",
    )
    rows = [
        (which, onset.replace("T", " "), f"{span[0]} to {span[1]}".replace("T", " "))
        for which, onset, span in (
            ("earliest onset", period.earliest_onset, period.by_earliest),
            ("latest onset", period.latest_onset, period.by_latest),
        )
        if onset is not None and span is not None
    ]
    if rows:
        print_sheet(console, ("counted back from", "onset", "exposed"), rows, words=3)
    print_reading(console, period.reading)
    print_method(
        console,
        "Onset less the longest, and less the shortest incubation; the common part is one shared exposure.",
    )
    if period.unknown:
        print_method(console, f"{many(period.unknown, 'case')} left out: onset not exact enough.")
