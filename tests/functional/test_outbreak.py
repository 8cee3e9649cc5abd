"""`untoward outbreak` as a user runs it: every analysis, what it prints at 80 columns, and what it refuses."""

import io
import json

import jsonschema_rs
import pytest

from untoward.tasks.schemas import schema_of

HEAD = "ill,set,diluent,smoker,visits,injected,onset,clinic\n"


def rows():
    """Forty pairs: the diluent goes with illness, six cells of it are empty, a case has no onset."""
    lines = []
    for k in range(40):
        case = "yes" if k % 5 < 3 else "no"
        control = "yes" if k % 4 == 0 else "no"
        case, control = ("" if k in (7, 9) else case), ("" if k in (11, 13, 15, 17) else control)
        onset = "" if k == 3 else f"2026-04-{10 + k % 18:02d}"
        lines += [
            f"yes,M{k:02d},{case},{'yes' if k % 3 else 'no'},{3 + k % 4},2026-03-{1 + k % 20:02d},{onset},North",
            f"no,M{k:02d},{control},{'yes' if k % 2 else 'no'},{1 + k % 6},2026-03-{1 + k % 20:02d},,South",
        ]
    return HEAD + "\n".join(lines) + "\n"


@pytest.fixture
def pairs(tmp_path):
    file = tmp_path / "pairs.csv"
    file.write_text(rows(), encoding="utf-8")
    return file


EVERYTHING = (
    "--stratify", "smoker", "--adjust", "smoker", "--dose", "visits", "--by", "clinic", "--bin", "weeks",
    "--incubation", "10-33-114", "--exposed-at", "injected", "--missing",
)  # fmt: skip


def test_everything_at_once_is_described_by_the_schema(untoward, pairs):
    pytest.importorskip("statsmodels")
    validator = jsonschema_rs.validator_for(schema_of("outbreak"))
    for more in ((), ("--matched", "set"), ("--case-control",)):
        ran = untoward("outbreak", pairs, "--exposure", "diluent", *EVERYTHING, *more, "--json")
        assert (ran.code, ran.err) == (0, "")
        assert [str(error) for error in validator.iter_errors(ran.document)] == []


def test_the_fixed_keys_stay_as_they_were(untoward, pairs):
    (row,) = untoward("outbreak", pairs, "--exposure", "diluent", "--json").document["exposures"]
    assert (row["a"], row["b"], row["c"], row["d"], row["unknown"]) == (23, 10, 15, 26, 6)
    assert set(row["risk_ratio"]) == {"value", "low", "high", "method", "level", "reason"}
    assert row["odds_ratio"]["method"] == "conditional exact"
    assert row["method"] == "Fisher exact, two-sided"
    assert row["odds_ratio_wald"]["value"] == pytest.approx(23 * 26 / (10 * 15))


def test_each_section_has_its_reading_and_its_method(untoward, pairs, monkeypatch):
    pytest.importorskip("statsmodels")
    monkeypatch.setenv("COLUMNS", "80")
    ran = untoward("outbreak", pairs, "--exposure", "diluent", *EVERYTHING)
    text = " ".join(ran.out.split())
    for heading, reading, method in (
        ("Within strata of smoker", "Read the strata", "Robins-Breslow-Greenland"),
        ("Adjusted for smoker", "Diluent: Odds ratio", "Wald intervals"),
        ("Dose: visits", "with visits", "Cochran-Armitage"),
        ("Onsets by clinic, bins of 7 days", "North most from", "1 case without an onset exact enough"),
        ("Incubation, exposed at injected", "Median", "Log-normal (Sartwell)"),
        (
            "Likely exposure, incubation 10 to 114 days, usually 33",
            "If all were exposed at once",
            "less the longest",
        ),
        ("What if the unknown had been exposed, or not?", "of unknown exposure", "the reverse"),
    ):
        assert heading in text
        assert reading in text
        assert method in text
    assert "Exposure not known, so in neither column: diluent 6." in text
    assert max(len(line) for line in ran.out.splitlines()) <= 80


def test_matched_pairs(untoward, pairs):
    ran = untoward("outbreak", pairs, "--exposure", "diluent", "--matched", "set")
    assert "40 ill and 40 chosen as controls: no attack rate, no risk ratio." in ran.out
    assert "pairs are discordant: the case alone was exposed in" in ran.out
    assert "This table does not know of the matched sets; the one below does." in ran.out


def test_a_column_cannot_be_held_against_itself_and_that_is_said(untoward, pairs):
    ran = untoward("outbreak", pairs, "--exposure", "smoker", "--stratify", "smoker", "--adjust", "smoker")
    assert ran.out.count("No exposure is left beside the columns that were named") == 2


