"""`untoward investigate` as people use it: from a definition to the printed report."""

import csv
import io
import json

import pytest


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.fixture
def definition(examples):
    return examples / "case-definitions" / "mycobacterial-infection.yaml"


@pytest.fixture
def planted(registry):
    return json.loads((registry / "truth.json").read_text(encoding="utf-8"))["planted"][0]


class TestDefine:
    def test_what_it_prints_is_a_definition(self, untoward, registry, tmp_path):
        ran = untoward(
            "investigate",
            "define",
            "--term",
            "nódulo",
            "--clinic",
            "Clinic 1",
            "--from",
            "2024-01",
            "--to",
            "2024-12",
        )
        assert (ran.code, ran.err) == (0, "")
        path = tmp_path / "cases.yaml"
        path.write_text(ran.out, encoding="utf-8")
        assert untoward("investigate", "cases", registry, "-d", path).code == 0

    def test_a_term_nobody_knows(self, untoward):
        ran = untoward("investigate", "define", "--term", "abscces")
        assert ran.code == 2
        assert "abscess" in ran.err


class TestCases:
    def test_everyone_is_somewhere(self, untoward, registry, definition, tmp_path):
        out = tmp_path / "line-list.csv"
        ran = untoward("investigate", "cases", registry, "-d", definition, "--out", out, "--json")
        document = ran.document
        assert ran.code == 0
        everyone = {row["patient_id"] for row in rows_of(registry / "sessions.csv")}
        assert sum(document["counts"].values()) == len(everyone)
        listed = rows_of(out)
        assert len(listed) == len(everyone) - document["counts"]["outside"]
        ill = [row for row in listed if row["ill"] == "yes"]
        assert len(ill) == sum(document["counts"][level] for level in ("confirmed", "probable", "suspect"))
        assert {row["ill"] for row in listed if row["level"] == "cannot be told"} <= {""}

    def test_what_was_planted_is_found(self, untoward, registry, definition, planted):
        document = untoward("investigate", "cases", registry, "-d", definition, "--json").document
        session_of = {row["session_id"]: row["patient_id"] for row in rows_of(registry / "sessions.csv")}
        recorded = {row["session_id"] for row in rows_of(registry / "reactions.csv")}
        ill = {session_of[session] for session in planted["ill_sessions"] if session in recorded}
        found = {row["patient_id"] for row in document["persons"]}
        assert ill
        assert len(ill & found) >= 0.8 * len(ill)

    def test_as_of_knows_no_later_day(self, untoward, registry, definition):
        document = untoward(
            "investigate", "cases", registry, "-d", definition, "--as-of", "2024-03", "--json"
        ).document
        assert document["as_of"] == "2024-03-31"
        assert all(row["onset"] is None or row["onset"] <= "2024-03-31" for row in document["persons"])

    def test_all_faults_of_a_definition(self, untoward, registry, tmp_path):
        path = tmp_path / "bad.yaml"
        path.write_text("levels: {sure: {term: nodule}, suspect: {term: zzz, onset_day: {from: 9, to: 2}}}\n")
        ran = untoward("investigate", "cases", registry, "-d", path)
        assert ran.code == 2
        assert all(word in ran.err for word in ("name", "sure", "zzz", "runs backwards"))

    def test_a_line_list_is_no_registry(self, untoward, examples, definition):
        ran = untoward("investigate", "cases", examples / "oswego-1940", "-d", definition)
        assert ran.code == 2
        assert "untoward outbreak" in ran.err

    def test_the_example_definition_is_read_as_it_says(self, untoward, registry, definition):
        document = untoward("investigate", "cases", registry, "-d", definition, "--json").document
        assert [one["label"] for one in document["conditions"]] == [
            "late lump, sore or abscess", "mycobacteria grown", "antibiotics failed", "two lesions or more",
            "diagnosed as mycobacterial",
        ]  # fmt: skip


class TestPaste:
    def test_the_table_on_stdout_and_the_doubts_beside(self, untoward):
        ran = untoward("investigate", "paste", "-", stdin="id\tonset\till\nA\t03/04/2025\tsí\n".encode())
        assert (ran.code, ran.out) == (1, "id,onset,ill\nA,,yes\n")
        assert "3 April or 4 March 2025" in ran.err

    def test_a_clean_one_is_read_by_outbreak(self, untoward, tmp_path):
        out = tmp_path / "clean.csv"
        pasted = "ill;onset;vial\nyes;25/03/2026;V7\nno;;V8\nyes;02/04/2026;V7\nno;;V9\n"
        assert untoward("investigate", "paste", "-", "--out", out, stdin=pasted.encode()).code == 0
        document = untoward("outbreak", out, "--case", "ill", "--onset", "onset", "--json").document
        assert (document["n"], document["cases"]) == (4, 2)


class TestMatch:
    def test_sets_are_sound(self, untoward, registry, definition, tmp_path):
        out = tmp_path / "sets.csv"
        ran = untoward(
            "investigate", "match", registry, "-d", definition, "--within", 60, "--out", out, "--json"
        )
        document, rows = ran.document, rows_of(out)
        assert ran.code == 0
        clinics = {row["session_id"]: row["clinic"] for row in rows_of(registry / "sessions.csv")}
        for made in document["sets"]:
            members = [row for row in rows if row["set"] == str(made["set"])]
            assert len(members) == (made["controls"] + 1 if made["controls"] else 0)
            assert len({row["patient_id"] for row in members}) == len(members)
            assert len({clinics[row["session_id"]] for row in members}) <= 1
        assert all(row[name] in ("yes", "no", "") for row in rows for name in document["exposures"])

    def test_the_same_seed_the_same_sets(self, untoward, registry, definition):
        first, again, other = (
            untoward("investigate", "match", registry, "-d", definition, "--seed", seed, "--json").document[
                "members"
            ]
            for seed in (3, 3, 4)
        )
        assert first == again
        assert first != other


