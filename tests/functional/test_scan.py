"""`untoward scan` from the command line: published figures, the same answer from every form of file, and every refusal."""

import csv
import json

import jsonschema_rs
import pytest

from untoward.tasks.schemas import schema_of


@pytest.fixture
def new_york(examples):
    return examples / "leukaemia-new-york"


@pytest.fixture
def scan_new_york(untoward, new_york):
    def run(*options, coordinates="coordinates.csv"):
        return untoward(
            "scan", new_york / "cases.csv", "--population", new_york / "population.csv",
            "--coordinates", new_york / coordinates, *options,
        )  # fmt: skip

    return run


def test_brain_cancer_in_new_mexico(untoward, examples):
    """Counts of 19 years with a population for each; the figures are those of SaTScan 10.3.2 for them."""
    data = examples.parent / "tests" / "golden" / "data"
    counts, places = data / "new_mexico_brain_cancer.csv", data / "new_mexico_brain_cancer_places.csv"
    options = (
        "--coordinates",
        places,
        "--time",
        "retrospective",
        "--unit",
        "year",
        "--replicates",
        99,
        "--json",
    )
    first = untoward("scan", counts, "--population", counts, *options).document["clusters"][0]
    assert first["centre"]["place"] == "bernalillo"
    assert (first["from"], first["to"], first["observed"]) == ("1985-01-01", "1989-12-31", 232)
    assert first["llr"] == pytest.approx(11.321711, abs=5e-7)
    assert first["expected"] == pytest.approx(171.84, abs=0.005)
    assert first["radius"] == pytest.approx(137.51, abs=0.005)


WEEKS = "place,date\n" + "".join(
    f"{place},{day}\n"
    for place, day in [
        *[("A", "2026-02-25"), ("A", "2026-02-26"), ("B", "2026-02-27"), ("A", "2026-02-28"), ("B", "2026-02-28")],
        *[("A", "2026-01-03"), ("B", "2026-01-12"), ("C", "2026-01-05"), ("C", "2026-01-21"), ("D", "2026-02-02")],
        *[("D", "2026-01-09"), ("C", "2026-02-11"), ("D", "2026-01-30"), ("E", "2026-01-15"), ("E", "2026-02-05")],
    ]
)  # fmt: skip
PLACES = "place,x,y\nA,0,0\nB,1,0\nC,10,0\nD,0,10\nE,10,10\n"
PEOPLE = "place,population\nA,100\nB,100\nC,100\nD,100\nE,100\n"


@pytest.fixture
def small(tmp_path):
    """Three small files, and the arguments that name them."""

    def write(cases=WEEKS, population=PEOPLE, coordinates=PLACES):
        arguments = []
        for option, text in ((None, cases), ("--population", population), ("--coordinates", coordinates)):
            if text is not None:
                path = tmp_path / f"{(option or 'cases').lstrip('-')}.csv"
                path.write_text(text)
                arguments += [path] if option is None else [option, path]
        return arguments

    return write


class TestNewYork:
    """Leukaemia in upstate New York; the figures are those of SaTScan 10.3.2 and smerc 1.8.4 for the same counts."""

    def test_longitude_and_latitude(self, scan_new_york):
        ran = scan_new_york("--json")
        assert ran.code == 1
        first, second, third = ran.document["clusters"][:3]
        assert first["llr"] == pytest.approx(14.780276, abs=5e-7)
        assert (len(first["where"]), first["observed"], first["population"]) == (31, 106, 119_050)
        assert first["expected"] == pytest.approx(62.13, abs=0.005)
        assert first["relative_risk"] == pytest.approx(1.87, abs=0.005)
        assert first["p"] == 0.001
        assert second["llr"] == pytest.approx(8.287056, abs=5e-7)
        assert (len(second["where"]), second["observed"], second["population"]) == (9, 42, 40_696)
        assert third["llr"] == pytest.approx(7.199672, abs=5e-7)

    def test_x_and_y(self, scan_new_york):
        first = scan_new_york("--json", coordinates="coordinates-flat.csv").document["clusters"][0]
        assert first["llr"] == pytest.approx(15.005562, abs=5e-7)
        assert (len(first["where"]), first["observed"], first["population"]) == (37, 117, 135_295)

    def test_circles_up_to_a_tenth(self, scan_new_york):
        ran = scan_new_york("--json", "--largest-share", "0.1", coordinates="coordinates-flat.csv")
        assert ran.document["clusters"][0]["llr"] == pytest.approx(14.807678, abs=5e-7)

    def test_the_plain_files_of_scan_programs_give_the_same_document(
        self, untoward, scan_new_york, new_york, tmp_path
    ):
        def rows(name):
            with (new_york / name).open(newline="") as stream:
                return list(csv.reader(stream))[1:]

        lines = {
            "ny.cas": [f"{place} {n}" for place, n in rows("cases.csv")],
            "ny.pop": [f"{place} 1980 {n}" for place, n in rows("population.csv")],
            "ny.geo": [
                f"{place} {latitude} {longitude}" for place, latitude, longitude in rows("coordinates.csv")
            ],
        }
        for name, text in lines.items():
            (tmp_path / name).write_text("\n".join(text))
        plain = untoward(
            "scan", tmp_path / "ny.cas", "--population", tmp_path / "ny.pop", "--coordinates", tmp_path / "ny.geo",
            "--axes", "lat-lon", "--json",
        ).document  # fmt: skip
        assert plain["clusters"] == scan_new_york("--json").document["clusters"]

    def test_standard_input(self, untoward, scan_new_york, new_york):
        piped = untoward(
            "scan", "-", "--population", new_york / "population.csv", "--coordinates", new_york / "coordinates.csv", "--json",
            stdin=(new_york / "cases.csv").read_bytes(),
        ).document  # fmt: skip
        assert piped["clusters"] == scan_new_york("--json").document["clusters"]

    def test_the_answer_stands_first_in_plain_words(self, scan_new_york):
        ran = scan_new_york()
        said = " ".join(ran.out.split())
        assert "106 cases at 31 places within 7.70 km of place 52 where 62.13 were expected" in said
        assert "1 time in 1,000 or less often (p 0.001)" in said
        assert "14.780276" in said
        assert "distances along the globe (told by the header)" in said

    def test_the_report_needs_nothing_else(self, scan_new_york, tmp_path):
        ran = scan_new_york("--report", tmp_path / "ny.html")
        page = (tmp_path / "ny.html").read_text(encoding="utf-8")
        assert f"wrote {tmp_path / 'ny.html'}" in ran.err
        assert "<script" not in page
        assert "http" not in page.replace("http-equiv", "")
        assert page.count("<svg") == 2
        assert "14.780276" in page
        assert "Table of the places" in page

    def test_the_same_seed_gives_the_same_answer(self, scan_new_york):
        assert scan_new_york("--seed", 7, "--json").out == scan_new_york("--seed", 7, "--json").out


