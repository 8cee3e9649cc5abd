"""The tables of the detection benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from scipy import stats

Row = dict[str, Any]

WIDE = 46


def print_tables(rows: Sequence[Row]) -> None:
    """Outbreaks first, then registries without any."""
    outbreaks = [row for row in rows if "as shown" in row]
    quiet = [row for row in rows if "joint_places" in row]
    if outbreaks:
        _print_outbreaks(outbreaks)
    if quiet:
        _print_quiet(quiet)


OUTBREAKS = """\
Share of runs in which the culprit stood first at p <= 0.01 by the look at which a third case was known, among runs with
three known ("of 3"). For the order shown also: exact 95 % limits, medians of the cases known and of the days since the
first when it was named, the share in which it ever was, and in which something else was first before. Then other orders of
the same clusters, each axis alone, and EARS and Farrington, which name a clinic only.
"""


def _print_outbreaks(rows: Sequence[Row]) -> None:
    print(OUTBREAKS)
    print(
        f"{'':{WIDE}}{'runs':>5}{'of 3':>5} | {'shown':>6}{'95 %':>8}{'cases':>6}{'days':>5}{'ever':>6}{'wrong':>6} |"
        f"{'by p':>6}{'likely':>7}{'fits':>6} | {'alone':>6}{'wrong':>6} | {'EARS':>5}{'Farr.':>7}"
    )
    for name, runs in _by_setting(rows):
        print(_outbreak_line(name, runs))


def _outbreak_line(name: str, runs: Sequence[Row]) -> str:
    three = [row for row in runs if row["as shown"]["third"] is not None]

    def third(method: str) -> str:
        return _share([bool(row[method]["third"]) for row in three])

    def wrong(method: str) -> str:
        return _share([row[method]["wrong_before"] is not None for row in runs])

    limits = _limits([bool(row["as shown"]["third"]) for row in three])
    line = f"{name[: WIDE - 1]:{WIDE}}{len(runs):5}{len(three):5} | {third('as shown'):>6}{limits:>8}"
    line += f"{_median(runs, 'as shown', 'cases'):>6}{_median(runs, 'as shown', 'days'):>5}"
    line += f"{_share([row['as shown']['cases'] is not None for row in runs]):>6}{wrong('as shown'):>6} |"
    line += f"{third('by p'):>6}{third('likeliest alarm'):>7}{third('best fitting alarm'):>6}"
    if "alone" not in runs[0]:
        return line
    could = any(row["farrington"]["could_run"] for row in runs)
    return (
        f"{line} | {third('alone'):>6}{wrong('alone'):>6} | {third('ears'):>5}"
        f"{third('farrington') if could else 'cannot':>7}"
    )


def _print_quiet(rows: Sequence[Row]) -> None:
    print(
        "\nNo outbreak at all: alarms per registry-year at p <= 0.01 (joint: groups of cases newly named, and places).\n"
    )
    print(
        f"{'':{WIDE}}{'runs':>5}{'years':>6}{'cases':>6} | {'groups':>7}{'95 %':>12}{'places':>7} | {'alone':>6} | {'EARS':>6} "
        f"{'Farr.':>6}"
    )
    for name, runs in _by_setting(rows):
        years = sum(row["years"] for row in runs)
        groups = sum(row["joint_groups"] for row in runs)
        low, high = _poisson_limits(groups)
        cases = np.mean([row["cases"] for row in runs])
        print(
            f"{name[: WIDE - 1]:{WIDE}}{len(runs):5}{years:6.0f}{cases:6.1f} | {groups / years:7.3f}"
            f"{f'{low / years:.3f}-{high / years:.3f}':>12}{sum(row['joint_places'] for row in runs) / years:7.3f}"
            f" | {_per_year(runs, 'alone_places', years):>6}"
            f" | {sum(row['ears'] for row in runs) / years:6.2f} {_per_year(runs, 'farrington', years, none='cannot'):>6}"
        )


def _per_year(runs: Sequence[Row], what: str, years: float, none: str = "-") -> str:
    if any(row[what] is None for row in runs):
        return none
    return f"{sum(row[what] for row in runs) / years:.3f}"


def _by_setting(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    names = list(dict.fromkeys(row["setting"] for row in rows))
    order = sorted(rows, key=lambda row: names.index(row["setting"]))
    return [(name, list(runs)) for name, runs in groupby(order, key=lambda row: str(row["setting"]))]


def _share(flags: Sequence[bool]) -> str:
    return f"{100 * sum(flags) / len(flags):.0f} %" if flags else "-"


def _limits(flags: Sequence[bool]) -> str:
    """Clopper and Pearson's exact 95 % limits, in percent."""
    if not flags:
        return "-"
    found = stats.binomtest(sum(flags), len(flags)).proportion_ci()
    return f"{100 * found.low:.0f}-{100 * found.high:.0f}"


def _median(runs: Sequence[Row], method: str, what: str) -> str:
    values = [row[method][what] for row in runs if row[method][what] is not None]
    return f"{np.median(values):.0f}" if values else "-"


def _poisson_limits(count: int) -> tuple[float, float]:
    """Exact 95 % limits of a Poisson count."""
    low = float(stats.chi2.ppf(0.025, 2 * count)) / 2 if count else 0.0
    return low, float(stats.chi2.ppf(0.975, 2 * count + 2)) / 2
