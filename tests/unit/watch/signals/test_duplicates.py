"""Duplicates: weights by hand and by a slow twin, labelled reports from a seed, merging and taking apart."""

from datetime import date
from math import log2

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.watch.signals.labelled_duplicates import labelled

from untoward.errors import UsageError
from untoward.model.ledger import Fate, Ledger
from untoward.model.reports import ReportTables
from untoward.watch.signals.duplicate_blocks import candidates
from untoward.watch.signals.duplicate_fields import KINDS, UNKNOWN, Fields
from untoward.watch.signals.duplicate_weights import AGE_SPREAD, DATE_SPREAD, Misses, Weigher
from untoward.watch.signals.duplicates import (
    FIELDS,
    accepted,
    find_duplicates,
    learned_misses,
    merge,
    quality,
    restored,
    side_by_side,
)

MISSES = Misses()


def tables_of(rows):
    """Tables from dictionaries with id and any of event_date, age, sex, country, drugs, events, lot, received."""
    kinds = {
        "report_id": pl.String, "received": pl.Date, "event_date": pl.Date, "age_years": pl.Float64,
        "sex": pl.String, "country": pl.String,
    }  # fmt: skip
    names = ("id", "received", "event_date", "age", "sex", "country")
    return ReportTables(
        reports=pl.DataFrame([[row.get(n) for n in names] for row in rows], schema=kinds, orient="row"),
        drugs=pl.DataFrame(
            [(row["id"], drug, row.get("lot")) for row in rows for drug in row.get("drugs", ["A"])],
            schema={"report_id": pl.String, "drug": pl.String, "lot": pl.String},
            orient="row",
        ),
        events=pl.DataFrame(
            [(row["id"], event) for row in rows for event in row.get("events", ["X"])],
            schema={"report_id": pl.String, "event": pl.String},
            orient="row",
        ),
        ledger=Ledger(),
    )


def weights_of(rows, pairs):
    fields = Fields.of(tables_of(rows))
    one, other = np.array(pairs).T
    return Weigher(fields, MISSES)(one, other)


def test_equal_or_not_by_hand():
    sexes = ["F", "F", "M", None]
    rows = [{"id": str(k), "sex": sex} for k, sex in enumerate(sexes)]
    found = weights_of(rows, [(0, 1), (0, 2), (0, 3)]).by_field["sex"]
    c = MISSES.sex
    assert found.tolist() == pytest.approx([log2(c + (1 - c) / (2 / 3)), log2(c), 0.0])


def test_a_little_off_weighs_between_equal_and_other():
    days = [date(2020, 1, d) for d in range(1, 29)] + [date(2020, 6, 30), date(2020, 1, 5), None]
    rows = [{"id": str(k), "event_date": day} for k, day in enumerate(days)]
    same, near, far, silent = weights_of(rows, [(4, 29), (4, 5), (4, 28), (4, 30)]).by_field["event_date"]
    assert same > near > far
    assert far == pytest.approx(log2(MISSES.event_date))
    assert silent == 0.0
    # 2 of 30 known dates are the fifth; equal ones have no part in the distribution of slips
    assert same == pytest.approx(
        log2(MISSES.event_date + (1 - MISSES.event_date - MISSES.event_date_off) / (2 / 30))
    )


def slow_near(values, i, j, miss, off, spread):
    if UNKNOWN in (values[i], values[j]):
        return 0.0
    known = [v for v in values if v != UNKNOWN]
    reach = int(np.ceil(3 * spread))
    steps = {d: np.exp(-0.5 * (d / spread) ** 2) for d in range(1, reach + 1)}
    whole = 2 * sum(steps.values())
    gap = abs(values[i] - values[j])

    def around(x):
        return max(sum(abs(v - x) <= reach for v in known) / (2 * reach + 1), 1 / (2 * reach + 1)) / len(
            known
        )

    ratio = miss + off * steps.get(gap, 0.0) / whole / ((around(values[i]) + around(values[j])) / 2)
    if gap == 0:
        ratio += (1 - miss - off) / (known.count(values[i]) / len(known))
    return log2(ratio)