class TestTime:
    def test_a_prospective_scan_has_a_recurrence_interval(self, untoward, small):
        ran = untoward("scan", *small(), "--time", "prospective", "--unit", "week", "--longest", 2, "--json")
        first = ran.document["clusters"][0]
        assert {place["value"] for place in first["where"]} == {"A", "B"}
        assert first["to"] == "2026-02-28"
        assert first["in_window"] is True
        assert first["recurrence_interval_days"] == pytest.approx(7 / first["p"])

    def test_the_permutation_needs_no_population(self, untoward, small):
        arguments = small(population=None)
        ran = untoward(
            "scan",
            *arguments,
            "--model",
            "permutation",
            "--time",
            "retrospective",
            "--unit",
            "week",
            "--json",
        )
        first = ran.document["clusters"][0]
        assert first["population"] is None
        assert first["relative_risk"] == pytest.approx(first["observed"] / first["expected"])

    def test_time_alone(self, untoward, small):
        arguments = small(population=None, coordinates=None)
        ran = untoward("scan", *arguments, "--time", "only", "--unit", "day", "--longest", 7, "--json")
        first = ran.document["clusters"][0]
        assert first["where"] == []
        assert first["centre"] is None
        assert (first["from"], first["to"]) == ("2026-02-25", "2026-02-28")

    def test_as_of_uses_only_what_was_known(self, untoward, small):
        options = ("--time", "prospective", "--unit", "week", "--as-of", "2026-02-20", "--json")
        document = untoward("scan", *small(), *options).document
        assert document["totals"]["cases"] == 10
        assert document["settings"]["last_day"] == "2026-02-20"
        assert any("5 cases known only after 2026-02-20 left out" in one for one in document["assumptions"])

    def test_the_line_list_behind_a_cluster(self, untoward, small):
        lines = WEEKS.splitlines()
        numbered = "\n".join(
            ["id," + lines[0], *(f"r{at},{line}" for at, line in enumerate(lines[1:], start=1))]
        )
        options = ("--time", "prospective", "--unit", "week", "--longest", 2, "--json")
        first = untoward("scan", *small(cases=numbered), *options).document["clusters"][0]
        assert set(first["cases"]) == {"r1", "r2", "r3", "r4", "r5"}

    def test_a_report_with_a_chart_over_time(self, untoward, small, tmp_path):
        untoward(
            "scan", *small(), "--time", "retrospective", "--unit", "week", "--report", tmp_path / "a.html"
        )
        page = (tmp_path / "a.html").read_text(encoding="utf-8")
        assert page.count("<svg") == 4
        assert "Table of the periods" in page


class TestStoppingEarly:
    def test_it_says_how_many_replicates_ran(self, untoward, small):
        even = "place,cases\nA,3\nB,3\nC,3\nD,3\nE,4\n"
        ran = untoward("scan", *small(cases=even), "--stop-early", "--json")
        settings, first = ran.document["settings"], ran.document["clusters"][0]
        assert ran.code == 0
        assert settings["stopped_early"]
        assert first["replicates"] == settings["replicates"] < settings["replicates_asked"] == 999
        assert first["p"] > 0.05
        shown = untoward("scan", *small(cases=even), "--stop-early").out
        assert f"p rests on {settings['replicates']} replicates: stopped early" in shown


