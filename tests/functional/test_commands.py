"""Every command: its help, its exit codes, and what it prints where."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from untoward.tasks import reviewing

COMMANDS = (
    ["review"], ["assess"], ["outbreak"], ["template"], ["simulate"], ["demo"], ["schema"], ["evidence"], ["evidence", "show"],
    ["evidence", "check"], ["evidence", "sources"],
)  # fmt: skip
LUMPS = "lumps-day-25.json"


class TestHelp:
    def test_all_commands_are_listed(self, untoward):
        ran = untoward("--help")
        assert ran.code == 0
        for command in COMMANDS:
            assert command[0] in ran.out

    @pytest.mark.parametrize(
        "command", [command for command in COMMANDS if command != ["evidence"]], ids=" ".join
    )
    def test_each_has_an_example(self, untoward, command):
        ran = untoward(*command, "--help")
        assert ran.code == 0
        assert f"Example: untoward {' '.join(command)}" in ran.out

    def test_without_a_command_the_help_is_shown(self, untoward):
        ran = untoward()
        assert "Usage" in ran.out + ran.err
        assert ran.code in (0, 2)

    def test_the_version(self, untoward):
        import untoward as package

        assert untoward("--version").out == f"untoward {package.__version__}\n"

    def test_help_loads_neither_tables_nor_charts(self):
        """What is heavy is loaded by the command that needs it; how long help takes is measured in benchmarks."""
        script = (
            "import sys; from untoward.cli.__main__ import main; sys.argv = ['untoward', '--help']\n"
            "try: main()\n"
            "except SystemExit: pass\n"
            "heavy = {'polars', 'altair', 'numpy', 'scipy', 'yaml', 'jinja2', 'vl_convert', 'jsonschema_rs'}\n"
            "sys.stderr.write(','.join(sorted(heavy & set(sys.modules))))"
        )
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
        assert "review" in ran.stdout
        assert ran.stderr == ""


class TestBadUse:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["no-such-command"],
            ["review"],
            ["review", "x", "--no-such-option"],
            ["assess"],
            ["assess", "x.json", "--text", "lump"],
            ["assess", "x.json", "--day", "3"],
            ["assess", "--text", "lump", "--day", "-1"],
            ["assess", "--text", "lump", "--day", "nan"],
            ["assess", "--text", "lump", "--day", "inf"],
            ["assess", "--text", "lump", "--day", "soon"],
            ["assess", "no-such-file.json"],
            ["outbreak", "no-such-file.csv"],
            ["review", "no-such-folder"],
            ["review", "examples/balearic-2009", "--as-of", "31/12/2026"],
            ["review", "examples/balearic-2009", "--as-of", "2026-02-30"],
            ["simulate", "x", "--sessions", "3"],
            ["simulate", "x", "--plant", "meteorite"],
            ["simulate", "x", "--format", "xml"],
            ["template", "--xlsx", "registry.csv"],
            ["schema", "no-such-schema"],
            ["evidence", "show", "xyzzy"],
            ["evidence", "check", "--folder", "no-such-folder"],
        ],
        ids=" ".join,
    )
    def test_it_ends_with_2_says_why_on_stderr_and_writes_nothing(
        self, untoward, arguments, tmp_path, monkeypatch, examples
    ):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "examples").symlink_to(examples)
        ran = untoward(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.strip()
        assert "Traceback" not in ran.err
        assert [entry.name for entry in tmp_path.iterdir()] == ["examples"]

    def test_an_unknown_schema_is_answered_with_those_there_are(self, untoward):
        assert "outbreak" in untoward("schema", "reviews").err

    def test_an_unknown_compound_is_answered_with_suggestions(self, untoward):
        ran = untoward("evidence", "show", "lidocane", "--json")
        assert (ran.code, ran.out) == (2, "")
        assert "No compound is known as 'lidocane'. Did you mean: lidocaine" in ran.err

    def test_a_compound_like_no_other_gets_no_suggestion(self, untoward):
        assert "Did you mean" not in untoward("evidence", "show", "zzzzqqq").err


class TestJsonStandsAlone:
    """With --json stdout holds one document and nothing else, and all words to a person go to stderr."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ["review", "EXAMPLES/oswego-1940", "--json"],
            ["assess", f"EXAMPLES/case-files/{LUMPS}", "--json"],
            ["outbreak", "EXAMPLES/oswego-1940", "--json"],
            ["outbreak", "EXAMPLES/lima-2004", "--json"],
            ["evidence", "show", "lecithin", "--json"],
            ["evidence", "check", "--json"],
            ["evidence", "sources", "--json"],
            ["schema", "case"],
        ],
        ids=lambda arguments: " ".join(arguments),
    )
    def test_stdout_is_one_document(self, untoward, examples, arguments):
        ran = untoward(*(text.replace("EXAMPLES", str(examples)) for text in arguments))
        assert ran.code in (0, 1)
        assert ran.document
        assert ran.err == ""

    def test_several_cases_are_json_lines_in_their_order(self, untoward, examples, tmp_path):
        one = json.loads((examples / "case-files" / LUMPS).read_text(encoding="utf-8"))
        file = tmp_path / "cases.jsonl"
        file.write_text(
            "\n".join(json.dumps({**one, "id": f"c{number}"}) for number in range(3)), encoding="utf-8"
        )
        ran = untoward("assess", file, "--json")
        assert [json.loads(line)["id"] for line in ran.out.splitlines()] == ["c0", "c1", "c2"]

    def test_a_whole_registry(self, untoward, registry, tmp_path):
        ran = untoward("review", registry, "--json", "--out", tmp_path / "out")
        assert ran.err == ""
        assert ran.document == json.loads((tmp_path / "out" / "review.json").read_text(encoding="utf-8"))

    def test_json_alone_writes_no_files(self, untoward, examples, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        untoward("review", examples / "balearic-2009", "--json")
        assert list(tmp_path.iterdir()) == []


class TestStdin:
    def test_a_case(self, untoward, examples):
        file = examples / "case-files" / LUMPS
        assert (
            untoward("assess", "-", "--json", stdin=file.read_bytes()).document
            == untoward("assess", file, "--json").document
        )

    def test_a_line_list(self, untoward, examples):
        file = examples / "oswego-1940" / "line-list.csv"
        from_file, from_stdin = (
            untoward("outbreak", file, "--json"),
            untoward("outbreak", "-", "--json", stdin=file.read_bytes()),
        )
        assert from_stdin.document == from_file.document

    def test_a_line_list_to_review(self, untoward, examples):
        file = examples / "balearic-2009" / "line-list.csv"
        assert (
            untoward("review", "-", "--json", stdin=file.read_bytes()).document["totals"]["reactions"] == 17
        )

    @pytest.mark.parametrize("command", [["assess", "-"], ["outbreak", "-"], ["review", "-"]], ids=" ".join)
    @pytest.mark.parametrize(
        "content", [b"", b"\n", b"\xff\xfe\x00", b"{"], ids=["nothing", "a line", "bytes", "a brace"]
    )
    def test_nothing_useful(self, untoward, command, content, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        ran = untoward(*command, stdin=content)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.strip()
        assert list(tmp_path.iterdir()) == []


class TestAnswers:
    """0 when nobody needs someone within 72 hours, 1 when someone does."""

    def test_lumps_after_weeks_need_someone(self, untoward, examples):
        ran = untoward("assess", examples / "case-files" / LUMPS, "--json")
        assert ran.code == 1
        (assessment,) = ran.document["assessments"]
        assert assessment["disposition"] in ("emergency_now", "within_1h", "same_day", "within_72h")

    def test_a_bruise_on_day_2_does_not(self, untoward, examples):
        ran = untoward("assess", examples / "case-files" / "bruise-day-2.json", "--json")
        assert ran.code == 0
        assert ran.document["assessments"][-1]["disposition"] in ("routine", "self_care")

    def test_one_urgent_case_among_several_is_enough(self, untoward, examples, tmp_path):
        texts = [
            (examples / "case-files" / name).read_text(encoding="utf-8")
            for name in ("bruise-day-2.json", LUMPS)
        ]
        file = tmp_path / "cases.json"
        file.write_text(f"[{','.join(texts)}]", encoding="utf-8")
        assert untoward("assess", file).code == 1

    def test_a_sentence(self, untoward):
        ran = untoward(
            "assess", "--text", "I cannot breathe and my tongue is swollen", "--day", "0", "--json"
        )
        assert ran.code == 1
        assert ran.document["assessments"][0]["disposition"] == "emergency_now"

    def test_what_is_not_understood_is_said_and_never_reassures(self, untoward):
        ran = untoward("assess", "--text", "flurble", "--compound", "moon dust", "--json")
        (assessment,) = ran.document["assessments"]
        assert {"flurble", "moon dust"} <= set(assessment["unrecognised"])
        assert assessment["disposition"] != "self_care"

    def test_the_words_for_people_name_the_disposition_and_the_versions(self, untoward, examples):
        ran = untoward("assess", examples / "case-files" / LUMPS)
        assert "within 72 h" in ran.out or "today" in ran.out.lower()
        assert "decision support, not a diagnosis" in ran.out

    def test_a_review_with_someone_waiting_ends_with_1(self, untoward, registry):
        document = (ran := untoward("review", registry, "--json")).document
        assert ran.code == (1 if document["urgent_total"] else 0)

    def test_a_line_list_asks_for_nobody(self, untoward, examples):
        assert untoward("review", examples / "oswego-1940", "--json").code == 0


class TestTerminals:
    @pytest.mark.parametrize(
        "arguments",
        [["evidence", "show", "lecithin"], ["review", "REGISTRY", "--out", "out"], ["assess", "--text", "nódulo", "--day", "9"],
         ["--help"]],
        ids=lambda arguments: arguments[0],
    )  # fmt: skip
    def test_one_that_speaks_ascii_only(self, untoward_apart, registry, arguments):
        ran = untoward_apart(
            *(text.replace("REGISTRY", str(registry)) for text in arguments), PYTHONIOENCODING="ascii"
        )
        assert ran.code in (0, 1)
        assert ran.out.isascii()
        assert ran.out
        assert "Error" not in ran.err

    def test_json_is_whole_there_too(self, untoward_apart, untoward):
        ran = untoward_apart("evidence", "show", "lecithin", "--json", PYTHONIOENCODING="ascii")
        assert ran.out.isascii()
        assert ran.document == untoward("evidence", "show", "lecithin", "--json").document

    def test_stdin_is_utf8_whatever_the_terminal_speaks(self, untoward_apart):
        case = json.dumps({"observations": [{"day": 9, "text": "nódulo"}]}, ensure_ascii=False)
        ran = untoward_apart("assess", "-", "--json", stdin=case.encode(), PYTHONIOENCODING="latin-1")
        assert [coded["term"] for coded in ran.document["assessments"][0]["coded"]] == ["nodule"]

    def test_a_reader_that_goes_away(self, registry, tmp_path):
        """No traceback, and neither the code that says "nobody" nor the one that says "someone"."""
        command = [sys.executable, "-m", "untoward.cli", "review", str(registry), "--json"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
        ) as running:
            running.stdout.close()
            err = running.stderr.read().decode()
            assert running.wait(60) == 3
        assert "Traceback" not in err


class TestInterruption:
    def test_ctrl_c_ends_with_130_and_leaves_nothing(self, untoward, registry, tmp_path, monkeypatch):
        def pressed(*_arguments):
            raise KeyboardInterrupt

        monkeypatch.setattr(reviewing, "render_html", pressed)
        ran = untoward("review", registry, "--out", tmp_path / "out")
        assert ran.code == 130
        assert "Nothing was half written" in ran.err
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
    def test_a_real_signal_while_it_writes(self, tmp_path):
        """Whichever comes first, the signal or the last file: the registry is there as a whole or not at all."""
        command = [sys.executable, "-m", "untoward.cli", "simulate", "big", "--sessions", "100000"]
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running:
            while running.poll() is None and not any(tmp_path.iterdir()):
                time.sleep(0.002)
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=60)
        left = sorted(entry.relative_to(tmp_path).as_posix() for entry in tmp_path.rglob("*"))
        names = ("components.csv", "observations.csv", "reactions.csv", "sessions.csv", "truth.json")
        whole = ["big", *(f"big/{name}" for name in names)]
        assert (running.returncode, left) in ((130, []), (130, whole), (0, whole))


class TestFailures:
    def test_a_place_that_cannot_be_written(self, untoward, examples, tmp_path):
        (tmp_path / "file").write_text("in the way", encoding="utf-8")
        ran = untoward("review", examples / "balearic-2009", "--out", tmp_path / "file" / "out")
        assert ran.code == 3
        assert "could not be written" in ran.err
        assert "Traceback" not in ran.err
        assert [entry.name for entry in tmp_path.iterdir()] == ["file"]

    def test_a_defect_of_ours_never_looks_like_an_answer(self, untoward, monkeypatch, examples):
        def broken(*_arguments, **_options):
            raise ZeroDivisionError("made up")

        monkeypatch.setattr(reviewing, "find_input", broken)
        ran = untoward("review", examples / "balearic-2009", "--json")
        assert (ran.code, ran.out) == (3, "")
        assert "ZeroDivisionError: made up" in ran.err
        assert "defect in untoward" in ran.err
