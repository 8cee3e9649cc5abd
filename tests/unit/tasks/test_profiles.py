"""Profiles of compounds: their order and words, and that every number can be traced to a record."""

import re
from dataclasses import asdict

import pytest
from scipy.stats import binomtest

from untoward.errors import UsageError
from untoward.evidence.courses import expected_course
from untoward.evidence.coverage import QUESTIONS, attached_to
from untoward.evidence.load import load_evidence
from untoward.evidence.records import CaseReport, Incidence
from untoward.kernels.random_effects import pool_shares
from untoward.model.profile import METHODS, Figure
from untoward.tasks.profile_figures import figures_of
from untoward.tasks.profile_sections import COUNTRIES
from untoward.tasks.profiles import profile_document, profile_of, source_list

BASE = load_evidence()
PROFILES = {key: profile_of(key) for key in BASE.compounds}
KEYS = ("use", "often", "long", "onset", "meets", "not-for", "allergies", "dose", "ph", "claims", "aftercare",
        "practice", "cases")  # fmt: skip
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


def numbers(text):
    """The numbers of a text as they stand, without commas between thousands."""
    return {found.rstrip(",").replace(",", "") for found in NUMBER.findall(text)}


def printed_numbers(record):
    """Every number that a record prints in any field, and its own figures in the way a line writes them."""
    found = set()
    for value in asdict(record).values():
        found |= numbers(str(value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            found |= {f"{value:g}", f"{value:.0f}"}
    return found


def traceable(line):
    """Numbers that may stand on a line: printed in its records, part of a name, or worked out from them."""
    found = set().union(*(printed_numbers(BASE.records[key]) for key in line.keys))
    for figure in line.figures:
        found |= numbers(figure.text)
    for key in line.keys:
        record = BASE.records[key]
        names = [*getattr(record, "compounds", ()), getattr(record, "compound", None)]
        found |= set().union(*(numbers(BASE.compounds[name].label) for name in names if name), set())
        if getattr(record, "term", None):
            found |= numbers(BASE.terms[record.term].label)
    return found


@pytest.mark.parametrize("key", sorted(BASE.compounds))
class TestEveryCompound:
    def test_sections_in_one_order_with_a_cell_for_each_column(self, key):
        page = PROFILES[key]
        assert tuple(section.key for section in page.sections) == KEYS
        for section in page.sections:
            assert section.empty
            assert all(len(line.cells) == len(section.columns) for line in section.lines)
            assert not section.lines or not section.lines[0].under

    def test_each_line_names_its_records_and_each_record_stands_on_a_line(self, key):
        page = PROFILES[key]
        shown = {record for line in page.lines() for record in line.keys}
        attached = {record.key for record in attached_to(BASE, key)}
        assert all(line.keys and line.grade in ("A", "B", "C") for line in page.lines())
        assert attached <= shown
        assert shown <= set(BASE.records)

    def test_every_number_can_be_traced_to_a_record(self, key):
        lost = [
            (line.cells, sorted(numbers(text) - traceable(line)))
            for line in PROFILES[key].lines()
            for text in line.texts()
            if numbers(text) - traceable(line)
        ]
        assert lost == []

    def test_every_figure_is_what_its_method_makes_of_its_records(self, key):
        for line in PROFILES[key].lines():
            for figure in line.figures:
                assert set(figure.keys) <= set(line.keys)
                CHECKS[figure.method](figure)

    def test_what_was_not_seen_is_marked(self, key):
        for line in PROFILES[key].lines():
            assert line.verified == all(BASE.records[record].verified for record in line.keys)

    def test_no_data_is_said_of_what_no_record_answers(self, key):
        kinds = {record.kind for record in attached_to(BASE, key)}
        silent = {question for question, wanted in QUESTIONS.items() if not kinds & set(wanted)}
        assert set(PROFILES[key].not_known) == silent

    def test_every_source_is_cited_once_with_its_records(self, key):
        page = PROFILES[key]
        rests = {record: source.key for source in page.sources for record, _place in source.records}
        assert rests == {record.key: record.source for record in attached_to(BASE, key)}


def check_share(figure):
    (key,) = figure.keys
    record = BASE.records[key]
    assert float(figure.text) == pytest.approx(100 * record.n / record.of, rel=0.05, abs=0.05)


def check_interval(figure):
    (key,) = figure.keys
    record = BASE.records[key]
    low, high = binomtest(record.n, record.of).proportion_ci(0.95, "exact")
    found = [float(one) for one in re.findall(r"\d+(?:\.\d+)?(?:e-\d+)?", figure.text)]
    assert found == pytest.approx([100 * low, 100 * high], rel=0.05, abs=0.051)


def check_course(figure):
    record = BASE.records[figure.keys[0]]
    courses = [
        course for compound in BASE.compounds
        if (course := expected_course(BASE, compound, record.term)) is not None and course.evidence == figure.keys
    ]  # fmt: skip
    assert courses
    days = [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", figure.text)]
    wanted = [
        *courses[0].band_days,
        *courses[0].day_interval(0.5),
        *courses[0].day_interval(0.95),
        courses[0].longest_days,
    ]
    for day in days:
        assert any(day == pytest.approx(one, abs=0.51) for one in wanted), figure


def check_pooled(figure):
    records = [BASE.records[key] for key in figure.keys]
    assert all(isinstance(record, Incidence) for record in records)
    assert len({(record.per, record.arm) for record in records}) == 1
    found = pool_shares([record.n for record in records], [record.of for record in records])
    wanted = [100 * found.mean, 100 * found.low, 100 * found.high, 100 * found.i2, found.tau2]
    wanted += [100 * one for one in found.predicted or ()]
    for shown in (float(one) for one in numbers(figure.text)):
        assert any(shown == pytest.approx(one, rel=0.05, abs=0.51) for one in [*wanted, 99.9]), figure


def check_count(figure):
    records = [BASE.records[key] for key in figure.keys]
    ill, at_risk = (sum(getattr(record, field, 0) for record in records) for field in ("n", "of"))
    (shown,) = numbers(figure.text)
    assert int(shown) in (len(records), ill, at_risk)


CHECKS = {
    "share": check_share,
    "exact interval": check_interval,
    "course": check_course,
    "random effects": check_pooled,
    "count": check_count,
}


def test_every_method_is_checked_and_no_other_is_accepted():
    assert set(CHECKS) == set(METHODS)
    with pytest.raises(ValueError, match="guess"):
        Figure(text="1", method="guess", keys=())


class TestHowOften:
    LINES = PROFILES["deoxycholic-acid"].section("often").lines

    def line(self, reaction):
        return next(line for line in self.LINES if line.cells[0] == reaction)

    def test_a_trial_stands_beside_its_placebo(self):
        """Label of deoxycholic acid, table 1: swelling in 448 of 513 and in 218 of 506 given placebo."""
        cells = self.line("Injection site swelling").cells
        assert cells == (
            "Injection site swelling",
            "87.3 %",
            "84.1 to 90.1",
            "448 of 513 people",
            "43.1 % (218 of 506)",
        )

    def test_populations_that_agree_are_put_together_with_their_heterogeneity(self):
        line = self.line("Headache")
        assert line.cells[3] == "574 people in 3 populations"
        for word in ("Random effects", "I²", "τ²", "a further population"):
            assert word in line.detail

    def test_populations_that_disagree_get_no_figure(self):
        lines = [line for line in self.LINES if "disagree" in line.detail]
        assert lines
        assert {line.cells[1] for line in lines} == {"no single figure"}
        assert all(line.under for line in lines)

    def test_the_most_frequent_first(self):
        shares = [float(line.cells[1].split()[0]) for line in self.LINES if not line.under]
        assert shares == sorted(shares, reverse=True)

    def test_single_cases_are_no_rate(self):
        cases = {record.key for record in BASE.of_class(CaseReport)}
        for page in PROFILES.values():
            assert not cases & {key for line in page.section("often").lines for key in line.keys}


class TestOrder:
    def test_what_it_must_not_meet_is_worst_first(self):
        for page in PROFILES.values():
            found = [line.cells[2] for line in page.section("meets").lines]
            order = ["high", "moderate", "not stated", "low", "compatible"]
            places = [order.index(word) if word != "not stated" else 1 for word in found]
            assert places == sorted(places)

    def test_the_lowest_limit_of_each_unit_stands_first(self):
        limits = {}
        for line in PROFILES["lidocaine"].section("dose").lines:
            record = BASE.records[line.keys[0]]
            limits.setdefault((record.unit, record.per), []).append(record.limit)
        assert limits
        assert all(found == sorted(found) for found in limits.values())

    def test_a_country_is_named(self):
        assert all(len(name) > 2 for name in COUNTRIES.values())
        lines = PROFILES["buflomedil"].section("use").lines
        assert {line.cells[0] for line in lines} == {"European Union", "France"}


class TestFigures:
    def test_what_is_kept_is_what_is_worked_out(self, monkeypatch, tmp_path):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        first, second = figures_of(BASE), figures_of(BASE)
        assert len(list((tmp_path / "untoward").glob("figures-*.json"))) == 1
        assert first.courses == second.courses
        assert first.pooled == second.pooled
        assert first.intervals == second.intervals

    def test_a_file_that_was_altered_is_not_used(self, monkeypatch, tmp_path):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        wanted = figures_of(BASE)
        (kept,) = (tmp_path / "untoward").glob("figures-*.json")
        kept.write_text(kept.read_text().replace("0.", "9.", 1))
        assert figures_of(BASE).intervals == wanted.intervals

    def test_without_a_place_to_keep_them(self, monkeypatch, tmp_path):
        (tmp_path / "file").write_text("no folder")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        assert figures_of(BASE).courses


def test_an_unknown_name():
    for ask in (profile_of, profile_document):
        with pytest.raises(UsageError, match=r"No compound is known as 'lecitin'\. Did you mean: .*lecithin"):
            ask("lecitin")


def test_sources_with_most_records_first():
    counts = [item.records for item in source_list()]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == len(BASE.records)