class TestTree:
    CASES = "leaf,cases,population\nL1,1,200\nL2,14,200\nL3,2,300\nL4,3,400\n"
    TREE = "node,parent\nL1,N1\nL2,N1\nL3,N2\nL4,N2\nN1,Root\nN2,Root\n"

    def test_branches(self, untoward, tmp_path):
        (tmp_path / "cases.csv").write_text(self.CASES)
        (tmp_path / "tree.csv").write_text(self.TREE)
        ran = untoward("scan", tmp_path / "cases.csv", "--tree", tmp_path / "tree.csv", "--json")
        first, second = ran.document["clusters"]
        assert ran.code == 1
        assert first["where"] == [{"axis": "node", "value": "L2"}]
        assert first["expected"] == pytest.approx(20 * 200 / 1100)
        assert second["where"] == [{"axis": "node", "value": "N1"}]
        assert (first["explains_same_cases"], second["explains_same_cases"]) == ([1], [0])


class TestSchema:
    def faults(self, document):
        return [
            error.message for error in jsonschema_rs.validator_for(schema_of("scan")).iter_errors(document)
        ]

    def test_maps_time_and_bernoulli(self, untoward, small, tmp_path):
        controls = tmp_path / "controls.csv"
        controls.write_text("place,controls\nA,5\nB,6\nC,7\nD,8\nE,9\n")
        without = small(population=None)
        for arguments in (
            [*small()],
            [*small(), "--time", "retrospective", "--unit", "month"],
            [*without, "--model", "bernoulli", "--controls", controls],
        ):
            assert self.faults(untoward("scan", *arguments, "--replicates", 99, "--json").document) == []

    def test_nothing_above_expectation(self, untoward, small):
        even = "place,cases\n" + "".join(f"{place},2\n" for place in "ABCDE")
        ran = untoward("scan", *small(cases=even), "--json")
        assert (ran.code, ran.document["clusters"]) == (0, [])
        assert self.faults(ran.document) == []
        assert "No circle of places has more" in untoward("scan", *small(cases=even)).out


def test_a_header_that_was_guessed_is_told(untoward, small):
    ran = untoward("scan", *small("place,casess\nA,9\nC,1\n"), "--json")
    assert ran.document["totals"]["cases"] == 10
    assert any(
        "'casess' looks like 'cases'" in one and "confirm" in one for one in ran.document["assumptions"]
    )


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--model", "bernoulli"], "--controls: the Bernoulli model needs people without the illness"),
            (["--model", "permutation"], "--model permutation compares places over time"),
            (["--longest", "3"], "--longest goes with --time"),
            (["--largest-share", "0.9"], "--largest-share: got 0.9"),
            (["--replicates", "0"], "--replicates: got 0"),
            (["--population", "-", "--coordinates", "-"], "Only one of the files can be standard input"),
            (["--as-of", "2026-01-01", "--to", "2026-01-01"], "give one of them"),
        ],
    )
    def test_options_that_do_not_go_together(self, untoward, small, options, said):
        ran = untoward("scan", *small(), *options)
        assert ran.code == 2
        assert said in ran.err

    def test_without_places_or_population(self, untoward, small):
        ran = untoward("scan", *small(population=None, coordinates=None))
        assert ran.code == 2
        assert "--coordinates: where the places are is needed" in ran.err
        assert "--population: the Poisson model needs one" in ran.err

    def test_faults_of_three_files_in_one_go(self, untoward, small):
        ran = untoward(
            "scan",
            *small("place,cases\nA,1.5\nZ,1\n", "place,population\nA,-1\n", "place,lat,lon\nA,95,0\nB,1,1\n"),
        )
        assert ran.code == 2
        for said in (
            "cases.csv",
            "population.csv",
            "coordinates.csv",
            "not a whole number",
            "no such latitude",
        ):
            assert said in ran.err
        assert ran.out == ""

    def test_a_window_longer_than_the_study(self, untoward, small):
        ran = untoward("scan", *small(), "--time", "retrospective", "--unit", "month", "--longest", 9)
        assert ran.code == 2
        assert "cannot be scanned like this" in ran.err


def test_names_of_places_cannot_write_into_the_page(untoward, small, tmp_path):
    evil = '"<script>alert(1)</script>"'
    coordinates, people = PLACES.replace("A,", f"{evil},"), PEOPLE.replace("A,", f"{evil},")
    untoward(
        "scan", *small(f"place,cases\n{evil},9\nC,1\n", people, coordinates), "--report", tmp_path / "a.html"
    )
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_json_is_one_document_and_nothing_else(untoward, small):
    ran = untoward("scan", *small(), "--json")
    assert json.loads(ran.out)["schema"] == "untoward/scan"