def slow_terms(named, i, j, misses):
    """Weights of the terms by kind, from sets of (kind, term)."""
    count = {t: sum(t in r for r in named) for r in named for t in r}
    found = dict.fromkeys(KINDS, 0.0)
    shared = sorted(named[i] & named[j], key=lambda t: t[1])  # rarest first, as in the matrix
    for at, term in enumerate(shared):
        share = count[term] / len(named)
        if at:
            given = (shared[0], shared[at - 1])
            together = [sum({g, term} <= r for r in named) for g in given]
            share = max(
                (both - 2 + 5 * share) / (count[g] - 2 + 5) for both, g in zip(together, given, strict=True)
            )
        c = getattr(misses, term[0])
        found[term[0]] += log2(c + (1 - c) / share) if at < 10 else 0.0
    for kind in KINDS:
        mine, theirs = ({t for t in named[k] if t[0] == kind} for k in (i, j))
        if mine and theirs:
            found[kind] += len(mine ^ theirs) * log2(getattr(misses, kind))
    return found


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_slow_twin_weighs_the_same(seed):
    tables, _ = labelled(seed, reports=40, duplicates=10)
    fields = Fields.of(tables)
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, fields.n, 25), rng.integers(0, fields.n, 25)
    first, second = first[first != second], second[first != second]
    found = Weigher(fields, MISSES)(first, second)
    near = {
        "event_date": (fields.event_day, MISSES.event_date, MISSES.event_date_off, DATE_SPREAD),
        "age": (fields.age, MISSES.age, MISSES.age_off, AGE_SPREAD),
    }
    for name, (values, *settings_) in near.items():
        slow = [slow_near(values.tolist(), i, j, *settings_) for i, j in zip(first, second, strict=True)]
        assert found.by_field[name].tolist() == pytest.approx(slow)
    kinds, terms = fields.term_kind, fields.terms
    # a term is called by its place in the matrix, where the rarest stand first
    named = [{(KINDS[kinds[t]], f"{t:06d}") for t in terms[r].indices} for r in range(fields.n)]
    assert (np.diff(fields.term_reports) >= 0).all()
    for at, (i, j) in enumerate(zip(first, second, strict=True)):
        slow = slow_terms(named, i, j, MISSES)
        for kind in KINDS:
            assert found.by_field[kind][at] == pytest.approx(slow[kind], abs=1e-9)


def test_a_kind_that_one_report_is_silent_about_says_nothing():
    rows = [{"id": "1", "lot": "AB-12"}, {"id": "2"}, {"id": "3", "lot": "ab12"}, {"id": "4", "lot": "ZZ"}]
    found = weights_of(rows, [(0, 1), (0, 2), (0, 3)])
    silent, same, other = found.by_field["lots"]
    assert silent == 0.0
    assert same > 0 > other
    assert found.shared["lots"].tolist() == [0, 1, 0]


def test_what_goes_together_is_not_counted_twice():
    # fever comes with the vaccine every time: the second adds next to nothing to the first
    rows = [{"id": f"v{k}", "drugs": ["VACCINE"], "events": ["FEVER"]} for k in range(20)]
    rows += [{"id": f"o{k}", "drugs": [f"D{k}"], "events": [f"E{k}"]} for k in range(60)]
    found = weights_of(rows, [(0, 1)])
    assert found.by_field["drugs"][0] + found.by_field["events"][0] < log2(80 / 20) + 0.5


