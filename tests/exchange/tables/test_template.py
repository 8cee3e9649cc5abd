"""The template: what a clinic fills in reads without a fault, and nothing that was filled in is overwritten."""

from __future__ import annotations

import fastexcel
import pytest

from untoward.errors import OutsideError, UsageError
from untoward.exchange.tables import read_registry, write_template
from untoward.exchange.tables.template_example import EXAMPLE
from untoward.model.tables import REGISTRY_TABLES


def _sheet(path, name):
    return (
        fastexcel.read_excel(path)
        .load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        .to_polars()
        .rows()
    )


def test_sheets_and_headers(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(path)
    assert fastexcel.read_excel(path).sheet_names == ["read me", *REGISTRY_TABLES, "example"]
    for name, table in REGISTRY_TABLES.items():
        assert _sheet(path, name) == [tuple(column.name for column in table.columns if not column.derived)]


def test_the_example_as_shown_reads_without_a_fault(tmp_path, names, write_xlsx):
    template = tmp_path / "template.xlsx"
    write_template(template)
    filled = {}
    shown = _sheet(template, "example")
    for name in REGISTRY_TABLES:
        start = next(place for place, row in enumerate(shown) if row[0] == name)
        headers = [cell for cell in shown[start + 1] if cell]
        rows = shown[start + 2 : start + 2 + len(EXAMPLE[name])]
        filled[name] = [
            {header: cell or "" for header, cell in zip(headers, row, strict=False)} for row in rows
        ]
    for component in filled["components"]:
        component["compound"] = component["compound"].replace(
            "vitamin C", "carnitine"
        )  # names known to these tests
    reading = read_registry(write_xlsx(filled), names)
    assert reading.faults == ()
    assert [entry.kept for entry in reading.ledger] == [1, 2, 1, 2]
    assert reading.registry.observations["day"].to_list() == pytest.approx([1.8958333, 3.8958333])


def test_the_read_me_describes_every_column(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(path)
    described = {(row[0], row[1]) for row in _sheet(path, "read me")}
    assert {
        (table.name, column.name)
        for table in REGISTRY_TABLES.values()
        for column in table.columns
        if not column.derived
    } <= described


def test_the_same_bytes_every_time(tmp_path):
    write_template(tmp_path / "one.xlsx")
    write_template(tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_nothing_is_overwritten_or_left_half_written(tmp_path):
    path = tmp_path / "template.xlsx"
    path.write_text("a year of work")
    with pytest.raises(UsageError, match="exists already"):
        write_template(path)
    assert path.read_text() == "a year of work"
    with pytest.raises(UsageError, match=r"ends in \.xlsx"):
        write_template(tmp_path / "template.csv")
    with pytest.raises(OutsideError, match="cannot be written"):
        write_template(tmp_path / "nowhere" / "template.xlsx")
    assert [entry.name for entry in tmp_path.iterdir()] == ["template.xlsx"]
