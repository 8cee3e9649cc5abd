"""From a lot, a vial, a hand or a case to everyone who met it."""

from datetime import date

import polars as pl
import pytest

from untoward.watch.workbench.trace import ILL, OPEN, WELL, exposures_behind, trace

SESSIONS = [
    {"session_id": "S1", "patient_id": "A", "date": "2026-01-01", "clinic": "North", "practitioner": "N1"},
    {"session_id": "S2", "patient_id": "B", "date": "2026-01-03", "clinic": "North", "practitioner": "N2"},
    {"session_id": "S3", "patient_id": "C", "date": "2026-01-05", "clinic": "South", "practitioner": "N3"},
    {"session_id": "S4", "patient_id": "B", "date": "2026-03-01", "clinic": "North", "practitioner": "N1"},
    {"session_id": "S5", "patient_id": "D", "date": "2026-01-02", "clinic": "North", "practitioner": "N1"},
]
COMPONENTS = [
    {"session_id": "S1", "compound_key": "lidocaine", "lot": "L1", "vial": "V1", "supplier": "Acme"},
    {"session_id": "S2", "compound_key": "lidocaine", "lot": "L1", "vial": "V2", "supplier": "Acme"},
    {"session_id": "S3", "compound_key": "lidocaine", "lot": "L1", "vial": "V3"},
    {"session_id": "S4", "compound_key": "lidocaine", "lot": "L1", "vial": "V4"},
    {"session_id": "S5", "compound_key": "lidocaine"},
]
ILLNESS = pl.DataFrame(
    {"patient_id": ["B", "C"], "state": [ILL, OPEN], "onset": [date(2026, 2, 1), None]},
    schema={"patient_id": pl.String, "state": pl.String, "onset": pl.Date},
)


@pytest.fixture
def found(make):
    return trace(make(SESSIONS, COMPONENTS), "lot", [" l1 "], ILLNESS)


def node(found, kind, name):
    (one,) = [node for node in found.nodes if (node.kind, node.name) == (kind, name)]
    return one.sessions, one.cases


def test_everything_behind_a_lot(found):
    assert found.sessions == 4
    assert node(found, "lot", "L1") == (4, 1)
    assert node(found, "supplier", "Acme") == (2, 1)
    assert node(found, "supplier", "not recorded") == (2, 0)
    assert node(found, "clinic", "South") == (1, 0)
    assert found.not_recorded == ("product",)


def test_a_session_after_the_onset_has_no_case_behind_it(found):
    assert node(found, "vial", "V2") == (1, 1)
    assert node(found, "vial", "V4") == (1, 0)


def test_edges_count_sessions_and_cases(found):
    edges = {(edge.source, edge.target): (edge.sessions, edge.cases) for edge in found.edges}
    assert edges[("supplier", "Acme"), ("lot", "L1")] == (2, 1)
    assert edges[("session", "S2"), ("case", "B")] == (1, 1)
    assert (("session", "S4"), ("case", "B")) not in edges
    assert not [edge for edge in edges if "product" in (edge[0][0], edge[1][0])]


def test_who_else_got_it(found):
    states = dict(found.exposed.select("patient_id", "state").iter_rows())
    assert states == {"A": WELL, "B": ILL, "C": OPEN}
    assert found.exposed["patient_id"].to_list() == ["A", "C", "B"]
    contact = found.exposed.row(by_predicate=pl.col("patient_id") == "B", named=True)
    assert (contact["last_exposed"], contact["last_contact"]) == (date(2026, 3, 1), date(2026, 3, 1))


def test_a_session_whose_lot_nobody_wrote_down_may_have_met_it(found):
    assert found.perhaps["session_id"].to_list() == ["S5"]
    assert "D" not in found.exposed["patient_id"]


def test_someone_ill_before_is_not_ill_from_it(make):
    early = ILLNESS.with_columns(pl.when(pl.col("patient_id") == "B").then(date(2025, 12, 1)).alias("onset"))
    assert trace(make(SESSIONS, COMPONENTS), "lot", ["L1"], early).persons(ILL) == 0


def test_a_value_that_nobody_had(make):
    found = trace(make(SESSIONS, COMPONENTS), "lot", ["L9"], ILLNESS)
    assert (found.sessions, found.nodes, found.edges, found.exposed.height) == (0, (), (), 0)


def test_what_lies_behind_a_session(make):
    registry = make(SESSIONS, [*COMPONENTS, {"session_id": "S5", "lot": "L7"}])
    assert exposures_behind(registry, ["S1", "S2"]) == ("vial", ("V1", "V2"))
    assert exposures_behind(registry, ["S5"]) == ("lot", ("L7",))
    assert exposures_behind(registry, ["S0"]) == ("vial", ())
