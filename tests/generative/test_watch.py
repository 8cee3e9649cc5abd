"""Counting by arrays against counting by plain dicts, and laws that counts must obey.

The slow twins walk over sessions one by one with Python sets and know nothing of the code they check.
"""

import warnings
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from untoward.model.tables import LineList, Registry
from untoward.watch.counting import count_tables
from untoward.watch.durations import kaplan_meier_median
from untoward.watch.epi_curve import epi_curve
from untoward.watch.exposures import AXES, registry_memberships
from untoward.watch.line_list import screen_line_list
from untoward.watch.outbreak import outbreak
from untoward.watch.outcomes import ANY_REACTION, OutcomeCases
from untoward.watch.ranking import rank_tables
from untoward.watch.screening import screen

COMPONENT_AXES = ("vial", "lot", "diluent", "device", "product", "compound")
SESSION_AXES = ("practitioner", "clinic", "technique", "city", "region")
WORDS = st.sampled_from([None, "", "a", "b", " b ", "c"])


@st.composite
def registries(draw):
    """A small registry with gaps, repeats and several vials per session."""
    names = [f"s{n}" for n in range(draw(st.integers(1, 9)))]
    sessions = [
        {"session_id": name, "sites": draw(st.sampled_from([None, "", "x", "x;y", "y; x;y"]))}
        | {axis: draw(WORDS) for axis in SESSION_AXES}
        for name in names
    ]
    session = st.sampled_from([*names, "ghost"])
    parts = [
        {
            "session_id": draw(session),
            "mix": draw(WORDS),
            "compound_key": draw(st.sampled_from([None, "k1", "k2"])),
        }
        | {axis: draw(WORDS) for axis in COMPONENT_AXES}
        for _ in range(draw(st.integers(0, 14)))
    ]
    return sessions, parts


def as_registry(sessions, parts):
    text = {"session_id": pl.String, "mix": pl.String, "compound_key": pl.String, "sites": pl.String}
    session_schema = dict.fromkeys(("session_id", "sites", *SESSION_AXES), pl.String)
    return Registry(
        sessions=pl.DataFrame(sessions, schema=session_schema),
        components=pl.DataFrame(
            parts, schema=dict.fromkeys(("session_id", "mix", "compound_key", *COMPONENT_AXES), pl.String)
        ),
        reactions=pl.DataFrame(schema=text),
        observations=pl.DataFrame(),
    )


def known(text):
    text = (text or "").strip()
    return {text} if text else set()


def compound_of(part, labels):
    key = part["compound_key"]
    return {labels.get(key, key)} if key else known(part["compound"])


def slow_memberships(sessions, parts, labels):
    """(axis, session) -> set of values."""
    had = defaultdict(set)
    for row in sessions:
        for axis in SESSION_AXES:
            had[axis, row["session_id"]] |= known(row[axis])
        had["site", row["session_id"]] |= set().union(
            *(known(site) for site in (row["sites"] or "").split(";"))
        )
    syringes = defaultdict(list)
    for part in parts:
        for axis in COMPONENT_AXES:
            if axis != "compound":
                had[axis, part["session_id"]] |= known(part[axis])
        compound = compound_of(part, labels)
        had["compound", part["session_id"]] |= compound
        syringes[part["session_id"], (part["mix"] or "").strip()].append(compound)
    for (session, _syringe), compounds in syringes.items():
        if all(compounds):
            had["mix", session].add(" + ".join(sorted(set().union(*compounds))))
    return had


def slow_tables(sessions, parts, labels, cases, out):
    had = slow_memberships(sessions, parts, labels)
    names = [row["session_id"] for row in sessions]
    values = {(axis, value) for axis, name in product(AXES, names) for value in had[axis, name]}
    tables = {}
    for axis, value in values:
        cells = Counter()
        for name in names:
            if name in out:
                continue
            seen = had[axis, name]
            row = (
                "unknown" if not seen else ("a", "b", "c", "d")[(value not in seen) * 2 + (name not in cases)]
            )
            cells[row] += 1
        tables[axis, value] = tuple(cells[name] for name in ("a", "b", "c", "d", "unknown"))
    return tables


