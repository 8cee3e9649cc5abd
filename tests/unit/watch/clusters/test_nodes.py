"""Which session belongs to which places."""

import numpy as np
import pytest

from untoward.errors import InputError
from untoward.model.clusters import Place
from untoward.watch.clusters.nodes import CLUSTER_AXES, MOST_COMPOUNDS_PAIRED, nodes_of
from untoward.watch.exposures import AXES


def sessions_at(nodes, axis, value, second=None):
    """Numbers of the sessions at one place."""
    for node in range(len(nodes.names)):
        where = nodes.names.where(node)
        named = (Place(axis=axis, value=value), *([Place(axis=axis, value=second)] if second else []))
        if where == named:
            return sorted(nodes.member[:, [node]].nonzero()[0].tolist())
    return None


def test_every_axis_of_a_registry_is_scanned():
    assert set(AXES) < set(CLUSTER_AXES)
    assert [axis for axis in CLUSTER_AXES if axis in AXES] == list(AXES)


class TestPlaces:
    def test_one_for_each_value(self, registry):
        rows = [{"day": 0, "lot": "L1", "practitioner": "A"}, {"day": 1, "lot": "L2", "practitioner": "A"}]
        nodes = nodes_of(registry(rows))
        assert sessions_at(nodes, "lot", "L1") == [0]
        assert sessions_at(nodes, "practitioner", "A") == [0, 1]

    def test_the_more_specific_axis_first(self, registry):
        nodes = nodes_of(
            registry([{"day": 0, "lot": "L1", "vial": "V1", "clinic": "N", "practitioner": "A"}])
        )
        axes = [nodes.names.axis(node) for node in range(len(nodes.names))]
        assert axes == sorted(axes, key=CLUSTER_AXES.index)

    def test_what_is_not_recorded_is_known_as_such(self, registry):
        nodes = nodes_of(registry([{"day": 0, "lot": "L1"}, {"day": 1, "lot": None}]))
        assert nodes.known["lot"].tolist() == [True, False]
        assert nodes.known["vial"].tolist() == [False, False]

    def test_an_empty_registry_has_none(self, registry):
        assert len(nodes_of(registry([])).names) == 0

    def test_a_session_that_stands_twice_is_refused(self, registry):
        tables = registry([{"day": 0}, {"day": 1}])
        object.__setattr__(
            tables, "sessions", tables.sessions.with_columns(session_id=np.array(["S0", "S0"]))
        )
        with pytest.raises(InputError, match="told apart"):
            nodes_of(tables)


class TestVialAge:
    @pytest.mark.parametrize(
        ("age", "band"),
        [(0, "first day"), (0.4, "first day"), (1, "1-2 days"), (2.9, "1-2 days"), (3, "3-7 days"), (7, "3-7 days"),
         (8, "8-28 days"), (28, "8-28 days"), (29, "over 28 days")],
    )  # fmt: skip
    def test_bands_of_whole_days_since_the_first_use(self, registry, age, band):
        rows = [{"day": 10, "vial": "V1"}, {"day": 10 + age, "vial": "V1"}]
        nodes = nodes_of(registry(rows))
        assert sessions_at(nodes, "vial age", band) == ([0, 1] if band == "first day" else [1])

    def test_of_each_vial_on_its_own(self, registry):
        rows = [{"day": 0, "vial": "V1"}, {"day": 9, "vial": "V2"}, {"day": 9, "vial": "V1"}]
        nodes = nodes_of(registry(rows))
        assert sessions_at(nodes, "vial age", "first day") == [0, 1]
        assert sessions_at(nodes, "vial age", "8-28 days") == [2]

    def test_not_known_without_a_vial_or_a_date(self, registry):
        nodes = nodes_of(registry([{"day": 0}, {"day": None, "vial": "V1"}]))
        assert not nodes.known["vial age"].any()


class TestCompoundPairs:
    def test_of_one_syringe(self, registry):
        parts = [{"compound": name, "mix": mix} for name, mix in [("b", "1"), ("a", "1"), ("c", "2")]]
        nodes = nodes_of(registry([{"day": 0, "parts": parts}, {"day": 1, "compound": "a"}]))
        assert sessions_at(nodes, "compound", "a", "b") == [0]
        assert sessions_at(nodes, "compound", "a", "c") is None

    def test_by_their_labels(self, registry):
        parts = [{"compound": "X", "compound_key": "x-acid"}, {"compound": "y", "compound_key": None}]
        nodes = nodes_of(registry([{"day": 0, "parts": parts}]), {"x-acid": "X acid"})
        assert sessions_at(nodes, "compound", "X acid", "y") == [0]

    def test_a_syringe_with_too_many_gives_none_and_is_counted(self, registry):
        many = [{"compound": f"c{number:02}"} for number in range(MOST_COMPOUNDS_PAIRED + 1)]
        nodes = nodes_of(registry([{"day": 0, "parts": many}, {"day": 1, "parts": many[:2]}]))
        assert nodes.pairs_left_out == 1
        assert sessions_at(nodes, "compound", "c00", "c01") == [1]