def test_standard_input_gives_the_same(untoward, pairs):
    asked = ("--dose", "visits", "--exposed-at", "injected", "--missing", "--exposure", "diluent", "--json")
    from_file, from_stdin = (
        untoward("outbreak", pairs, *asked),
        untoward("outbreak", "-", *asked, stdin=pairs.read_bytes()),
    )
    assert from_file.document == from_stdin.document


def test_columns_that_are_asked_for_are_no_exposures_by_default(untoward, pairs):
    names = {
        row["exposure"]
        for row in untoward("outbreak", pairs, "--dose", "visits", "--json").document["exposures"]
    }
    assert "diluent" in names
    assert not any(name.startswith("visits") for name in names)


def test_headers_may_be_written_in_another_case(untoward, pairs):
    assert (
        untoward("outbreak", pairs, "--dose", "VISITS", "--json").document["dose_response"]["column"]
        == "visits"
    )


def test_a_column_taken_for_the_session_date(untoward, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(
        "ill,treatment date,onset\nyes,2026-03-01,2026-03-21\nyes,2026-03-02,2026-03-30\nno,2026-03-01,\n",
        encoding="utf-8",
    )
    found = untoward("outbreak", file, "--exposed-at", "treatment date", "--json").document["incubation"]
    assert (found["n"], found["minimum"], found["maximum"]) == (2, 20, 28)


def test_one_date_for_everybody(untoward, examples):
    asked = ("--exposed-at", "1940-04-18T19:30", "--incubation", "1-6h", "--bin", "hours", "--json")
    document = untoward("outbreak", examples / "oswego-1940", *asked).document
    assert (
        document["incubation"]["unit"],
        document["incubation"]["n"],
        document["incubation"]["before"],
    ) == ("hours", 45, 1)
    assert document["exposure_period"]["overlap"] is False
    assert document["epi_curve"][0]["start"] == "1940-04-18T15:00"


@pytest.mark.parametrize("example", ["lima-2004", "washington-dc-2005"])
def test_cases_alone_have_no_comparison_anywhere(untoward, examples, example):
    asked = ("--stratify", "setting", "--dose", "technique", "--missing")
    document = untoward("outbreak", examples / example, *asked, "--json").document
    assert document["design"] == "cases only"
    assert all("not in the data" in row["odds_ratio"]["reason"] for row in document["stratified"])
    assert document["dose_response"]["cochran_armitage"]["p"] is None
    assert all(row["known"] is None for row in document["missing_exposure"])
    assert "not in the data" in untoward("outbreak", examples / example, *asked).out


class TestRefused:
    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            (("--stratify", "nope", "--dose", "zip"), ("nope", "zip", "no such column")),
            (("--bin", "fortnight"), ("width of bins: got 'fortnight'",)),
            (("--incubation", "9-3"), ("incubation period: got '9-3'",)),
            (("--exposed-at", "2026-13-01"), ("exposed at: got '2026-13-01'",)),
            (("--exposed-at", "clinic"), ("clinic", "not a date")),
            (("--dose", "ill"), ("this column says who is ill",)),
            (("--by", "clinic", "--bin", "1e9"), ("width of bins",)),
        ],
        ids=lambda value: " ".join(value),
    )
    def test_with_every_fault_and_no_traceback(self, untoward, pairs, asked, said):
        ran = untoward("outbreak", pairs, *asked)
        assert (ran.code, ran.out) == (2, "")
        assert "Traceback" not in ran.err
        for words in said:
            assert words in ran.err

    def test_regression_without_statsmodels(self, untoward, pairs, monkeypatch):
        from untoward.watch.investigation import models_extra

        monkeypatch.setattr(models_extra, "find_spec", lambda name: None)
        ran = untoward("outbreak", pairs, "--exposure", "diluent", "--adjust", "smoker")
        assert ran.code == 2
        assert "untoward[models]" in ran.err


def test_hostile_cells(untoward, tmp_path):
    """Formulas, nameless words and long text are words like any others; nothing is run and nothing falls over."""
    cells = ["=1+1", "<script>", "x" * 5000, "\u202egnal", "1e400", "-5", "nan"]
    lines = [f"{'yes' if k % 2 else 'no'},{cell},{k},2026-03-{k + 1:02d}" for k, cell in enumerate(cells * 3)]
    content = io.StringIO("ill,word,n2,onset\n" + "\n".join(lines) + "\n").getvalue().encode()
    asked = ("--stratify", "word", "--dose", "word", "--by", "word", "--missing", "--json")
    ran = untoward("outbreak", "-", *asked, stdin=content)
    assert ran.code == 0
    assert json.loads(ran.out)["dose_response"]["levels"]