class TestTrace:
    def test_the_planted_vial(self, untoward, registry, planted, tmp_path):
        page = tmp_path / "trace.html"
        ran = untoward(
            "investigate", "trace", registry, "--vial", planted["value"], "--report", page, "--json"
        )
        document = ran.document
        assert ran.code == 0
        exposed = {
            row["session_id"]
            for row in rows_of(registry / "components.csv")
            if row["vial"] == planted["value"]
        }
        assert {node["name"] for node in document["nodes"] if node["kind"] == "session"} == exposed
        assert document["sessions"] == len(exposed)
        assert "<svg" in page.read_text(encoding="utf-8")

    def test_back_from_a_case(self, untoward, registry, planted):
        reactions = rows_of(registry / "reactions.csv")
        case = next(row["reaction_id"] for row in reactions if row["session_id"] in planted["ill_sessions"])
        document = untoward("investigate", "trace", registry, "--case", case, "--json").document
        assert document["start"]["case"] == case
        assert document["sessions"] >= 1

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "Give one start"),
            (("--lot", "A", "--vial", "B"), "Give one start"),
            (("--vial", "V99999x"), "Recorded are, for example"),
            (("--case", "R-none"), "no reaction"),
            (("--supplier", "Acme"), "No session is recorded with supplier Acme"),
        ],
    )
    def test_starts_that_lead_nowhere(self, untoward, registry, arguments, said):
        ran = untoward("investigate", "trace", registry, *arguments)
        assert ran.code == 2
        assert said in ran.err


class TestLink:
    PEOPLE = "patient_id,given_name,family_name,birth_date,sex\n"

    def test_from_a_key_to_persons_in_common(self, untoward, tmp_path):
        key = tmp_path / "k"
        assert untoward("investigate", "link", "new-key", key).code == 0
        lists = {
            "north": "1,María José,Peña García,1980-03-04,F\n2,Ana,Ruiz,1975-06-01,F\n3,,,,\n",
            "south": "A,Maria Jose,PENA GARCIA,1980-03-04,F\nB,Eva,Gil,1990-01-01,F\n",
        }
        for clinic, rows in lists.items():
            (tmp_path / f"{clinic}.csv").write_text(self.PEOPLE + rows, encoding="utf-8")
            ran = untoward(
                "investigate", "link", "token", tmp_path / f"{clinic}.csv", "--key-file", key, "--clinic", clinic,
                "--out", tmp_path / f"{clinic}.tokens.csv", "--keep", tmp_path / f"{clinic}.own.csv",
            )  # fmt: skip
            assert ran.code == 0
            said = ran.out + ran.err + (tmp_path / f"{clinic}.tokens.csv").read_text()
            assert not any(word in said for word in ("Mar", "PENA", "Ruiz", "1980-03", "1975-06"))
        ran = untoward(
            "investigate",
            "link",
            "match",
            tmp_path / "north.tokens.csv",
            tmp_path / "south.tokens.csv",
            "--json",
        )
        assert ran.code == 0
        (group,) = ran.document["persons"]
        own = {
            clinic: {row["record"]: row["patient_id"] for row in rows_of(tmp_path / f"{clinic}.own.csv")}
            for clinic in lists
        }
        assert {own[one["clinic"]][one["record"]] for one in group} == {"1", "A"}

    def test_faults_quote_no_name(self, untoward, tmp_path):
        key = tmp_path / "k"
        untoward("investigate", "link", "new-key", key)
        (tmp_path / "p.csv").write_text(self.PEOPLE + "1,Ana,Ruiz,31/31/1980,F\n")
        out = tmp_path / "t.csv"
        ran = untoward(
            "investigate",
            "link",
            "token",
            tmp_path / "p.csv",
            "--key-file",
            key,
            "--clinic",
            "n",
            "--out",
            out,
        )
        assert ran.code == 2
        assert not any(word in ran.err for word in ("Ana", "Ruiz", "31/31"))
        assert not out.exists()

    def test_a_key_that_others_can_read(self, untoward, tmp_path):
        key = tmp_path / "k"
        untoward("investigate", "link", "new-key", key)
        key.chmod(0o644)
        (tmp_path / "p.csv").write_text(self.PEOPLE + "1,Ana,Ruiz,1980-01-01,F\n")
        ran = untoward("investigate", "link", "token", tmp_path / "p.csv", "--key-file", key, "--clinic", "n")
        assert ran.code == 2
        assert "read by others" in ran.err

    def test_the_help_says_what_it_cannot_do(self, untoward):
        assert "try out names" in untoward("investigate", "link", "--help").out


class TestReport:
    def test_the_whole_page(self, untoward, registry, definition, tmp_path):
        out = tmp_path / "investigation.html"
        ran = untoward("investigate", "report", registry, "-d", definition, "--out", out)
        assert (ran.code, ran.err) == (0, "")
        page = out.read_text(encoding="utf-8")
        for title in (
            "Who is a case",
            "When they fell ill",
            "What the ill share",
            "Line list",
            "What is not known",
        ):
            assert title in page
        assert "script-src" not in page
        assert "<script" not in page
        assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")

    def test_a_registry_without_any_case(self, untoward, tables, definition, tmp_path):
        out = tmp_path / "investigation.html"
        assert untoward("investigate", "report", tables(), "-d", definition, "--out", out).code == 0
        assert "Nobody is a case" in out.read_text(encoding="utf-8")
