"""`untoward aftercare` as a user runs it: exit codes, JSON, PDFs, and hostile sessions."""

import json
import re
from importlib import resources

import jsonschema_rs
import pytest

from untoward.aftercare import LANGUAGES

HOSTILE = '#import "x.typ": * #panic("in") $x^2$ \\ ] } @ref <b>hi</b> = head *bold* `raw` {until} %s'
SESSIONS = ("chin-and-jaw", "thigh-cocktail", "little-recorded")


def pages(pdf):
    """Pages of a PDF; Typst writes page objects uncompressed."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def session(examples, name):
    return examples / "sessions" / f"{name}.json"


class TestPaper:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", SESSIONS)
    def test_the_passport_is_one_page(self, untoward, examples, tmp_path, name, language):
        pdf = tmp_path / "p.pdf"
        ran = untoward("aftercare", session(examples, name), "--lang", language, "--pdf", pdf)
        assert (ran.code, ran.out) == (0, "")
        assert pages(pdf.read_bytes()) == 1

    def test_it_is_tagged_and_has_a_language_and_a_title(self, untoward, examples, tmp_path):
        pdf = tmp_path / "p.pdf"
        untoward("aftercare", session(examples, "chin-and-jaw"), "--lang", "es", "--pdf", pdf)
        content = pdf.read_bytes()
        assert b"pdfuaid:part" in content
        assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", content)
        assert b"/Lang(es-ES)" in content
        assert "Pasaporte de inyección y cuidados".encode() in content

    def test_large_print_and_consent(self, untoward, examples, tmp_path):
        small, large, consent = tmp_path / "s.pdf", tmp_path / "l.pdf", tmp_path / "c.pdf"
        example = session(examples, "thigh-cocktail")
        link = ("--link", "https://example.org/p/1")
        assert untoward("aftercare", example, "--pdf", small, "--consent", consent, *link).code == 0
        assert untoward("aftercare", example, "--pdf", large, "--large", *link).code == 0
        assert pages(large.read_bytes()) > pages(small.read_bytes())
        assert 1 <= pages(consent.read_bytes()) <= 3

    def test_the_same_session_gives_the_same_bytes(self, untoward, examples, tmp_path):
        one, other = tmp_path / "1.pdf", tmp_path / "2.pdf"
        for pdf in (one, other):
            untoward("aftercare", session(examples, "little-recorded"), "--pdf", pdf)
        assert one.read_bytes() == other.read_bytes()


class TestJson:
    @pytest.mark.parametrize("name", SESSIONS)
    def test_it_fits_its_schema(self, untoward, examples, name):
        schema = json.loads(
            (resources.files("untoward.report") / "passport" / "schema.json").read_text("utf-8")
        )
        ran = untoward("aftercare", session(examples, name), "--lang", "fr", "--json")
        assert ran.code == 0
        assert [
            error.message for error in jsonschema_rs.validator_for(schema).iter_errors(ran.document)
        ] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", SESSIONS)
    def test_it_is_easy_to_read(self, untoward, examples, name, language):
        reading = untoward("aftercare", session(examples, name), "--lang", language, "--json").document[
            "reading"
        ]
        easy = (
            reading["score"] <= reading["limit"] if language == "en" else reading["score"] >= reading["limit"]
        )
        assert easy, reading
        assert reading["longest_sentence"] <= 20

    def test_country_and_number_can_be_given(self, untoward, examples):
        example = session(examples, "little-recorded")
        assert untoward("aftercare", example, "--json", "--country", "br").document["help"]["number"] == "192"
        ran = untoward("aftercare", example, "--json", "--country", "BR", "--emergency-number", "112")
        assert ran.document["help"]["number"] == "112"

    def test_what_is_not_recognised_is_said_on_stderr(self, untoward, examples):
        ran = untoward("aftercare", session(examples, "little-recorded"), "--json")
        assert "Not recognised: Miracle Slim Serum" in ran.err

    def test_strengths_in_a_name_are_read(self, untoward):
        ran = untoward("aftercare", "-", "--json", stdin=b'{"components": [{"compound": "lidocaine 2%"}]}')
        assert ran.document["not_recognised"] == []


class TestTerminal:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_prints_without_an_option(self, untoward, examples, language):
        ran = untoward("aftercare", session(examples, "chin-and-jaw"), "--lang", language)
        assert ran.code == 0
        assert "112" in ran.out
        assert "{" not in ran.out


class TestBadUse:
    def refused(self, ran, *words):
        assert (ran.code, ran.out) == (2, "")
        for word in words:
            assert word in ran.err

    def test_every_fault_at_once(self, untoward):
        faulty = {
            "date": "2026-02-30",
            "components": [
                {"compound": "lidocaine", "amount": 1},
                {"compound": "x", "amount": 1, "unit": "spoon"},
            ],
        }
        ran = untoward("aftercare", "-", stdin=json.dumps(faulty).encode())
        self.refused(ran, "3 faults", "date", "components.0.unit", "components.1.unit", "spoon")

    def test_wrong_types_and_unknown_fields(self, untoward):
        faulty = {"sites": "thigh", "colour": 1, "components": [{"lot": 5}]}
        ran = untoward("aftercare", "-", stdin=json.dumps(faulty).encode())
        self.refused(ran, "sites", "colour", "components.0.lot", "components.0.compound")

    def test_a_case_is_told_apart(self, untoward):
        ran = untoward("aftercare", "-", stdin=b'{"sessions": [], "observations": [{"text": "x"}]}')
        self.refused(ran, "looks like a case")

    @pytest.mark.parametrize(
        "content", [b"", b"[]", b"{", b"[{}, {}]", b"5", b"\xff", b'{"date": "9999-12-31"}']
    )
    def test_what_is_no_session(self, untoward, content):
        self.refused(untoward("aftercare", "-", stdin=content))

    @pytest.mark.parametrize(
        "options",
        [
            ("--lang", "de"),
            ("--link", "javascript:alert(1)"),
            ("--link", "https://x.org/" + "a" * 600),
            ("--country", "France"),
        ],
    )
    def test_options_that_cannot_be(self, untoward, examples, tmp_path, options):
        pdf = tmp_path / "p.pdf"
        self.refused(
            untoward("aftercare", session(examples, "chin-and-jaw"), "--pdf", pdf, *options), options[0]
        )
        assert not pdf.exists()

    def test_a_place_that_cannot_be_written(self, untoward, examples, tmp_path):
        ran = untoward("aftercare", session(examples, "chin-and-jaw"), "--pdf", tmp_path / "no" / "p.pdf")
        assert ran.code == 3
        assert "could not be written" in ran.err


class TestHostile:
    @pytest.mark.parametrize("large", [False, True])
    def test_markup_long_text_and_hidden_characters_stay_text(self, untoward, tmp_path, large):
        hostile = {
            "date": "2026-05-11",
            "clinic": HOSTILE,
            "clinic_phone": "\u202egnp.exe\u0000\u001b[31m",
            "practitioner": "\u0645" * 300 + "\u6f22\u5b57\U0001f600",
            "sites": [HOSTILE, "x" * 10_000],
            "patient": {"allergies": [HOSTILE, "\u202e"]},
            "components": [
                {
                    "compound": HOSTILE,
                    "product": "A" * 10_000,
                    "lot": "L\n\r\t1",
                    "vial": "#sys.inputs",
                    "mix": "<script>",
                },
                {"compound": "{compounds}" * 50, "lot": "\ue000"},
                {"compound": "\u200b\u202e"},
            ],
        }
        pdf, consent = tmp_path / "p.pdf", tmp_path / "c.pdf"
        options = ("--pdf", pdf, "--consent", consent, *(("--large",) if large else ()))
        ran = untoward("aftercare", "-", *options, "--json", stdin=json.dumps(hostile).encode())
        assert ran.code == 0
        assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", pdf.read_bytes())
        assert pages(consent.read_bytes()) >= 1
        row = ran.document["injected"]["rows"][0]
        assert row["compound"] == HOSTILE[:59].rstrip() + "…"
        assert row["vial"] == "#sys.inputs"
        assert not re.search("[\u202e\u0000\u001b\u200b\ue000]", json.dumps(ran.document, ensure_ascii=False))
