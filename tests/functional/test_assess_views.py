"""`untoward assess` as two people read it: the clinician in a terminal, the patient on a page in their own language."""

import io
import json

import pytest
from rich.console import Console

from untoward.cli.assessment_view import print_case
from untoward.tasks.assessing import cited

LANGUAGES = ("en", "es", "pt", "fr")
LUMP = "warm red lump on my thigh, getting bigger"
CASE = {
    "id": "c[1]",
    "sessions": [{"day": 0, "date": "2026-05-04T14:30", "components": [{"compound": "lidocaine"}]}],
    "observations": [
        {"day": 1, "findings": {"bruise": True}},
        {"day": 3, "text": "un bulto rojo y caliente que crece", "findings": {"nodule": True, "pus": True}},
    ],
}


@pytest.fixture
def case_file(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    return path


def words(ran):
    """What was printed as one line: where a terminal breaks a line is not what is tested."""
    return " ".join(ran.out.split())


class TestClinician:
    def test_the_first_line_says_what_to_do_by_when(self, untoward, case_file):
        ran = untoward("assess", case_file)
        second = next(line for line in ran.out.splitlines() if "day 3" in line)
        assert "See someone" in second
        assert "2026 20:30" in second
        assert "c[1]" in second  # an id is text, never markup
        assert ran.code == 1

    def test_what_decides_stands_with_its_criterion_facts_and_sources(self, untoward):
        ran = untoward("assess", "--text", LUMP, "--day", 4, "--compound", "lecithin")
        for label in ("criterion", "found", "not known", "sources", "ask next", "Also found"):
            assert label in ran.out
        assert "[grade" in ran.out

    def test_the_view_is_that_of_the_clinician_unless_asked(self, untoward):
        plain = untoward("assess", "--text", LUMP, "--day", 4)
        asked = untoward("assess", "--text", LUMP, "--day", 4, "--view", "clinician")
        assert plain.out == asked.out

    @pytest.mark.parametrize("columns", ["80", "120"])
    def test_no_line_is_wider_than_the_terminal(self, untoward_apart, columns):
        ran = untoward_apart(
            "assess",
            "--text",
            LUMP,
            "--day",
            "4",
            "--view",
            "both",
            COLUMNS=columns,
            PYTHONIOENCODING="utf-8",
        )
        assert max(len(line) for line in ran.out.splitlines()) <= int(columns)

    def test_nothing_that_steers_a_terminal_gets_through(self, untoward):
        ran = untoward("assess", "--text", "lump \x1b[31m gribble\x07", "--view", "both")
        assert "\x1b" not in ran.out
        assert "\x07" not in ran.out


def document(**fields):
    finding = {
        "rule": "ANA01", "disposition": "within_72h", "statement": "Signs that fit.", "threshold": "any one",
        "facts_used": {"nodule": "yes, spreading yes, size_cm 2", "nodule: spreading": "yes", "pus": "no"},
        "facts_missing": ["heart_rate"], "evidence": ["no-such-record"],
    }  # fmt: skip
    item = {
        "day": 4, "disposition": "within_72h", "deadline_hours": 72, "look_again_day": None, "findings": [finding],
        "not_evaluated": [], "questions": [], "unrecognised": [], **fields,
    }  # fmt: skip
    finding.update(fields.pop("finding", {}))
    return {"id": "c", "rule_set": "r", "evidence": "e", "assessments": [item]}


def printed(made):
    console = Console(file=io.StringIO(), width=100, highlight=False)
    print_case(made, console, cited)
    return " ".join(console.file.getvalue().split())


class TestWhatADocumentHolds:
    def test_a_document_of_findings_alone(self):
        said = printed(
            document(
                grades={}, serious={"value": None, "criteria": []}, causality=None, attribution=[], course=[]
            )
        )
        assert (
            "found nodule (spreading, size 2 cm) denied pus not known heart rate sources no-such-record"
            in said
        )
        for title in (
            "How bad",
            "grades",
            "serious",
            "cause",
            "course",
            "ask next",
            "could not be evaluated",
            "consider",
        ):
            assert title not in said

    def test_alternatives_and_guidance_of_clinicians(self):
        said = printed(
            document(finding={"alternatives": ["a faint", "panic"], "treatment": ["safety-netting"]})
        )
        assert "consider a faint; panic" in said
        assert "What published guidance does" in said
        assert cited("safety-netting", stated=True) in said

    def test_all_judgements(self):
        said = printed(
            document(
                conflicts=["A says 1, B says 2"],
                grade_details=[
                    {"term": "nodule", "scale": "ctcae", "item": "x", "grade": None, "min": 1, "max": 3}
                ],
                scores=[{"name": "NEWS2", "min": 2, "max": 9, "positive": None}],
                case_definitions=[
                    {"definition": "abscess", "level": "2"},
                    {"definition": "cellulitis", "level": "cannot tell"},
                ],
                serious={"value": True, "criteria": ["hospital admission"]},
                causality={
                    "term": "nodule",
                    "who_umc": "possible",
                    "naranjo": {"score": 3, "min": 0, "max": 9},
                },
                attribution=[{"compound": "procaine", "weight": 0.7, "min": 0.4, "max": 0.9}],
                course=[
                    {
                        "term": "nodule",
                        "compound": "procaine",
                        "state": "late",
                        "band_days": [1.0, 5.4, 9.9],
                        "people": 12,
                    }
                ],
                completeness={"score": 0.5, "penalties": [{"dimension": "age"}]},
            )
        )
        for line in (
            "disagree A says 1, B says 2",
            "grades nodule: CTCAE 5 1 to 3",
            "scores NEWS2 2 to 9, cut-off open",
            "meets abscess: level 2",
            "serious yes: hospital admission",
            "cause nodule: WHO-UMC possible; Naranjo 3 (could be 0 to 9)",
            "due to procaine 70% (40% to 90%)",
            "course nodule after procaine: late (half over by day 5, 95 % by day 10; 12 people)",
            "report completeness 0.50 of 1; lacks age",
        ):
            assert line in said
        assert "cellulitis" not in said


class TestPatient:
    @pytest.mark.parametrize(
        ("lang", "heading"),
        [
            ("en", "Be seen today"),
            ("es", "Que le vean hoy"),
            ("pt", "Seja visto hoje"),
            ("fr", "Faites-vous voir ce jour même"),
        ],
    )
    def test_the_page_in_the_language_asked_for(self, untoward, lang, heading):
        ran = untoward("assess", "--text", LUMP, "--day", 4, "--view", "patient", "--lang", lang)
        assert heading in ran.out.splitlines()[0]
        assert "criterion" not in ran.out

    @pytest.mark.parametrize(
        ("text", "lang"),
        [
            ("me salió un bulto rojo que crece", "es"),
            ("j'ai une boule rouge qui grandit", "fr"),
            ("a red lump that grows", "en"),
            ("", "en"),
        ],
    )
    def test_by_itself_the_language_of_the_text(self, untoward, text, lang):
        document = untoward("assess", "--text", text, "--json").document
        assert document["assessments"][0]["patient"]["lang"] == lang

    def test_the_number_of_the_country(self, untoward):
        ran = untoward("assess", "--text", "I cannot breathe", "--view", "patient", "--country", "gb")
        assert "Call 999 now" in ran.out.splitlines()[0]

    def test_both_views(self, untoward):
        ran = untoward("assess", "--text", LUMP, "--day", 4, "--view", "both")
        assert "criterion" in ran.out
        assert "Show this page to whoever sees you." in words(ran)

    def test_one_page_for_each_observation(self, untoward, case_file):
        ran = untoward("assess", case_file, "--view", "patient", "--lang", "en")
        assert words(ran).count("Show this page to whoever sees you.") == 2


class TestJson:
    def test_every_assessment_has_the_page(self, untoward, case_file):
        items = untoward("assess", case_file, "--json", "--country", "ES").document["assessments"]
        pages = [item["patient"] for item in items]
        assert [page["lang"] for page in pages] == ["es", "es"]
        assert pages[1]["deadline"] == {
            "text": pages[1]["deadline"]["text"], "hours": 6.0, "at": "2026-05-07T20:30",
        }  # fmt: skip
        assert "112" in pages[1]["watch_for"]["emergency_heading"]
        assert all(said["evidence"] for said in pages[1]["do_now"])

    def test_the_view_changes_nothing_in_json(self, untoward):
        documents = [
            untoward("assess", "--text", LUMP, "--view", v, "--json").out
            for v in ("clinician", "patient", "both")
        ]
        assert len(set(documents)) == 1

    def test_the_rest_of_the_document_has_no_language(self, untoward):
        items = [
            untoward("assess", "--text", LUMP, "--day", 4, "--lang", lang, "--json").document["assessments"][
                0
            ]
            for lang in LANGUAGES
        ]
        pages = [item.pop("patient") for item in items]
        assert all(item == items[0] for item in items)
        assert len({page["heading"] for page in pages}) == len(LANGUAGES)


class TestBadUse:
    @pytest.mark.parametrize(
        ("option", "value"),
        [("--lang", "de"), ("--view", "nurse"), ("--country", "Spain"), ("--country", "1")],
    )
    def test_what_cannot_be(self, untoward, option, value):
        ran = untoward("assess", "--text", "lump", option, value)
        assert ran.code == 2
        assert option in ran.err
        assert ran.out == ""
