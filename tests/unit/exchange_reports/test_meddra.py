"""MedDRA files: a small hierarchy made up here, with its quirks."""

import polars as pl
import pytest

from untoward.errors import InputError, OutsideError
from untoward.exchange.reports.meddra import read_meddra
from untoward.model.ledger import Fate, Ledger
from untoward.model.reports import ReportTables
from untoward.watch.signals.names import group_events

# pt, hlt, hlgt, soc codes; names; short; empty; primary soc; primary?
HIERARCHY = """\
11$21$31$41$Lump made up$Lumps HLT$Swellings HLGT$Skin things$Skin$$41$Y$
11$22$32$42$Lump made up$Masses HLT$Growths HLGT$Growth things$Grow$$41$N$
12$21$31$41$Bump made up$Lumps HLT$Swellings HLGT$Skin things$Skin$$41$Y$
13$23$33$43$Dizzy made up$Dizzies HLT$Head HLGT$Nerve things$Nerv$$43$Y$
"""
LLT = """\
11$Lump made up$11$$$$$$$Y$$
111$Knot made up$11$$$$$$$Y$$
131$Swimmy made up$13$$$$$$$N$$
999$Orphan$77$$$$$$$Y$$
"""
SMQS = """\
90$Lumpiness (SMQ)$1$Text$Src$$1.0$A$N$
91$Knots (SMQ)$2$Text$Src$$1.0$A$N$
92$Old (SMQ)$1$Text$Src$$1.0$I$N$
93$Deep (SMQ)$3$Text$Src$$1.0$A$N$
"""
CONTENT = """\
90$91$0$0$S$0$A$1.0$1.0$
91$93$0$0$S$0$A$1.0$1.0$
93$90$0$0$S$0$A$1.0$1.0$
90$12$4$1$A$0$A$1.0$1.0$
91$11$4$2$A$0$A$1.0$1.0$
93$131$5$2$A$0$A$1.0$1.0$
90$13$4$2$A$0$I$1.0$1.0$
92$13$4$2$A$0$A$1.0$1.0$
"""


@pytest.fixture
def folder(tmp_path):
    inner = tmp_path / "MedAscii"
    inner.mkdir()
    for name, text in {
        "mdhier.asc": HIERARCHY,
        "LLT.ASC": LLT.replace("\n", "\r\n"),
        "smq_list.asc": SMQS,
        "SMQ_Content.asc": CONTENT,
    }.items():
        (inner / name).write_text(text, encoding="utf-8", newline="")
    return tmp_path


def groups_of(read, event, level):
    return set(read.groups.filter(event=event, level=level)["group"])


def test_paths_up_to_the_soc(folder):
    read = read_meddra(folder)
    assert groups_of(read, "Lump made up", "HLT") == {"Lumps HLT", "Masses HLT"}
    assert groups_of(read, "Lump made up", "SOC") == {"Skin things", "Growth things"}
    assert groups_of(read, "Dizzy made up", "HLGT") == {"Head HLGT"}
    assert groups_of(read, "Dizzy made up", "PT") == {"Dizzy made up"}
    primary = read.only_primary()
    assert primary.filter(event="Lump made up", level="SOC")["group"].to_list() == ["Skin things"]
    assert read.ledger.faults() == ()
    assert read.ledger.rows(Fate.KEPT) == 20


def test_lowest_level_terms_follow_their_preferred_term(folder):
    read = read_meddra(folder)
    assert groups_of(read, "Knot made up", "PT") == {"Lump made up"}
    assert groups_of(read, "Swimmy made up", "SOC") == {"Nerve things"}
    assert read.groups.filter(event="Orphan").is_empty()
    # the LLT that has the name of its PT does not stand twice
    assert read.groups.filter(event="Lump made up", level="PT").height == 1


def test_queries_hold_their_children_and_end_in_a_circle(folder):
    read = read_meddra(folder)
    narrow, broad = (
        {
            name: set(read.groups.filter(level=level, group=name)["event"])
            for name in ("Lumpiness (SMQ)", "Knots (SMQ)")
        }
        for level in ("SMQ narrow", "SMQ broad")
    )
    assert narrow["Knots (SMQ)"] == {"Lump made up", "Knot made up", "Swimmy made up"}
    assert narrow["Lumpiness (SMQ)"] == narrow["Knots (SMQ)"]
    assert broad["Lumpiness (SMQ)"] == {*narrow["Lumpiness (SMQ)"], "Bump made up"}
    # inactive queries and members are out: the preferred term 13 is in none
    assert not read.groups.filter(pl.col("level").str.starts_with("SMQ"), event="Dizzy made up").height
    assert "Old (SMQ)" not in read.groups["group"]


def test_hierarchy_for_the_tree_scan(folder):
    parents = dict(read_meddra(folder).hierarchy.iter_rows())
    assert parents["Lump made up"] == "HLT: Lumps HLT"
    assert parents["HLT: Lumps HLT"] == "HLGT: Swellings HLGT"
    assert parents["HLGT: Swellings HLGT"] == "SOC: Skin things"
    assert "SOC: Skin things" not in parents
    assert "HLT: Masses HLT" not in parents.values()


def test_without_the_optional_files(tmp_path):
    (tmp_path / "mdhier.asc").write_bytes(HIERARCHY.encode("latin-1"))
    read = read_meddra(tmp_path)
    assert set(read.groups["level"]) == {"PT", "HLT", "HLGT", "SOC"}


def test_a_bad_row_is_told(tmp_path):
    (tmp_path / "mdhier.asc").write_text(HIERARCHY + "11$only this\n\n\x1a", encoding="utf-8")
    ledger = read_meddra(tmp_path).ledger
    assert ledger.faults() == ()
    assert ledger.rows(Fate.DROPPED) == 1
    assert any("11$only this" in entry.examples for entry in ledger.entries)


def test_faulty_folders(tmp_path):
    with pytest.raises(OutsideError):
        read_meddra(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"mdhier\.asc"):
        read_meddra(tmp_path)
    (tmp_path / "mdhier.asc").write_text("1$2\n")
    with pytest.raises(InputError, match="no row fits"):
        read_meddra(tmp_path)


def test_events_of_reports_are_grouped(folder):
    events = pl.DataFrame(
        {
            "report_id": ["1", "1", "2", "3"],
            "event": ["LUMP MADE UP", "Bump made up", "Knot made up", "Elsewhere"],
        }
    )
    empty = pl.DataFrame({"report_id": ["1"]})
    tables = ReportTables(reports=empty, drugs=empty, events=events, ledger=Ledger())
    grouped = group_events(tables, read_meddra(folder).only_primary(), "HLT").events
    assert grouped.rows() == [("1", "Lumps HLT"), ("2", "Lumps HLT"), ("3", "Elsewhere")]
