"""Which session had which exposure, and the tables counted from that."""

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.model.tables import Registry
from untoward.watch.counting import count_tables
from untoward.watch.exposures import AXES, registry_memberships

NOTHING = pl.DataFrame()


def registry(sessions, components=()):
    return Registry(
        sessions=pl.DataFrame(sessions),
        components=pl.DataFrame(components, schema_overrides={"mix": pl.String, "compound": pl.String})
        if components
        else pl.DataFrame(schema={"session_id": pl.String}),
        reactions=NOTHING,
        observations=NOTHING,
    )


def values(found, axis):
    long = found.long().filter(pl.col("axis") == axis)
    return sorted((row["session_id"], row["value"]) for row in long.to_dicts())


def part(session, compound, **others):
    row = {"session_id": session, "compound": compound, "compound_key": None, "mix": None, "vial": None}
    return row | others


def cell(tables, axis, value):
    found = tables.filter((pl.col("axis") == axis) & (pl.col("value") == value)).row(0, named=True)
    return tuple(found[name] for name in ("a", "b", "c", "d", "unknown"))


def test_session_axes_and_sites_from_a_list_or_from_text():
    rows = [
        {"session_id": "s1", "clinic": " North ", "city": "", "sites": ["thigh", "knee", "thigh"]},
        {"session_id": "s2", "clinic": None, "city": "Lima", "sites": None},
    ]
    found = registry_memberships(registry(rows))
    assert values(found, "clinic") == [("s1", "North")]
    assert values(found, "city") == [("s2", "Lima")]
    assert values(found, "site") == [("s1", "knee"), ("s1", "thigh")]
    texts = [{"session_id": "s1", "sites": "thigh; knee;"}, {"session_id": "s2", "sites": ""}]
    assert values(registry_memberships(registry(texts)), "site") == [("s1", "knee"), ("s1", "thigh")]


def test_compounds_go_by_label_then_key_then_the_name_given():
    sessions = [{"session_id": "s1"}]
    components = [
        part("s1", "Lipo-X", compound_key="lecithin"),
        part("s1", "dmae", compound_key="deanol"),
        part("s1", "secret sauce"),
    ]
    found = registry_memberships(registry(sessions, components), {"lecithin": "phosphatidylcholine"})
    assert values(found, "compound") == [
        ("s1", "deanol"),
        ("s1", "phosphatidylcholine"),
        ("s1", "secret sauce"),
    ]


def test_a_mix_is_what_shared_a_syringe_whatever_the_order_it_was_written_in():
    sessions = [{"session_id": name} for name in ("s1", "s2", "s3", "s4")]
    components = [
        part("s1", "procaine", mix="A"),
        part("s1", "caffeine", mix="A"),
        part("s1", "procaine", mix="B"),
        part("s2", "caffeine"),
        part("s2", "procaine"),
        part("s2", "procaine"),
        part("s3", "procaine", mix="A"),
        part("s3", None, mix="A"),
    ]
    found = registry_memberships(registry(sessions, components))
    assert values(found, "mix") == [
        ("s1", "caffeine + procaine"),
        ("s1", "procaine"),
        ("s2", "caffeine + procaine"),
    ]


def test_a_session_that_had_two_vials_counts_in_both_and_once_in_each():
    sessions = [{"session_id": name} for name in ("s1", "s2", "s3", "s4")]
    components = [
        part("s1", "x", vial="V1"),
        part("s1", "y", vial="V1"),
        part("s1", "y", vial="V2"),
        part("s2", "x", vial="V2"),
        part("s3", "x"),
    ]
    found = registry_memberships(registry(sessions, components))
    tables = count_tables(found, ["s1"])
    assert cell(tables, "vial", "V1") == (1, 0, 0, 1, 2)  # s3 and s4: no vial was written down
    assert cell(tables, "vial", "V2") == (1, 1, 0, 0, 2)
    assert cell(tables, "compound", "x") == (1, 2, 0, 0, 1)
    assert cell(tables, "compound", "y") == (1, 0, 0, 2, 1)


def test_units_left_out_count_nowhere():
    sessions = [{"session_id": f"s{n}", "clinic": "A" if n < 4 else "B"} for n in range(8)]
    found = registry_memberships(registry(sessions))
    tables = count_tables(found, ["s0", "s1", "s4"], left_out=["s1", "s7", "no such session"])
    assert cell(tables, "clinic", "A") == (1, 2, 1, 2, 0)
    assert cell(tables, "clinic", "B") == (1, 2, 1, 2, 0)


def test_unknown_shrinks_with_what_is_left_out():
    sessions = [
        {"session_id": "s0", "clinic": None},
        {"session_id": "s1", "clinic": None},
        {"session_id": "s2", "clinic": "A"},
    ]
    found = registry_memberships(registry(sessions))
    assert cell(count_tables(found, [], left_out=["s0"]), "clinic", "A") == (0, 1, 0, 0, 1)


@pytest.mark.parametrize("cases", [[], [f"s{n}" for n in range(4)]])
def test_nobody_and_everybody_a_case(cases):
    sessions = [{"session_id": f"s{n}", "clinic": "AB"[n % 2]} for n in range(4)]
    tables = count_tables(registry_memberships(registry(sessions)), cases)
    expected = (2, 0, 2, 0, 0) if cases else (0, 2, 0, 2, 0)
    assert {cell(tables, "clinic", value) for value in "AB"} == {expected}


def test_components_of_sessions_that_are_not_there_are_passed_over():
    found = registry_memberships(registry([{"session_id": "s1"}], [part("s1", "x"), part("ghost", "x")]))
    assert values(found, "compound") == [("s1", "x")]


def test_axes_without_data_are_named():
    found = registry_memberships(registry([{"session_id": "s1", "clinic": "A"}]))
    assert found.axes_without_data == tuple(axis for axis in AXES if axis != "clinic")


def test_an_empty_registry_has_no_exposure():
    empty = Registry(
        sessions=pl.DataFrame(schema={"session_id": pl.String, "clinic": pl.String}),
        components=pl.DataFrame(schema={"session_id": pl.String, "compound": pl.String}),
        reactions=NOTHING,
        observations=NOTHING,
    )
    found = registry_memberships(empty)
    assert (found.total, found.exposures.height, count_tables(found, []).height) == (0, 0, 0)


def test_a_session_id_that_stands_twice_is_refused():
    with pytest.raises(InputError, match="'s1'") as error:
        registry_memberships(registry([{"session_id": "s1"}, {"session_id": "s1"}, {"session_id": "s2"}]))
    assert len(error.value.faults) == 1
