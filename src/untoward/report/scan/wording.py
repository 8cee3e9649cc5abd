"""A scan in plain words: the finding, how readily chance makes one like it, and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence

from untoward.report.numbers import count, counted
from untoward.report.scan.content import CLEAR, FoundCluster, ScanSettings, ScanTotals

_NAMED = 3
_RARE = 0.1
NOT_A_CAUSE = "A cluster is an association. It does not say what caused the cases, and chance makes some."

MODELS = {
    "poisson": "Poisson: cases in proportion to the population at risk",
    "bernoulli": "Bernoulli: each person a case or a control",
    "permutation": "space-time permutation: cases alone, place against time",
    "tree": "conditional Poisson on a tree",
}
TIMES = {
    "none": "places alone, time not used",
    "retrospective": "every time window",
    "prospective": "time windows that reach the last period",
    "only": "time alone, all places together",
}


def figure(value: float | None) -> str:
    """A number with three digits that count, "–" for none."""
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.1f}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"


def p_text(p: float | None) -> str:
    """A p value as it is: never 0, never cut to "< 0.05"."""
    if p is None:
        return "–"
    return f"{p:.3f}".rstrip("0") if p >= 0.001 else f"{p:.2g}"


def where_text(cluster: FoundCluster, distance_unit: str) -> str:
    """As in "at 31 places within 12.3 km of 52", or "in branch Node3"."""
    names = [place.value for place in cluster.where]
    if not names:
        return "at all places together"
    if cluster.where[0].axis == "node":
        return f"in branch {names[0]}"
    if len(names) == 1:
        return f"at {_named(names[0])}"
    return f"at {counted(len(names), 'place')} within {figure(cluster.radius)} {distance_unit} of {_named(cluster.centre)}"


def _named(place: str | None) -> str:
    """The place, with the word before it where it is a bare number."""
    name = place or ""
    return f"place {name}" if name.isdigit() else name


def names_text(cluster: FoundCluster) -> str:
    """The first places, and how many more."""
    names = [place.value for place in cluster.where]
    more = f" and {count(len(names) - _NAMED)} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}" or "all places"


def window_text(cluster: FoundCluster) -> str:
    """As in "from 1985-01-01 to 1989-12-31"; empty when time was not scanned."""
    if not cluster.in_window:
        return ""
    return f"from {cluster.first_day} to {cluster.last_day}"


def risk_text(cluster: FoundCluster, model: str) -> str:
    """How many times more than elsewhere, or than expected."""
    if cluster.relative_risk is None:
        return "and all other places had none"
    if model == "permutation":
        return f"{figure(cluster.relative_risk)} times as many"
    return f"{figure(cluster.relative_risk)} times the risk elsewhere"


def chance_text(p: float, replicates: int, kind: str) -> str:
    """How often chance alone makes something as striking, in words."""
    what = {"places": "on a map", "time": "in a period", "tree": "on a tree"}[kind]
    if p > _RARE:
        return f"Chance alone puts something as striking somewhere {what} like this {100 * p:.0f} times in 100 (p {p_text(p)})."
    least = " or less often" if p <= 1.0000001 / (replicates + 1) else ""
    often = f"1 time in {count(round(1 / p))}"
    return (
        f"Chance alone puts something as striking somewhere {what} like this {often}{least} (p {p_text(p)})."
    )


def reading_of(cluster: FoundCluster, settings: ScanSettings) -> str:
    """One cluster in two or three sentences."""
    place = where_text(cluster, distance_unit(settings))
    when = f" {window}" if (window := window_text(cluster)) else ""
    said = (
        f"{counted(cluster.observed, 'case')} {place}{when} where {figure(cluster.expected)} were expected: "
        f"{risk_text(cluster, settings.model)}. {chance_text(cluster.p, settings.replicates, settings.kind)}"
    )
    if cluster.recurrence_days is not None:
        said += f" Looked for once a {settings.unit}, chance alone would show one every {long_time(cluster.recurrence_days)}."
    if not cluster.clear:
        said += " That is no evidence of a cluster."
    return said


def distance_unit(settings: ScanSettings) -> str:
    """The unit of radii."""
    return "km" if settings.distances == "great circle" else "units of x and y"


def long_time(days: float) -> str:
    """A length of time in days, or in years from two years on."""
    year = 365.25
    if days < 2 * year:
        return counted(max(1, round(days)), "day")
    return f"{days / year:,.1f} years" if days < 20 * year else f"{days / year:,.0f} years"


def cautions(clusters: Sequence[FoundCluster]) -> tuple[str, ...]:
    """Why not to lean on Gumbel p's, each reason once with the numbers of its clusters."""
    numbers: dict[str, list[str]] = {}
    for number, cluster in enumerate(clusters, start=1):
        if cluster.caution and cluster.gumbel_p is not None:
            numbers.setdefault(cluster.caution, []).append(str(number))
    return tuple(f"Gumbel p of {', '.join(found)}: {caution}" for caution, found in numbers.items())


def headline(clusters: Sequence[FoundCluster], settings: ScanSettings, totals: ScanTotals) -> str:
    """The answer in a sentence or three."""
    if not clusters:
        what = {"places": "circle of places", "time": "stretch of time", "tree": "branch"}[settings.kind]
        return f"No {what} has more of the {counted(totals.cases, 'case')} than expected."
    clear = sum(cluster.clear for cluster in clusters)
    lead = "Most likely cluster" if clear else "Nothing stands out beyond chance. The most striking"
    further = ("further branch", "further branches") if settings.kind == "tree" else ("further cluster", None)
    more = f" {counted(clear - 1, *further)} with p up to {CLEAR:g}." if clear > 1 else ""
    return f"{lead}: {clusters[0].reading}{more}"


def settings_pairs(settings: ScanSettings) -> tuple[tuple[str, str], ...]:
    """The settings as names and words, in reading order; what does not apply is left out."""
    at_risk = "the cases" if settings.model == "permutation" else "those at risk"
    study = f"{settings.first_day} to {settings.last_day}" if settings.first_day else "no dates"
    share = (
        None if settings.largest_share is None else f"up to {100 * settings.largest_share:g} % of {at_risk}"
    )
    longest = (
        None if settings.longest is None else f"up to {counted(settings.longest, settings.unit or 'period')}"
    )
    pairs = (
        ("Model", MODELS[settings.model]),
        ("Time", TIMES[settings.time] if settings.kind != "tree" else None),
        ("Study period", study if settings.kind != "tree" else None),
        ("As of", settings.as_of),
        ("Circles", share if settings.kind == "places" else None),
        ("Windows", longest),
        ("Distances", settings.distances),
        ("Adjusted for", ", ".join(settings.categories) or None),
        ("Replicates", replicates_text(settings)),
        ("Seed", str(settings.seed)),
    )
    return tuple((name, value) for name, value in pairs if value is not None)


def replicates_text(settings: ScanSettings) -> str:
    """How many simulated data sets p rests on."""
    if settings.stopped_early:
        return f"stopped after {count(settings.replicates)} of {count(settings.replicates_asked)}"
    return count(settings.replicates)


def sentence(note: str) -> str:
    """A note as a sentence; one that begins with the name of a file keeps it as it is."""
    of_file = ": " in note and "." in note.partition(": ")[0]
    return f"{note if of_file else note[:1].upper() + note[1:]}."