def as_dict(tables):
    return {
        (row["axis"], row["value"]): tuple(row[name] for name in ("a", "b", "c", "d", "unknown"))
        for row in tables.to_dicts()
    }


SUBSETS = st.sets(st.sampled_from([*(f"s{n}" for n in range(9)), "ghost"]))


@given(registries(), SUBSETS, SUBSETS)
def test_tables_are_what_walking_over_the_sessions_gives(drawn, cases, out):
    sessions, parts = drawn
    labels = {"k1": "one"}
    found = count_tables(registry_memberships(as_registry(sessions, parts), labels), cases, out)
    assert as_dict(found) == slow_tables(sessions, parts, labels, cases, out)


@given(registries(), SUBSETS, st.randoms(use_true_random=False))
def test_names_of_sessions_and_order_of_rows_do_not_matter(drawn, cases, random):
    sessions, parts = drawn
    before = as_dict(count_tables(registry_memberships(as_registry(sessions, parts)), cases))
    other = {f"s{n}": f"t{n}" for n in range(9)} | {"ghost": "ghost"}
    renamed = [
        [row | {"session_id": other[row["session_id"]]} for row in table] for table in (sessions, parts)
    ]
    for table in renamed:
        random.shuffle(table)
    found = count_tables(registry_memberships(as_registry(*renamed)), {other[name] for name in cases})
    assert as_dict(found) == before


@given(registries(), SUBSETS)
def test_margins_and_mirror(drawn, cases):
    """Every session is in one cell or unknown; calling cases healthy and the healthy cases swaps the columns."""
    sessions, parts = drawn
    names = {row["session_id"] for row in sessions}
    memberships = registry_memberships(as_registry(sessions, parts))
    tables = as_dict(count_tables(memberships, cases))
    mirrored = as_dict(count_tables(memberships, names - cases))
    for key, (a, b, c, d, unknown) in tables.items():
        assert a + b + c + d + unknown == len(names)
        assert mirrored[key] == (b, a, d, c, unknown)


@given(registries())
def test_equal_signatures_mean_equal_sessions(drawn):
    sessions, parts = drawn
    found = registry_memberships(as_registry(sessions, parts))
    signatures = found.exposures.get_column("signature").to_list()
    units = [tuple(found.units_with(position)) for position in range(len(signatures))]
    for first, second in product(range(len(units)), repeat=2):
        assert (signatures[first] == signatures[second]) == (units[first] == units[second])


@given(registries(), SUBSETS)
def test_a_screen_is_ordered_and_its_p_values_are_scipys(drawn, cases):
    sessions, parts = drawn
    chosen = OutcomeCases(
        outcome=ANY_REACTION,
        reactions=pl.DataFrame(
            {"session_id": sorted(cases), "reaction_id": sorted(cases)},
            schema={"session_id": pl.String, "reaction_id": pl.String},
        ),
        undetermined=pl.Series([], dtype=pl.String),
    )
    found = screen(as_registry(sessions, parts), chosen, keep=500)
    assert found.tested == len(found.results)
    greater = [result.p_greater for result in found.results]
    assert greater == sorted(greater)
    adjusted = [result.p_adjusted for result in found.results]
    assert adjusted == sorted(adjusted)
    for result in found.results:
        cell = result.table
        cells = [[cell.a, cell.b], [cell.c, cell.d]]
        assert result.p_greater == pytest.approx(stats.fisher_exact(cells, "greater").pvalue, rel=1e-9)
        assert result.p == pytest.approx(stats.fisher_exact(cells).pvalue, rel=1e-9)


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4), min_size=1, max_size=20))
def test_order_of_exposures_is_the_one_promised(cells):
    rows = [(f"x{n:02d}", *row, 0) for n, row in enumerate(cells)]
    tables = pl.DataFrame(rows, schema=["value", "a", "b", "c", "d", "unknown"], orient="row").with_columns(
        axis=pl.lit("lot", dtype=pl.Enum(["lot"]))
    )
    ranked = rank_tables(tables)
    assert ranked.height == sum(a + b > 0 for a, b, _c, _d in cells)

    for earlier, later in pairwise(ranked.to_dicts()):
        assert earlier["log_p"] <= later["log_p"]
        if earlier["log_p"] == later["log_p"]:
            assert rank_below_p(earlier) <= rank_below_p(later)


