"""Reports to counts: distinct reports, roles, margins and order, against counting with sets."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.errors import InputError, UsageError
from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables
from untoward.watch.signals import counting
from untoward.watch.signals.counting import count_pairs, count_reports

COLUMNS = ["drug", "event", "n", "n_drug", "n_event", "n_total"]

ids = st.integers(0, 12)
drug_rows = st.lists(st.tuples(ids, st.sampled_from("ABCD")), min_size=1, max_size=40)
event_rows = st.lists(st.tuples(ids, st.sampled_from(["x", "y", "Z z"])), min_size=1, max_size=40)


def frame(rows, name):
    return pl.DataFrame(rows, {"report_id": pl.Int64, name: pl.String}, orient="row")


def slow_counts(drugs, events, margins="reports"):
    """With Python sets, one for every drug and event."""
    linked = {r for r, _ in drugs} & {r for r, _ in events}
    by_drug, by_event = {}, {}
    for report, drug in drugs:
        by_drug.setdefault(drug, set()).add(report)
    for report, event in events:
        by_event.setdefault(event, set()).add(report)
    pairs = {(drug, event): len(by_drug[drug] & by_event[event]) for drug in by_drug for event in by_event}
    rows = []
    for (drug, event), n in sorted(pairs.items(), key=lambda item: (item[0][0].upper(), item[0][1].upper())):
        if not n:
            continue
        if margins == "reports":
            rows.append(
                (drug, event, n, len(by_drug[drug] & linked), len(by_event[event] & linked), len(linked))
            )
        else:
            n_drug = sum(m for (d, _e), m in pairs.items() if d == drug)
            n_event = sum(m for (_d, e), m in pairs.items() if e == event)
            rows.append((drug, event, n, n_drug, n_event, sum(pairs.values())))
    return rows


@given(
    drug_rows,
    event_rows,
    st.sampled_from(["reports", "pair_sum"]),
    st.sampled_from(["number", "text", "odd"]),
)
def test_counts_equal_sets(drugs, events, margins, kind):
    write = {"number": lambda r: r, "text": str, "odd": lambda r: f"0{r}"}[kind]
    schema = pl.Int64 if kind == "number" else pl.String
    tables = [
        pl.DataFrame([(write(r), v) for r, v in rows], {"report_id": schema, name: pl.String}, orient="row")
        for rows, name in ((drugs, "drug"), (events, "event"))
    ]
    if not {r for r, _ in drugs} & {r for r, _ in events}:
        with pytest.raises(InputError, match="nothing to count"):
            count_pairs(*tables, margins=margins)
        return
    for given_tables in (tables, [table.lazy() for table in tables]):
        counts = count_pairs(*given_tables, margins=margins)
        assert counts.frame().columns == COLUMNS
        assert counts.frame().rows() == slow_counts(drugs, events, margins)


def test_chunks_change_nothing(monkeypatch):
    random = np.random.default_rng(1)
    drugs = frame([(int(r), f"D{d}") for r, d in random.integers(0, 60, (300, 2))], "drug")
    events = frame([(int(r), f"E{e}") for r, e in random.integers(0, 60, (300, 2))], "event")
    whole = count_pairs(drugs, events).frame()
    monkeypatch.setattr(counting, "_CHUNK", 7)
    assert count_pairs(drugs, events).frame().equals(whole)


def test_order_of_rows_changes_nothing():
    drugs = frame([(1, "B"), (1, "A"), (2, "A"), (3, "C")], "drug")
    events = frame([(2, "y"), (1, "x"), (3, "y")], "event")
    assert count_pairs(drugs[::-1], events[::-1]).frame().equals(count_pairs(drugs, events).frame())


def test_far_apart_numbers_link_too():
    drugs = frame([(10**17, "A"), (1, "A"), (-5, "B")], "drug")
    events = frame([(1, "x"), (10**17, "x"), (-5, "x"), (7, "x")], "event")
    counts = count_pairs(drugs, events)
    assert counts.frame().rows() == [("A", "x", 2, 2, 3, 3), ("B", "x", 1, 1, 3, 3)]
    assert counts.counting.without_drug == 1


def test_identifiers_that_look_alike_stay_apart():
    drugs = pl.DataFrame({"report_id": ["7", "07", "+7"], "drug": ["A", "A", "A"]})
    events = pl.DataFrame({"report_id": ["07", "7", "7 "], "event": ["x", "x", "x"]})
    assert count_pairs(drugs, events).frame().rows() == [("A", "x", 2, 2, 2, 2)]


def test_capitals_do_not_part_and_the_first_form_is_shown():
    drugs = frame([(1, "Aspirin"), (2, "ASPIRIN"), (2, "beta"), (3, "Zeta")], "drug")
    events = frame([(1, "Rash"), (2, "rash"), (3, "RASH")], "event")
    rows = count_pairs(drugs, events).frame().rows()
    assert [row[:3] for row in rows] == [("Aspirin", "Rash", 2), ("beta", "Rash", 1), ("Zeta", "Rash", 1)]


def test_rows_without_a_name_or_a_report_count_nowhere():
    drugs = pl.DataFrame({"report_id": [1, 2, None, 3], "drug": ["A", None, "A", ""]})
    events = pl.DataFrame({"report_id": [1, 2, 3], "event": ["x", "x", "x"]})
    counts = count_pairs(drugs, events)
    assert counts.frame().rows() == [("A", "x", 1, 1, 1, 1)]
    assert counts.counting.without_drug == 2


def test_a_column_that_is_missing_is_named():
    with pytest.raises(InputError, match="event: column missing"):
        count_pairs(frame([(1, "A")], "drug"), frame([(1, "A")], "drug"))


def test_least_count_keeps_margins():
    drugs, events = frame([(1, "A"), (2, "A"), (2, "B")], "drug"), frame([(1, "x"), (2, "x")], "event")
    counts = count_pairs(drugs, events, least=2)
    assert counts.frame().rows() == [("A", "x", 2, 2, 2, 2)]
    assert counts.counting.least == 2
    assert counts.at_least(1).counting.least == 2


def tables(roles=("suspect", "concomitant", "interacting", None)):
    drugs = pl.DataFrame(
        {"report_id": ["1", "1", "2", "3"], "drug": ["A", "B", "C", "D"], "role": list(roles)},
        schema_overrides={"role": pl.String},
    )
    events = pl.DataFrame({"report_id": ["1", "2", "3", "4"], "event": ["x", "x", "x", "x"]})
    reports = pl.DataFrame({"report_id": ["1", "2", "3", "4"], "received": [date(2020, 1, 1)] * 4})
    return ReportTables(reports=reports, drugs=drugs, events=events, ledger=Ledger())


@pytest.mark.parametrize(
    ("roles", "counted"),
    [(("suspect", "interacting"), "ACD"), (("suspect",), "AD"), (("concomitant",), "BD"), ("all", "ABCD")],
)
def test_roles_and_a_role_not_known_always_counts(roles, counted):
    counts = count_reports(tables(), roles=roles)
    assert "".join(counts.drugs) == counted
    assert counts.counting.roles == roles
    assert counts.counting.without_role == 1
    assert counts.counting.without_drug == 4 - counts.n_total


@pytest.mark.parametrize("roles", [(), ("suspected",)])
def test_roles_that_are_none_are_refused(roles):
    with pytest.raises(UsageError, match="roles"):
        count_reports(tables(), roles=roles)


def test_margins_that_are_none_are_refused():
    with pytest.raises(UsageError, match="pair_sum"):
        count_reports(tables(), margins="rows")
