"""What the tables say of themselves: readers, templates and docs rest on it."""

from collections import Counter

import pytest

from untoward.model.names import fold, singular_forms
from untoward.model.quantity import canonical_unit
from untoward.model.tables import (
    COMPONENTS,
    LINE_LIST,
    OBSERVATIONS,
    REACTIONS,
    REGISTRY_TABLES,
    SESSIONS,
    ColumnKind,
)

TABLES = [*REGISTRY_TABLES.values(), LINE_LIST]
COLUMNS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES
    for column in table.columns
]

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
each_column = pytest.mark.parametrize(("table", "column"), COLUMNS)


def test_the_four_tables_of_a_registry():
    assert list(REGISTRY_TABLES.values()) == [SESSIONS, COMPONENTS, REACTIONS, OBSERVATIONS]
    assert list(REGISTRY_TABLES) == ["sessions", "components", "reactions", "observations"]


@each_table
def test_names_are_unique(table):
    assert [
        name for name, times in Counter(column.name for column in table.columns).items() if times > 1
    ] == []


@each_table
def test_no_header_means_two_columns(table):
    """Names and aliases of one table, folded as the reader folds a header, belong to one column each."""
    owners = {}
    for column in table.columns:
        for text in {fold(column.name), *map(fold, column.aliases)}:
            owners.setdefault(text, []).append(column.name)
    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


@each_table
def test_no_header_means_another_column_in_the_plural(table):
    exact = {fold(text): column.name for column in table.columns for text in (column.name, *column.aliases)}
    for text, name in exact.items():
        assert {exact[form] for form in singular_forms(text) if form in exact} == {name}, text


@each_table
def test_keys_are_required_columns(table):
    assert set(table.key) <= set(table.required)
    for name in table.key:
        assert table.column(name).kind is ColumnKind.KEY


@each_table
def test_a_table_without_such_a_column_says_so(table):
    with pytest.raises(KeyError):
        table.column("no such column")


@each_column
def test_a_column_explains_itself(table, column):
    assert column.description.endswith((".", "…")), column.description
    assert column.name == fold(column.name).replace(" ", "_")


@each_column
def test_only_numbers_have_units_and_bounds(table, column):
    if column.kind not in (ColumnKind.NUMBER, ColumnKind.COUNT):
        assert (column.unit, column.minimum, column.maximum) == ("", None, None)
    if column.unit:
        assert canonical_unit(column.unit) == column.unit
    if column.minimum is not None and column.maximum is not None:
        assert column.minimum < column.maximum


@each_column
def test_what_a_reader_derives_is_not_asked_for(table, column):
    if column.derived:
        assert not column.required
        assert column.aliases == ()


@each_column
def test_aliases_are_written_folded(table, column):
    assert [
        alias for alias in column.aliases if alias != fold(alias) and alias != fold(alias).replace(" ", "_")
    ] == []


def test_tables_hang_together_by_columns_of_one_name():
    assert "session_id" in COMPONENTS.required
    assert "session_id" in REACTIONS.required
    assert "reaction_id" in OBSERVATIONS.required
    assert SESSIONS.key == ("session_id",)
    assert REACTIONS.key == ("reaction_id",)