def rank_below_p(row):
    expected = row["exposed"] * (row["a"] + row["c"]) / (row["exposed"] + row["c"] + row["d"])
    return (-row["a"] / expected if row["a"] else 0.0, row["exposed"], row["value"])


PERSONS = st.tuples(
    st.integers(1, 5), st.sampled_from([True, False, None]), st.sampled_from([True, False, None]), WORDS
)


@given(st.lists(PERSONS, min_size=1, max_size=12))
def test_a_weighted_list_says_what_its_persons_say(rows):
    frame = pl.DataFrame(
        rows,
        schema={"count": pl.Int64, "ill": pl.Boolean, "milk": pl.Boolean, "city": pl.String},
        orient="row",
    )
    weighted = LineList(frame=frame, exposures=("milk", "city"))
    persons = frame.select(pl.all().repeat_by("count")).explode(pl.all()).with_columns(count=1)
    single = LineList(frame=persons, exposures=("milk", "city"))
    assert outbreak(weighted) == outbreak(single)
    assert screen_line_list(weighted) == screen_line_list(single)


def slow_median(pairs):
    """Kaplan and Meier's product, step by step, over (days, over)."""
    share = Fraction(1)
    for day in sorted({day for day, over in pairs if over}):
        at_risk = sum(1 for days, _over in pairs if days >= day)
        share *= 1 - Fraction(sum(1 for days, over in pairs if over and days == day), at_risk)
        if share <= Fraction(1, 2):
            return day
    return None


PAIRS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=30)


@given(PAIRS)
def test_the_median_is_that_of_the_product(pairs):
    days = np.array([day for day, _over in pairs], dtype=float)
    over = np.array([over for _day, over in pairs])
    assert kaplan_meier_median(days, over).value == slow_median(pairs)


@given(PAIRS)
def test_bounds_of_the_median_are_where_scipys_bounds_cross_one_half(pairs):
    """scipy gives the Kaplan-Meier curve and its log-log bounds, none where nobody is left: there ours is 0."""
    over = [float(day) for day, gone in pairs if gone]
    assume(over)
    curve = stats.ecdf(
        stats.CensoredData(uncensored=over, right=[float(day) for day, gone in pairs if not gone])
    ).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bounds = curve.confidence_interval(method="log-log")
    event = np.isin(curve.quantiles, over)
    low = np.where(curve.probabilities > 0, bounds.low.probabilities, 0.0)

    def crosses(bound):
        crossed = curve.quantiles[event & (bound <= 0.5 + 1e-12)]
        return crossed[0] if crossed.size else None

    days, gone = zip(*pairs, strict=True)
    found = kaplan_meier_median(np.array(days, dtype=float), np.array(gone))
    assert (found.low, found.high) == (crosses(low), crosses(bounds.high.probabilities))


DAYS = st.lists(st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2030, 1, 1))), max_size=25)


@given(DAYS, st.sampled_from([None, 7, 14, 30, 100]))
def test_every_case_is_in_one_bin_or_without_a_date(days, width):
    curve = epi_curve("ill", pl.Series(days, dtype=pl.Date), bin_days=width)
    assert sum(shown.n for shown in curve.bins) + curve.without_date == len(days)
    for shown in curve.bins:
        inside = sum(1 for day in days if day is not None and shown.start <= day.isoformat() < shown.end)
        assert inside == shown.n
    assert all(one.end == two.start for one, two in pairwise(curve.bins))