def test_candidates_are_those_who_share_a_key():
    day = date(2020, 5, 5)
    rows = [
        {"id": "0", "event_date": day, "drugs": ["A"], "events": ["X"]},
        {"id": "1", "event_date": day, "drugs": ["A"], "events": ["Y"]},
        {"id": "2", "event_date": day, "drugs": ["B"], "events": ["X"]},
        {"id": "3", "drugs": ["A"], "events": ["X"]},
        {"id": "4", "event_date": day, "drugs": ["Q"], "events": ["R"], "age": 40.0, "sex": "F"},
        {"id": "5", "event_date": day, "drugs": ["S"], "events": ["T"], "age": 40.0, "sex": "F"},
        {"id": "6", "drugs": ["U"], "events": ["V"], "lot": "L1"},
        {"id": "7", "drugs": ["W"], "events": ["V"], "lot": "L1"},
        {"id": "8", "drugs": ["Z"], "events": ["Z"]},
    ]
    fields = Fields.of(tables_of(rows))
    found = candidates(fields, 100)
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert pairs == {(0, 1), (0, 2), (0, 3), (4, 5), (6, 7)}
    few = candidates(fields, 2)
    assert few.passed_over == 0
    crowd = Fields.of(tables_of([{"id": str(k), "event_date": day} for k in range(5)]))
    assert len(candidates(crowd, 5).first) == 10
    assert len(candidates(crowd, 4).first) == 0
    assert candidates(crowd, 4).passed_over == 3


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_labelled_duplicates_are_found(seed):
    tables, true = labelled(seed)
    found = find_duplicates(tables)
    at_five = quality(accepted(found, 0.05), true)
    assert at_five.precision > 0.9
    assert at_five.recall > 0.7
    assert at_five.precision_limits[0] < at_five.precision <= at_five.precision_limits[1]
    # as many wrong pairs as expected, within what chance allows
    wide = quality(accepted(found, 0.2), true)
    assert 0.65 < wide.precision < 0.95
    assert 0.6 * true.height < found.expected < 1.2 * true.height
    # far fewer comparisons than all pairs
    assert found.compared < 0.01 * found.reports**2 / 2


def test_reports_at_random_are_not_called_duplicates():
    tables, _ = labelled(9, duplicates=0)
    assert accepted(find_duplicates(tables)).height <= 3


def test_scores_are_the_sum_of_their_fields_and_probabilities_add_up():
    tables, _ = labelled(4, reports=400, duplicates=40)
    found = find_duplicates(tables)
    pairs = found.pairs
    total = pairs.select(pl.sum_horizontal(pl.col(f"w_{name}") for name in FIELDS)).to_series()
    assert pairs["score"].to_list() == pytest.approx(total.to_list())
    assert pairs["score"].is_sorted(descending=True)
    assert pairs["score"].min() > 0
    assert found.expected == pytest.approx(pairs["probability"].sum(), rel=0.01)
    few, many = (accepted(found, rate) for rate in (0.01, 0.3))
    assert few.height < many.height
    assert (1 - few["probability"]).mean() <= 0.01


def test_reasons_tell_what_speaks_for_and_against():
    rows = [
        {
            "id": "1",
            "event_date": date(2020, 5, 5),
            "age": 40.0,
            "sex": "F",
            "drugs": ["R", "A"],
            "events": ["Q"],
        },
        {"id": "2", "event_date": date(2020, 5, 5), "age": 41.0, "sex": "M", "drugs": ["R"], "events": ["Q"]},
    ]
    rows += [
        {"id": f"o{k}", "event_date": date(2020, 1 + k % 12, 1), "sex": "F", "age": 20.0 + k}
        for k in range(60)
    ]
    told = find_duplicates(tables_of(rows)).pairs.filter(report_a="1", report_b="2")["reasons"][0]
    assert "same date of the event (+" in told
    assert "age 1 years apart (" in told
    assert "other sex (-5.1)" in told
    assert "drugs: 1 shared, 1 not (" in told
    assert "country" not in told
    assert "lots" not in told


def test_side_by_side():
    tables, _ = labelled(4, reports=20, duplicates=4)
    frame = side_by_side(tables, "1000", "1001")
    told = {row["field"]: row for row in frame.iter_rows(named=True)}
    assert told["report_id"] == {"field": "report_id", "report_a": "1000", "report_b": "1001", "same": False}
    assert told["drugs: role"]["same"] is True
    assert "Event" in told["events"]["report_a"]
    with pytest.raises(UsageError, match="none with the id 'x'"):
        side_by_side(tables, "1000", "x")


def pairs_of(*pairs):
    return pl.DataFrame(pairs, schema=["report_a", "report_b"], orient="row").with_columns(
        pl.lit(9.0).alias("score"), pl.lit("why").alias("reasons")
    )


