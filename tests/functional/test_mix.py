"""`untoward mix` as people use it."""

import json

import jsonschema_rs
import pytest

from untoward.tasks.schemas import schema_of

FIELDS = ("verdict", "findings", "no_data", "unrecognised")
PUBLISHED = {
    "components": [{"compound": "lidocaine", "percent": 2}, {"compound": "triamcinolone"}],
    "vehicle": None,
    "patient": {"allergies": ["soy"], "history": [], "medicines": []},
}


def as_bytes(document):
    return json.dumps(document).encode()


def faults(document):
    return [
        error.message for error in jsonschema_rs.validator_for(schema_of("mix-answer")).iter_errors(document)
    ]


class TestJson:
    def test_the_published_form(self, untoward):
        ran = untoward("mix", "-", "--json", stdin=as_bytes(PUBLISHED))
        assert (ran.code, ran.err) == (0, "")
        assert tuple(ran.document)[:4] == FIELDS
        assert ran.document["verdict"] == "ok"
        assert faults(ran.document) == []

    def test_a_file(self, untoward, tmp_path):
        path = tmp_path / "mix.json"
        path.write_bytes(as_bytes({"components": ["lecithin"], "patient": {"allergies": ["soja"]}}))
        ran = untoward("mix", path, "--json")
        assert (ran.code, ran.document["verdict"]) == (1, "block")
        assert faults(ran.document) == []

    def test_every_kind_of_finding_satisfies_the_schema_and_has_its_source(self, untoward):
        document = {
            "components": [
                "lidocaine 400 mg",
                "procaine 300 mg",
                "buflomedil",
                "aminophylline",
                "PPC",
                "moondust",
            ],
            "patient": {
                "allergies": ["soy", "x-y-z"],
                "medicines": ["Sintrom"],
                "history": ["epilepsy"],
                "weight_kg": 60,
            },
        }
        answer = untoward("mix", "-", "--json", stdin=as_bytes(document)).document
        assert faults(answer) == []
        kinds = {finding["kind"] for finding in answer["findings"]}
        assert kinds == {
            "incompatibility", "interaction", "cross_reactivity", "contraindication", "dose", "regulatory",
        }  # fmt: skip
        assert answer["unrecognised"] == ["moondust", "x-y-z"]
        cited = {key for finding in answer["findings"] for key in finding["evidence"]}
        assert cited <= set(answer["sources"])

    @pytest.mark.parametrize(
        ("names", "code", "verdict"),
        [
            (["lidocaine", "triamcinolone"], 0, "ok"),
            (["lidocaine", "procaine"], 0, "caution"),
            (["tranexamic acid", "vitamin C"], 0, "no_data"),
            (["ropivacaine", "betamethasone"], 1, "avoid"),
        ],
    )
    def test_exit_codes(self, untoward, names, code, verdict):
        ran = untoward("mix", "-", "--json", stdin=as_bytes({"components": names}))
        assert (ran.code, ran.document["verdict"]) == (code, verdict)


class TestOptions:
    def test_names_instead_of_a_file(self, untoward):
        options = ("--compound", "lecithin", "--compound", "procaine", "--allergy", "soy", "--country", "fr")
        ran = untoward("mix", *options, "--json")
        assert (ran.code, ran.document["verdict"]) == (1, "block")
        assert {finding["kind"] for finding in ran.document["findings"]} >= {"regulatory", "contraindication"}

    def test_everything_that_can_be_told(self, untoward):
        options = (
            "--compound", "lidocaine 320 mg", "--compound", "finasteride", "--vehicle", "saline", "--weight", 50, "--age", 30,
            "--pregnant", "--not-breastfeeding", "--history", "asthma", "--medicine", "propranolol",
        )  # fmt: skip
        ran = untoward("mix", *options, "--json")
        assert (ran.code, ran.document["verdict"], ran.document["vehicle"]) == (1, "block", ["saline"])
        assert any("3 mg/kg = 150 mg" in finding["statement"] for finding in ran.document["findings"])


class TestForPeople:
    def test_the_verdict_comes_first_then_reasons_sources_and_gaps(self, untoward):
        ran = untoward(
            "mix", "--compound", "PPC", "--compound", "procaine", "--compound", "moondust", "--allergy", "soy"
        )
        lines = ran.out.splitlines()
        assert "BLOCK" in lines[0]
        assert "phosphatidylcholine-cross-soya · grade" in ran.out
        assert "Nothing is known of: phosphatidylcholine + procaine" in ran.out
        assert "Not recognised (treated as unknown): moondust" in ran.out
        assert "decision support" in lines[-1]

    @pytest.mark.parametrize(
        ("names", "words"),
        [
            (("lidocaine", "triamcinolone"), "OK"),
            (("lidocaine", "procaine"), "CAUTION"),
            (("tranexamic acid", "vitamin C"), "NO DATA"),
            (("ropivacaine", "betamethasone"), "AVOID"),
        ],
    )
    def test_each_verdict_in_words(self, untoward, names, words):
        options = [part for name in names for part in ("--compound", name)]
        assert words in untoward("mix", *options).out.splitlines()[0]

    def test_a_guessed_name_is_shown_as_a_guess(self, untoward):
        ran = untoward("mix", "--compound", "lidocane", "--compound", "biotin", "--allergy", "peanutt")
        assert "lidocane = lidocaine, by its spelling" in ran.out
        assert "Read by its spelling: peanutt as peanut" in ran.out

    def test_square_brackets_in_a_name_are_no_markup(self, untoward):
        ran = untoward("mix", "--compound", "[/]", "--compound", "[bold]x[/bold]", "--allergy", "[/b]")
        assert "[/] (not recognised) + [bold]x[/bold] (not recognised)" in ran.out
        assert ran.code == 0


class TestBadInput:
    def test_every_fault_at_once(self, untoward):
        document = {
            "components": ["biotin", {"percent": 200}, {"compound": "lidocaine", "amount": 3}, 7,
                           {"compound": "procaine", "amount": 3, "unit": "spoons"}],
            "vehicel": "saline", "country": "Narnia", "patient": {"age": -1, "weight_kg": 0},
        }  # fmt: skip
        ran = untoward("mix", "-", stdin=as_bytes(document))
        assert (ran.code, ran.out) == (2, "")
        for field in (
            "components.1.percent", "components.1.compound", "components.2.unit", "components.3", "components.4.unit",
            "vehicel", "country", "patient.age", "patient.weight_kg",
        ):  # fmt: skip
            assert field in ran.err

    @pytest.mark.parametrize(
        "text", [b"", b"{", b"[]", b"[1]", b"3", b"null", b'{"components": []}', b"{}", b'{"components": null}', b"\xff\xfe",
                 b'{"components": ["a"]}\n{"components": ["b"]}', b'{"components": ["a"], "components": ["b"]}',
                 b'{"components": [{"compound": "a", "percent": NaN}]}']
    )  # fmt: skip
    def test_what_is_no_mixture(self, untoward, text):
        ran = untoward("mix", "-", stdin=text)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err
        assert "Traceback" not in ran.err

    @pytest.mark.parametrize(
        "arguments",
        [(), ("no-such-file.json",), ("--compound", "lidocaine", "--country", "Narnia"), ("-", "--compound", "lidocaine"),
         ("-", "--allergy", "soy"), ("--allergy", "soy"), ("--compound", "lidocaine", "--weight", "-3")],
    )  # fmt: skip
    def test_bad_use(self, untoward, arguments):
        ran = untoward("mix", *arguments, stdin=b"{}")
        assert (ran.code, ran.out) == (2, "")
        assert "Traceback" not in ran.err
