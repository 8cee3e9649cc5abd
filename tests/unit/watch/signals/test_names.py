"""Names of drugs: what is taken off and what must stay, the order of dictionaries, candidates for review."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.errors import InputError, OutsideError, UsageError
from untoward.model.ledger import Ledger
from untoward.model.names import NameIndex
from untoward.model.reports import ReportTables
from untoward.watch.signals.names import (
    CLEANED,
    COMPOUND,
    DICTIONARY,
    candidates,
    cleaned,
    group_events,
    normalise,
    read_dictionary,
)

COMPOUNDS = NameIndex.build(
    {
        "deoxycholic-acid": ["Kybella", "deoxycholate"],
        "lidocaine": ["lignocaine", "Xylocaine"],
        "sodium-hyaluronate": [],
        "injection-itself": ["sodium chloride"],
    }
)


def tables_of(*names):
    keys = [str(k) for k in range(len(names))]
    return ReportTables(
        reports=pl.DataFrame({"report_id": keys}),
        drugs=pl.DataFrame({"report_id": keys, "drug": list(names), "as_reported": list(names)}),
        events=pl.DataFrame({"report_id": keys, "event": ["X"] * len(keys)}),
        ledger=Ledger(),
    )


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("DICLOFENAC SODIUM 75 MG/3ML SOLUTION FOR INJECTION", "DICLOFENAC"),
        ("paracetamol tablets 500mg", "PARACETAMOL"),
        ("PARACETAMOL TABLET 500MG (LOT #AB123)", "PARACETAMOL"),
        ("METHYLPREDNISOLONE SODIUM SUCCINATE", "METHYLPREDNISOLONE"),
        ("TYLENOL 8 HOUR", "TYLENOL"),
        ("PREDNISONE TABLETS USP, 5 MG", "PREDNISONE"),
        ("LIDOCAINE 2 % (SOLUTION)", "LIDOCAINE"),
        ("HEPARIN 5,000 IU PER ML", "HEPARIN"),
        ("SOMETHING BATCH NO. 12-X9", "SOMETHING"),
        ("ENALAPRIL MALEATE.", "ENALAPRIL"),
    ],
)
def test_what_is_taken_off(name, bare):
    assert cleaned(name) == bare


@pytest.mark.parametrize(
    "name",
    [
        "SODIUM CHLORIDE",
        "ZINC SULFATE",
        "CALCIUM CARBONATE",
        "MAGNESIUM PHOSPHATE",
        "ETHYL CHLORIDE",
        "VITAMIN B12",
        "5-FLUOROURACIL",
        "COVID19 (MODERNA)",  # the maker tells two vaccines apart
        "INFLUENZA (SEASONAL) (FLUZONE)",
        "GEL",
        "TABLET",
        "100 MG",
        "LOT 55",
        "LOTION SOMETHING",
        "L-CARNITINE",
        "ICE CREAM",
        "B-50 COMPLEX",
    ],
)
def test_what_must_stay(name):
    assert cleaned(name) == name


@given(st.text(max_size=60))
def test_cleaning_is_done_once_and_never_leaves_nothing(name):
    bare = cleaned(name)
    assert bool(bare) == bool(name.split())
    assert cleaned(bare) == bare or len(cleaned(bare)) < len(bare)


def test_order_of_those_who_name():
    dictionary = {"Fatmelt": "deoxycholic acid", "Xylocaine": "LIDOCAINE HYDROCHLORIDE"}
    named = normalise(
        tables_of(
            "FATMELT 5 ML VIAL", "KYBELLA", "XYLOCAINE", "LIGNOCAINE 1%", "ENALAPRIL MALEATE", "NEW THING"
        ),
        compounds=COMPOUNDS,
        dictionary=dictionary,
    )
    told = {row["name"]: (row["drug"], row["how"]) for row in named.changes.iter_rows(named=True)}
    assert told == {
        "FATMELT 5 ML VIAL": ("DEOXYCHOLIC ACID", DICTIONARY),
        "KYBELLA": ("DEOXYCHOLIC ACID", COMPOUND),
        "XYLOCAINE": ("LIDOCAINE HYDROCHLORIDE", DICTIONARY),  # the user's word goes first
        "LIGNOCAINE 1%": ("LIDOCAINE", COMPOUND),
        "ENALAPRIL MALEATE": ("ENALAPRIL", CLEANED),
        "NEW THING": ("NEW THING", "as it was"),
    }
    assert named.tables.drugs["drug"].to_list()[1] == "DEOXYCHOLIC ACID"
    assert named.tables.drugs["as_reported"].to_list()[1] == "KYBELLA"
    assert named.changes["rows"].sum() == 6


def test_salt_in_the_name_of_a_compound_stays():
    named = normalise(tables_of("SODIUM HYALURONATE", "SODIUM CHLORIDE"), compounds=COMPOUNDS)
    # the carrier liquid is no compound that is given; it keeps its own name
    assert named.tables.drugs["drug"].to_list() == ["SODIUM HYALURONATE", "SODIUM CHLORIDE"]


def test_combinations_are_named_part_by_part():
    tables = tables_of("XYLOCAINE\\EPINEPHRINE", "EPINEPHRINE / LIGNOCAINE 2%", "B AND A")
    named = normalise(tables, compounds=COMPOUNDS)
    assert named.tables.drugs["drug"].to_list() == [
        "EPINEPHRINE / LIDOCAINE",
        "EPINEPHRINE / LIDOCAINE",
        "A / B",
    ]
    assert named.changes["how"].to_list() == [CLEANED, COMPOUND, COMPOUND]
    product = "DTAP + IPV (A BRAND)"  # one vaccine, whatever is in it
    assert normalise(tables_of(product)).tables.drugs["drug"].to_list() == [product]
    split = normalise(tables, compounds=COMPOUNDS, split=True).tables.drugs
    assert split["drug"].to_list() == ["EPINEPHRINE", "LIDOCAINE", "EPINEPHRINE", "LIDOCAINE", "A", "B"]
    assert split["report_id"].to_list() == ["0", "0", "1", "1", "2", "2"]


def test_products_keep_their_forms_when_asked():
    tables = tables_of("SUPER GLOW CREAM", "SUPER GLOW  GEL", None)
    assert normalise(tables).tables.drugs["drug"].to_list() == ["SUPER GLOW", "SUPER GLOW", None]
    kept = normalise(tables, clean=False).tables.drugs["drug"].to_list()
    assert kept == ["SUPER GLOW CREAM", "SUPER GLOW GEL", None]


def test_candidates_are_shown_and_never_merged():
    names = ["DEOXYCHOLIC ACD"] * 5 + ["LIDOCANE"] * 3 + ["LIDOKAIN"] + ["DEOXYCHOLIC ACID"] * 9
    named = normalise(tables_of(*names), compounds=COMPOUNDS)
    assert "DEOXYCHOLIC ACD" in named.tables.drugs["drug"]
    shown = candidates(named)
    assert shown.select("name", "rows", "candidate").rows() == [
        ("DEOXYCHOLIC ACD", 5, "DEOXYCHOLIC ACID"),
        ("LIDOCANE", 3, "LIDOCAINE"),
    ]
    assert shown["similarity"].min() >= 88
    assert candidates(named, least=1, cutoff=70).filter(name="LIDOKAIN").height == 1
    assert candidates(normalise(tables_of(*["VITAMIN D"] * 5)), known=["VITAMIN A"], cutoff=50).is_empty()
    # another name of the collection may be the known one
    own = normalise(tables_of(*["PARACETAMOL"] * 9, *["PARACETMOL"] * 4))
    assert candidates(own).is_empty()
    assert candidates(own, known=["Paracetamol"])["name"].to_list() == ["PARACETMOL"]
    with pytest.raises(UsageError):
        candidates(named, cutoff=101)


def test_reading_a_dictionary(tmp_path):
    file = tmp_path / "brands.csv"
    file.write_text(
        "\ufeffBrand;Ingredient;note\nFatmelt®;deoxycholic acid;x\nfatmelt;DEOXYCHOLIC ACID;\n", "utf-8"
    )
    assert read_dictionary(file) == {"fatmelt": "DEOXYCHOLIC ACID"}
    file.write_text("brand,ingredient\nA,b\nA,c\n,d\nE,\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_dictionary(file)
    told = str(caught.value)
    assert "line 3" in told
    assert "two ingredients" in told
    assert "line 4" in told
    assert "line 5" in told
    file.write_text("name,ingredient\nA,b\n", "utf-8")
    with pytest.raises(InputError, match="brand"):
        read_dictionary(file)
    with pytest.raises(OutsideError):
        read_dictionary(tmp_path / "none.csv")
    file.write_bytes(b"brand,ingredient\n\xff\xfe,b\n")
    with pytest.raises(OutsideError):
        read_dictionary(file)


def test_grouping_events():
    groups = pl.DataFrame(
        {
            "event": ["Lump", "Bump", "Lump"],
            "level": ["HLT", "HLT", "SOC"],
            "group": ["Lumps", "Lumps", "Skin"],
        }
    )
    tables = ReportTables(
        reports=pl.DataFrame(),
        drugs=pl.DataFrame(),
        events=pl.DataFrame({"report_id": ["1", "1", "2"], "event": ["LUMP", "bump", "Other"]}),
        ledger=Ledger(),
    )
    assert group_events(tables, groups, "HLT").events.rows() == [("1", "Lumps"), ("2", "Other")]
    with pytest.raises(UsageError, match="HLT, SOC"):
        group_events(tables, groups, "PT")