def test_merging_keeps_the_fullest_and_accounts_for_all():
    rows = [
        {"id": "1", "received": date(2020, 1, 1)},
        {"id": "2", "received": date(2020, 2, 1), "age": 40.0, "sex": "F"},
        {"id": "3", "received": date(2019, 1, 1), "age": 40.0, "sex": "F"},
        {"id": "4"},
    ]
    tables = tables_of(rows)
    merged = merge(tables, pairs_of(("1", "2"), ("3", "2"), ("3", "1")))
    assert merged.tables.reports["report_id"].to_list() == ["3", "4"]  # as full as 2, received before it
    assert set(merged.pairs["removed"]) == {"1", "2"}
    assert merged.pairs["kept"].unique().to_list() == ["3"]
    assert merged.pairs["reasons"].to_list() == ["why", "why"]
    ledger = merged.tables.ledger
    assert ledger.faults() == ()
    assert (ledger.rows(Fate.KEPT), ledger.rows(Fate.MERGED)) == (2, 2)
    assert set(merged.tables.drugs["report_id"]) == {"3", "4"}


def test_a_chain_is_not_swallowed_whole():
    tables = tables_of([{"id": k} for k in "1234"])
    merged = merge(tables, pairs_of(("1", "2"), ("2", "3"), ("3", "4")))
    # 1-2 and 3-4 are groups; 2-3 would join reports that were never a pair
    assert merged.tables.reports.height == 2
    assert merged.tables.ledger.faults() == ()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_what_was_merged_can_be_taken_apart(seed):
    tables, true = labelled(seed, reports=60, duplicates=12)
    merged = merge(tables, true)
    assert merged.tables.reports.height == 60
    back = restored(merged)
    for frame in ("reports", "drugs", "events"):
        mine, theirs = (getattr(t, frame) for t in (back, tables))
        assert mine.sort(mine.columns).equals(theirs.sort(theirs.columns))
    assert back.ledger == tables.ledger
    one = merged.pairs["removed"][0]
    some = restored(merged, only=[one])
    assert some.reports.height == 61
    assert one in some.reports["report_id"]
    assert some.ledger.faults() == ()
    assert some.ledger.rows(Fate.MERGED) == 11


def test_misses_are_learnt_from_confirmed_pairs():
    tables, true = labelled(5, reports=4000, duplicates=1500, silent=0.1)
    learnt = learned_misses(tables, true)
    assert learnt.event_date_off == pytest.approx(0.1, abs=0.03)
    assert learnt.age_off == pytest.approx(0.1, abs=0.03)
    assert learnt.event_date == 0.001  # the generator never moves a date far
    assert learnt.sex == 0.001
    assert 0.01 < learnt.drugs < learnt.events < 0.2
    better, plain = (quality(accepted(find_duplicates(tables, misses=m)), true) for m in (learnt, MISSES))
    assert better.recall >= plain.recall
    with pytest.raises(UsageError, match="not in the tables"):
        learned_misses(tables, pairs_of(("1", "2")))


def test_quality_by_hand():
    found, true = pairs_of(("1", "2"), ("4", "3"), ("5", "6")), pairs_of(("2", "1"), ("3", "4"), ("7", "8"))
    told = quality(found, true)
    assert (told.found, told.labelled, told.right) == (3, 3, 2)
    assert told.precision == told.recall == pytest.approx(2 / 3)
    empty = quality(found.clear(), true)
    assert np.isnan(empty.precision)
    assert empty.recall == 0.0


@pytest.mark.parametrize("rows", [[], [{"id": "1"}], [{"id": "1", "events": []}, {"id": "2", "drugs": []}]])
def test_few_reports_have_no_duplicates(rows):
    found = find_duplicates(tables_of(rows))
    assert found.pairs.height == 0
    assert accepted(found).height == 0
    assert merge(tables_of(rows), accepted(found)).pairs.height == 0


def test_settings_that_cannot_be():
    tables = tables_of([{"id": "1"}, {"id": "2"}])
    with pytest.raises(UsageError, match="largest_block"):
        find_duplicates(tables, largest_block=1)
    with pytest.raises(UsageError, match="false_match_rate"):
        accepted(find_duplicates(tables), 1.0)
    with pytest.raises(ValueError, match="misses: sex"):
        Misses(sex=0.0)
    with pytest.raises(ValueError, match="misses: age"):
        Misses(age=0.5, age_off=0.6)
