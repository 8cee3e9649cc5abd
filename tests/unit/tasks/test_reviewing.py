"""The review as a whole: what is written, what it rests on, and what happens when writing fails."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

import pytest

from untoward.errors import InputError, OutsideError
from untoward.tasks import reviewing
from untoward.tasks.reviewing import review, write_review

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = ("review.html", "review.json", "line-list.csv")


@pytest.fixture(scope="module")
def balearic():
    return review(EXAMPLES / "balearic-2009")


@pytest.fixture
def registry(tmp_path):
    folder = tmp_path / "clinic"
    folder.mkdir()
    tables = {
        "sessions": "session_id,patient_id,date,practitioner\nS1,P1,2026-03-02T10:00,A\nS2,P2,2026-03-20,A\nS3,P1,2026-04,B\n",
        "components": "session_id,compound,lot,vial\nS1,deoxycholic acid,L1,V1\nS2,lidocaine,L2,\n",
        "reactions": "reaction_id,session_id,term,onset_date,outcome\nR1,S1,bruise,2026-03-03,\nR2,S2,abscess,2026-04-20,\n"
        "R3,S1,swelling,2026-03-02,recovered\n",
        "observations": "reaction_id,day,present,fever\nR1,2,yes,\nR1,60,yes,\nR2,31,yes,yes\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


class TestWriting:
    def test_the_three_files(self, balearic, tmp_path):
        paths = write_review(balearic, tmp_path / "out")
        assert tuple(paths) == FILES
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
        document = json.loads(paths["review.json"].read_text(encoding="utf-8"))
        assert document["outcomes"][0]["attack_rate"]["cases"] == 17

    @pytest.mark.parametrize("part", ["render_html", "render_json"])
    def test_when_a_part_cannot_be_made_the_old_review_stays(self, balearic, tmp_path, monkeypatch, part):
        self.old_review(tmp_path)

        def broken(_review):
            raise RuntimeError("made up")

        monkeypatch.setattr(reviewing, part, broken)
        with pytest.raises(RuntimeError):
            write_review(balearic, tmp_path)
        self.assert_old(tmp_path)

    @pytest.mark.parametrize("name", FILES)
    def test_when_a_file_cannot_take_its_place_the_old_review_stays(
        self, balearic, tmp_path, monkeypatch, name
    ):
        self.old_review(tmp_path)
        replace = Path.replace

        def fail_for_one(self, target):
            if self.name == name and self.parent.name != "former":
                raise PermissionError(13, "Permission denied")
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", fail_for_one)
        with pytest.raises(OutsideError, match="Permission denied"):
            write_review(balearic, tmp_path)
        self.assert_old(tmp_path)

    def old_review(self, folder):
        for name in FILES:
            (folder / name).write_text(f"old {name}", encoding="utf-8")

    def assert_old(self, folder):
        assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == {
            name: f"old {name}" for name in FILES
        }


class TestProvenance:
    def test_every_file_that_was_read_with_its_hash(self, registry):
        inputs = review(registry).review.provenance.inputs
        assert inputs == {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(registry.iterdir())
        }

    def test_no_file_that_was_not(self, registry):
        for name in ("notes.txt", ".hidden", "sales.csv", "truth.json"):
            (registry / name).write_text("a,b\n1,2\n", encoding="utf-8")
        assert set(review(registry).review.provenance.inputs) == {
            "sessions.csv", "components.csv", "reactions.csv", "observations.csv"
        }  # fmt: skip

    def test_a_line_list_file_by_itself(self):
        path = EXAMPLES / "balearic-2009" / "line-list.csv"
        assert list(review(path).review.provenance.inputs) == ["line-list.csv"]

    def test_versions_and_options(self, registry, balearic):
        for reviewed in (review(registry, keep_good_rows=True), balearic):
            provenance = reviewed.review.provenance
            assert provenance.rule_set.count("+sha256:") == provenance.evidence_version.count("+sha256:") == 1
        assert review(registry, keep_good_rows=True).review.provenance.parameters == {
            "keep good rows": "true"
        }
        assert balearic.review.provenance.parameters == {"keep good rows": "false"}

    def test_the_date_of_the_review(self, registry):
        """The last moment in the data: reaction R1 was seen on day 60 after 2 March 10:00, that is on 1 May."""
        assert review(registry).review.provenance.as_of == "2026-05-01T10:00"
        given = datetime(2026, 6, 1)
        assert review(registry, as_of=given).review.provenance.as_of == "2026-06-01T00:00"
        assert review(EXAMPLES / "balearic-2009", as_of=given).review.provenance.as_of == "2026-06-01T00:00"


class TestContents:
    def test_totals(self, registry):
        totals = review(registry).review.totals
        assert (
            totals.sessions,
            totals.patients,
            totals.components,
            totals.reactions,
            totals.observations,
        ) == (3, 2, 2, 3, 3)
        assert (totals.first_date, totals.last_date) == ("2026-03-02", "2026-04-01")
        assert totals.clinics in (0, None)

    def test_every_reaction_is_judged_once_and_in_the_line_list(self, registry):
        reviewed = review(registry)
        assert sum(reviewed.review.dispositions.values()) == reviewed.line_list.height == 3
        assert sum(summary.reactions for summary in reviewed.review.courses) == 3

    def test_the_counts_of_a_course_add_up(self, registry):
        for summary in review(registry).review.courses:
            assert summary.within + summary.late + summary.beyond + summary.no_data == summary.reactions
            assert summary.incidence.n == 3

    def test_a_bruise_of_sixty_days_has_left_its_course(self, registry):
        """After deoxycholic acid 95 % of bruises were over by day 27, and the longest published lasted 39 days."""
        found = review(registry).review
        assert [line.reaction_id for line in found.off_course] == ["R1"]
        assert found.off_course[0].course.value == "beyond"

    def test_an_abscess_with_fever_after_a_month_needs_someone(self, registry):
        urgent = {line.reaction_id: line for line in review(registry).review.urgent}
        assert urgent["R2"].open
        assert urgent["R2"].compounds == ("lidocaine",)
        assert urgent["R2"].lots == ("L2",)

    def test_what_is_over_is_not_open(self, registry):
        opened = dict(review(registry).line_list.select("reaction_id", "open").iter_rows())
        assert opened == {"R1": True, "R2": True, "R3": False}

    def test_evidence_behind_the_findings_is_cited_once(self, registry):
        keys = [item.key for item in review(registry).review.evidence]
        assert keys
        assert keys == sorted(set(keys))

    def test_missing_data_is_counted_out_of_what_there_is(self, registry):
        missing = {
            (item.table, item.column): (item.missing, item.of) for item in review(registry).review.missing
        }
        assert missing[("components", "vial")] == (1, 2)
        assert missing[("sessions", "clinic")] == (3, 3)
        assert missing[("reactions", "any observation")] == (1, 3)
        assert ("sessions", "practitioner") not in missing

    def test_a_title_of_ones_own(self, registry):
        assert review(registry, title="Ours").review.title == "Ours"
        assert review(registry).review.title == "Safety review of clinic"

    def test_progress_never_runs_backwards(self, registry):
        steps = []
        review(registry, progress=lambda step, done, total: steps.append((step, done, total)))
        assert steps
        assert all(0 <= done <= total for _step, done, total in steps)

    def test_faults_stop_it_unless_good_rows_are_wanted(self, registry):
        with (registry / "sessions.csv").open("a", encoding="utf-8") as file:
            file.write("S4,P4,2026-02-30,A\n")
        with pytest.raises(InputError, match="--keep-good-rows") as refused:
            review(registry)
        assert len(refused.value.faults) == 1
        assert review(registry, keep_good_rows=True).review.faults_left_out == 1

    def test_nobody_with_a_reaction(self, registry):
        (registry / "reactions.csv").write_text("reaction_id,session_id,term\n", encoding="utf-8")
        (registry / "observations.csv").unlink()
        found = review(registry).review
        assert found.dispositions == {}
        assert found.urgent == found.off_course == found.courses == found.epi_curves == ()
        assert all(screen.attack_rate.cases == 0 for screen in found.outcomes)
