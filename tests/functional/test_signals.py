"""`untoward signals` and `untoward signals show`, on small files of every layout."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema_rs
import polars as pl
import pytest

from untoward.model.ledger import Fate, Ledger, LedgerEntry
from untoward.tasks import signals_collection
from untoward.tasks.schemas import schema_of

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "tests" / "fixtures" / "reports"
MADE_UP = ROOT / "examples" / "reports-made-up"
LAYOUTS = {
    "faers": "faers_2017q2", "aers": "aers_2012q2", "vaers": "vaers", "caers": "caers_new.csv", "maude": "maude",
    "openfda": "openfda_drug.json", "pairs": "pairs.csv",
}  # fmt: skip
FIRST_COLUMNS = (
    "drug, event, n, n_drug, n_event, n_total, expected, prr, prr_low, prr_high, chi2_yates, ror, ror_low, ror_high, "
    "ic, ic_low, ic_high, ebgm, eb05, eb95"
).split(", ")


def faults(name, document):
    errors = jsonschema_rs.validator_for(schema_of(name)).iter_errors(document)
    return [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in errors]


def pairs_file(folder, rows):
    """A table of pairs: (report, drug, event) a row."""
    path = folder / "pairs.csv"
    lines = [f"{report},{drug},{event}" for report, drug, event in rows]
    path.write_text("\n".join(["report_id,drug,event", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def few(tmp_path):
    """Twelve reports: A with Lump in 4 of its 5, B with Lump in 1 of its 7."""
    rows = [(n, "A", "Lump") for n in range(1, 5)] + [(5, "A", "Rash"), (6, "B", "Lump")]
    return pairs_file(tmp_path, rows + [(n, "B", "Rash") for n in range(7, 13)])


class TestEveryLayout:
    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_table_ledger_and_report(self, untoward, tmp_path, layout):
        out, ledger, report = tmp_path / "s.parquet", tmp_path / "ledger.json", tmp_path / "s.html"
        source = REPORTS / LAYOUTS[layout]
        files = ("--out", out, "--ledger", ledger, "--report", report)
        ran = untoward("signals", source, "--min-n", 1, "--json", *files)
        assert ran.code == 0, ran.err
        assert ran.document["source"]["format"] == layout
        assert faults("signals", ran.document) == []
        assert pl.read_parquet(out).columns[:20] == FIRST_COLUMNS
        rows = json.loads(ledger.read_text(encoding="utf-8"))
        assert rows["adds_up"]
        assert rows["read"] == rows["kept"] + rows["merged"] + rows["dropped"] > 0
        assert "</html>" in report.read_text(encoding="utf-8")

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_the_format_can_be_named(self, untoward, layout):
        ran = untoward("signals", REPORTS / LAYOUTS[layout], "--format", layout, "--min-n", 1)
        assert ran.code == 0, ran.err
        assert "It adds up." in ran.out

    def test_old_names_of_caers(self, untoward):
        assert untoward("signals", REPORTS / "caers_old.csv", "--min-n", 1).code == 0

    def test_counts_with_their_margins(self, untoward, tmp_path):
        table = tmp_path / "counts.csv"
        table.write_text("drug,event,n,n_drug,n_event,n_total\nA,Lump,16,44,31,3356\n", encoding="utf-8")
        row = untoward("signals", table, "--json").document["top"][0]
        # CAERS 2012, REUMOFAN PLUS with WEIGHT INCREASED, by the R package pvda 0.0.4
        assert row["prr"] == pytest.approx(80.290909, abs=1e-6)
        assert row["ror"] == pytest.approx(125.6, abs=1e-6)
        assert row["ic_low"] == pytest.approx(3.393189, abs=1e-6)
        assert row["report_ids"] == []

    def test_counts_without_margins_ask_for_a_name(self, untoward, tmp_path):
        table = tmp_path / "counts.csv"
        table.write_text("drug,event,n\nA,Lump,4\nA,Rash,1\nB,Lump,1\nB,Rash,6\n", encoding="utf-8")
        ran = untoward("signals", table)
        assert ran.code == 2
        assert "n_total" in ran.err
        assert "--margins pair_sum" in ran.err
        summed = untoward("signals", table, "--margins", "pair_sum", "--min-n", 1, "--json")
        assert summed.code == 0, summed.err
        assert summed.document["source"]["reports"] == 12
        assert any("sums of pair counts" in note for note in summed.document["notes"])
        assert "12 as a sum of pair counts" in untoward("signals", table, "--margins", "pair_sum").out


class TestWhatIsPrinted:
    def test_cells_rules_and_ledger(self, untoward, few):
        ran = untoward("signals", few)
        assert ran.code == 0, ran.err
        assert "12 reports, 2 drugs, 2 events" in ran.out
        assert "12 rows read = 12 kept + 0 merged + 0 dropped. It adds up." in ran.out
        line = next(one.split() for one in ran.out.splitlines() if one.startswith("A ") and "Lump" in one)
        assert line[2:6] == ["4", "1", "1", "6"]  # the 2x2 table: both, drug, event, neither
        assert all(rule in ran.out for rule in ("evans", "ema", "mhra", "umc", "eb05", "fdr"))
        assert "not a cause found" in ran.out

    def test_a_narrow_terminal_has_the_same_pairs(self, untoward, few, monkeypatch):
        monkeypatch.setenv("COLUMNS", "80")
        assert "4 | 1 | 1 | 6" in untoward("signals", few).out

    def test_a_prior_that_cannot_be_fitted_is_told_in_words(self, untoward, few):
        document = untoward("signals", few, "--json").document
        assert document["prior"] is None
        assert document["ebgm_refused"]
        assert all(row["ebgm"] is None and row["signal_eb05"] is None for row in document["top"])
        assert any("EBGM, EB05 and EB95 are empty" in note for note in document["notes"])

    def test_an_infinite_ratio_is_null_and_named(self, untoward, tmp_path):
        path = pairs_file(
            tmp_path, [*((n, "A", "Lump") for n in range(4)), (5, "B", "Rash"), (6, "B", "Rash")]
        )
        row = untoward("signals", path, "--json").document["top"][0]
        assert row["prr"] is None
        assert "prr" in row["infinite"]

    def test_no_pair_is_no_fault(self, untoward, few):
        ran = untoward("signals", few, "--min-n", 100)
        assert ran.code == 0
        assert "No pair has 100 reports or more." in ran.out

    def test_progress_and_files_go_to_stderr(self, untoward, few, tmp_path):
        ran = untoward("signals", few, "--json", "--out", tmp_path / "x.csv")
        assert json.loads(ran.out)
        assert "wrote" in ran.err

    def test_only_the_names_asked_for_are_listed(self, untoward):
        document = untoward(
            "signals", MADE_UP, "--drug", "toxin*", "--event", "EYELID ptosis", "--json"
        ).document
        assert [(row["drug"], row["event"]) for row in document["top"]] == [("TOXIN BETA", "Eyelid ptosis")]
        assert document["source"]["reports"] == 900  # all still count

    def test_roles(self, untoward, tmp_path):
        path = tmp_path / "pairs.csv"
        rows = [f"{n},A,Lump,suspect" for n in range(4)] + [f"{n},B,Rash,concomitant" for n in range(4, 9)]
        path.write_text("\n".join(["report_id,drug,event,role", *rows]), encoding="utf-8")
        suspects = untoward("signals", path, "--json").document
        every = untoward("signals", path, "--roles", "all", "--json").document
        assert (suspects["source"]["reports"], suspects["source"]["without_drug"]) == (4, 5)
        assert (every["source"]["reports"], every["source"]["without_drug"]) == (9, 0)


class TestMadeUpCollection:
    """The example of the tutorial, with what was planted in it."""

    def test_what_was_planted_is_found(self, untoward):
        document = untoward("signals", MADE_UP, "--interactions", "--stratify", "sex,year", "--json").document
        assert faults("signals", document) == []
        flagged = {(row["drug"], row["event"]) for row in document["top"] if row["signal_umc"]}
        assert {
            ("COCKTAIL EPSILON", "Mycobacterial infection"), ("TOXIN BETA", "Eyelid ptosis"),
            ("STIMULATOR GAMMA", "Injection site nodule"), ("DISSOLVER DELTA", "Hypoaesthesia"),
        } <= flagged  # fmt: skip
        first = document["interactions"][0]
        assert {first["drug_1"], first["drug_2"], first["event"]} == {
            "ANAESTHETIC ETA", "VITAMIN ZETA", "Palpitations",
        }  # fmt: skip
        assert document["strata"]
        assert "heterogeneity_p" in document["top"][0]

    def test_one_pair(self, untoward, tmp_path):
        out = tmp_path / "reports.csv"
        words = ("cocktail epsilon", "mycobacterial INFECTION", MADE_UP)
        ran = untoward("signals", "show", *words, "--json", "--out", out)
        assert ran.code == 0, ran.err
        document = ran.document
        assert faults("signals-pair", document) == []
        assert document["pair"]["n"] == len(document["report_ids"]) == pl.read_csv(out).height
        lots = next(one for one in document["breakdowns"] if one["axis"] == "lot")
        assert lots["shares"][0]["value"] == "K77"
        assert document["trend"]["first_signal"].startswith("2024")
        assert document["onset"]["median_day"] > 14
        printed = untoward("signals", "show", *words).out
        assert "K77" in printed
        assert "first flagged" in printed

    def test_it_is_what_its_script_makes(self, tmp_path):
        script = tmp_path / "make.py"
        script.write_bytes((MADE_UP / "make.py").read_bytes())
        subprocess.run([sys.executable, str(script)], check=True, timeout=60)
        for file in MADE_UP.glob("*24Q4.txt"):
            assert tmp_path.joinpath(file.name).read_bytes() == file.read_bytes(), file.name

    def test_counts_by_hand(self, untoward):
        """The first pair counted again from the lines of the files, without any table library."""
        reports, drugs, events = set(), {}, {}
        latest = {}
        for line in lines_of("DEMO"):
            latest[line[1]] = max(latest.get(line[1], ""), line[0])
        for table, found in (("DRUG", drugs), ("REAC", events)):
            for line in lines_of(table):
                name = line[5] if table == "DRUG" else line[2]
                if latest[line[1]] == line[0]:
                    found.setdefault(name.upper(), set()).add(line[0])
                    reports.add(line[0])
        row = untoward("signals", MADE_UP, "--json").document["top"][0]
        drug, event = drugs[row["drug"].upper()], events[row["event"].upper()]
        assert (row["n"], row["n_drug"], row["n_event"], row["n_total"]) == (
            len(drug & event), len(drug), len(event), len(reports),
        )  # fmt: skip
        assert row["ic"] == pytest.approx(
            math.log2((row["n"] + 0.5) / (len(drug) * len(event) / len(reports) + 0.5))
        )
        assert set(row["report_ids"]) == drug & event


def lines_of(table):
    text = MADE_UP.joinpath(f"{table}24Q4.txt").read_text(encoding="utf-8")
    return [line.split("$") for line in text.splitlines()[1:]]


class TestShow:
    def test_a_pair_without_a_report_has_a_story_too(self, untoward, tmp_path):
        rows = [*((n, "A", "Lump") for n in range(4)), *((n, "B", "Rash") for n in range(4, 9))]
        path = pairs_file(tmp_path, rows)
        document = untoward("signals", "show", "A", "Rash", path, "--json").document
        assert faults("signals-pair", document) == []
        assert (document["pair"]["n"], document["report_ids"]) == (0, [])
        assert document["pair"]["expected"] == pytest.approx(4 * 5 / 9)

    def test_of_counts(self, untoward, tmp_path):
        table = tmp_path / "counts.csv"
        table.write_text("drug,event,n,n_drug,n_event,n_total\nA,Lump,16,44,31,3356\n", encoding="utf-8")
        ran = untoward("signals", "show", "A", "Lump", table)
        assert ran.code == 0, ran.err
        assert "80.3 (42.4–152)" in ran.out

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("show", "A", "Lump"), "After show"),
            (("show", "A", "Lumps"), "Did you mean Lump?"),
            (("show", "A", "Lump", "--report", "x.html"), "--out only"),
            (("show", "*", "Lump"), "2 names fit"),
        ],
    )
    def test_bad_use(self, untoward, few, words, said):
        source = () if said == "After show" else (few,)
        ran = untoward("signals", *words[:3], *source, *words[3:])
        assert ran.code == 2
        assert said in ran.err


class TestBadUse:
    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--out", "x.xlsx"), ".parquet or .csv"),
            (("--roles", "guilty"), "suspect"),
            (("--min-n", "0"), "1 or more"),
            (("--top", "0"), "--top"),
            (("--format", "pdf"), "--format"),
            (("--stratify", "shoe_size"), "shoe_size"),
            (("--stratify", "sex", "--margins", "pair_sum"), "distinct reports"),
            (("--drug", "Lumpp"), "--drug"),
            (("--engine", "abacus"), "--engine"),
            (("--out", "same.csv", "--ledger", "same.csv"), "same name"),
            (("--report", "."), "folder"),
        ],
    )
    def test_is_told_and_ends_with_two(self, untoward, few, options, said, monkeypatch):
        monkeypatch.chdir(few.parent)
        ran = untoward("signals", few, *options)
        assert ran.code == 2
        assert said in ran.err
        assert ran.out == ""
        assert list(few.parent.iterdir()) == [few]

    def test_a_path_that_is_not_there(self, untoward):
        ran = untoward("signals", "no-such-folder")
        assert ran.code == 2
        assert "no-such-folder" in ran.err

    def test_files_that_no_reader_knows(self, untoward, tmp_path):
        path = tmp_path / "poem.csv"
        path.write_text("roses,red\nviolets,blue\n", encoding="utf-8")
        ran = untoward("signals", path)
        assert ran.code == 2
        assert "faers" in ran.err

    def test_counts_have_no_strata(self, untoward, tmp_path):
        table = tmp_path / "counts.csv"
        table.write_text("drug,event,n,n_drug,n_event,n_total\nA,Lump,16,44,31,3356\n", encoding="utf-8")
        for option in (("--stratify", "sex"), ("--interactions",)):
            ran = untoward("signals", table, *option)
            assert ran.code == 2
            assert "table of counts" in ran.err

    def test_nothing_to_count(self, untoward, tmp_path):
        ran = untoward("signals", pairs_file(tmp_path, [(1, "A", "")]))
        assert ran.code == 2
        assert "nothing to count" in ran.err


class TestNamesAndDuplicates:
    @pytest.fixture
    def brands(self, tmp_path):
        path = tmp_path / "brands.csv"
        path.write_text("brand,ingredient\nB,A\n", encoding="utf-8")
        return path

    def test_names_of_the_user(self, untoward, few, brands, tmp_path):
        review = tmp_path / "names.csv"
        ran = untoward("signals", few, "--names", brands, "--names-review", review, "--min-n", 1, "--json")
        assert ran.code == 0, ran.err
        assert ran.document["source"]["drugs"] == 1
        assert "brands.csv; 1 of 2 names changed" in ran.document["settings"]["names of drugs"]
        assert [(row["name"], row["drug"]) for row in pl.read_csv(review).to_dicts()] == [("B", "A")]

    def test_names_stay_when_asked_to(self, untoward):
        source = REPORTS / "faers_2017q2"
        assert untoward("signals", source, "--as-named", "--min-n", 1).code == 0
        said = untoward("signals", source, "--as-named", "--min-n", 1, "--json").document["settings"]
        assert said["names of drugs"] == "as the source gives them"

    def test_a_faulty_dictionary(self, untoward, few, brands):
        brands.write_text("brand,ingredient\nB,A\nB,C\n", encoding="utf-8")
        ran = untoward("signals", few, "--names", brands)
        assert ran.code == 2
        assert "two ingredients" in ran.err

    def test_duplicates_are_listed_and_merged_only_on_wish(self, untoward, tmp_path):
        listed = tmp_path / "suspected.csv"
        first = untoward("signals", twins(tmp_path), "--duplicates", listed, "--min-n", 1, "--json").document
        assert pl.read_csv(listed).select("report_a", "report_b").row(0) == (900, 901)
        assert "found, not merged" in first["settings"]["duplicates"]
        merged = untoward("signals", twins(tmp_path), "--merge-duplicates", "--min-n", 1, "--json").document
        assert merged["source"]["reports"] == first["source"]["reports"] - 1
        assert merged["ledger"]["adds_up"]
        assert any("same case" in one["reason"] for one in merged["ledger"]["entries"])


def twins(folder):
    """Many reports that differ, and two that say the same of a rare case."""
    head = "report_id,drug,event,sex,age,event_date,country,lot"
    rows = [
        f"{n},D{n % 23},E{n % 17},{'FM'[n % 2]},{20 + n % 51},2020-{1 + n % 12:02}-{1 + n % 28:02},{'UFE'[n % 3]}S,L{n}"
        for n in range(400)
    ]
    same = "RARE,Singular event,F,33,2021-05-06,IT,Z99"
    path = folder / "twins.csv"
    path.write_text("\n".join([head, *rows, f"900,{same}", f"901,{same}"]) + "\n", encoding="utf-8")
    return path


class TestLedger:
    def test_one_that_does_not_add_up_is_a_defect_and_says_so(self, untoward, few, monkeypatch):
        whole = signals_collection.Collection.ledger.fget
        extra = LedgerEntry(file="x", table="t", fate=Fate.READ, rows=3)

        def short(collection):
            return Ledger(entries=(*whole(collection).entries, extra))

        monkeypatch.setattr(signals_collection.Collection, "ledger", property(short))
        ran = untoward("signals", few)
        assert ran.code == 3
        assert "It does not add up: x, t: 3 rows without a fate" in ran.out

    def test_bad_rows_are_counted_with_a_reason(self, untoward, tmp_path):
        path = tmp_path / "pairs.csv"
        path.write_text("report_id,drug,event\n1,A,Lump\n,A,Lump\n2,B,Rash\n", encoding="utf-8")
        document = untoward("signals", path, "--min-n", 1, "--json").document
        assert (document["ledger"]["read"], document["ledger"]["dropped"]) == (3, 1)
        dropped = next(one for one in document["ledger"]["entries"] if one["fate"] == "dropped")
        assert dropped["reason"]
        assert dropped["examples"]


class TestFiles:
    def test_csv_holds_what_parquet_holds(self, untoward, few, tmp_path):
        untoward("signals", few, "--min-n", 1, "--out", tmp_path / "a.csv")
        untoward("signals", few, "--min-n", 1, "--out", tmp_path / "a.parquet")
        csv, parquet = pl.read_csv(tmp_path / "a.csv"), pl.read_parquet(tmp_path / "a.parquet")
        assert csv.columns == parquet.columns
        assert csv["n"].to_list() == parquet["n"].to_list()
        assert [name for name in parquet.columns if name.startswith("signal_")]

    def test_interactions_stand_beside(self, untoward, tmp_path):
        ran = untoward("signals", MADE_UP, "--interactions", "--out", tmp_path / "s.csv")
        assert ran.code == 0, ran.err
        beside = pl.read_csv(tmp_path / "s-interactions.csv")
        assert {"drug_1", "drug_2", "omega", "omega_low"} <= set(beside.columns)

    def test_stopped_by_the_user_it_leaves_what_was_there(self, untoward, few, tmp_path, monkeypatch):
        out, report = tmp_path / "out" / "s.csv", tmp_path / "out" / "s.html"
        out.parent.mkdir()
        out.write_text("from yesterday", encoding="utf-8")

        def stopped(self, target):
            Path(target).write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

        monkeypatch.setattr(pl.DataFrame, "write_csv", stopped)
        ran = untoward("signals", few, "--out", out, "--report", report)
        assert ran.code == 130
        assert out.read_text(encoding="utf-8") == "from yesterday"
        assert [path.name for path in out.parent.iterdir()] == ["s.csv"]

    def test_a_place_that_cannot_be_written(self, untoward, few):
        ran = untoward("signals", few, "--out", few / "s.csv")
        assert ran.code == 3
        assert "Nothing was written" in ran.err

    def test_stopped_in_a_process_of_its_own(self, tmp_path):
        rows = "".join(f"{n},D{n % 997},E{n % 1009}\n" for n in range(400_000))
        source = tmp_path / "pairs.csv"
        source.write_text(f"report_id,drug,event\n{rows}", encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "untoward.cli",
            "signals",
            str(source),
            "--out",
            str(tmp_path / "s.csv"),
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=dict(os.environ)
        )
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode != 0
        assert [path.name for path in tmp_path.iterdir()] == ["pairs.csv"]


class TestSpark:
    def test_it_names_its_extra_when_it_is_not_there(self, untoward, few, monkeypatch):
        monkeypatch.setitem(sys.modules, "pyspark", None)
        monkeypatch.setitem(sys.modules, "pyspark.sql", None)
        ran = untoward("signals", few, "--engine", "spark")
        assert ran.code == 2
        assert "untoward[spark]" in ran.err

    def test_its_counts_give_the_same_table(self, untoward, monkeypatch):
        """The engine is replaced by the local counts in its own type; the engine's tests compare the counts."""
        from untoward.engines import spark
        from untoward.watch.signals import count_reports

        def counted(tables, *, roles):
            counts = count_reports(tables, roles=roles)
            names = (
                "drugs",
                "events",
                "drug_index",
                "event_index",
                "n",
                "drug_reports",
                "event_reports",
                "n_total",
            )
            told = {"without_event": 0, "without_drug": 0, "without_role": counts.counting.without_role}
            same = {name: getattr(counts, name) for name in names}
            return spark.Counts(**same, roles=roles, least=1, **told)

        monkeypatch.setattr(spark, "count_reports", counted)
        here, there = (
            untoward("signals", MADE_UP, "--engine", name, "--json").document for name in ("local", "spark")
        )
        assert [{**row, "report_ids": []} for row in here["top"]] == there["top"]
        assert untoward("signals", MADE_UP, "--engine", "spark", "--interactions").code == 2
