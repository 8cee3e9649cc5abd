"""The outbreak workbench: form to definition, counts, pasted rows and who they are, and the analysis of all of them."""

import json

import pytest
from django.utils import timezone

from untoward.errors import InputError
from untoward.registry.models import Entry, Investigation
from untoward.registry.writing import Conflict, write
from untoward.tasks.investigating import find_cases
from untoward.tasks.record import outbreak_desk as desk
from untoward.tasks.record.outbreak_desk_counting import analyse, combined, count_cases, report_html
from untoward.tasks.record.outbreak_desk_form import (
    DefinitionFields,
    defined_by,
    definition_text,
    fields_from,
)
from untoward.tasks.record.outbreak_desk_pasted import ANOTHER, read_rows, rows_of
from untoward.tasks.record.tracing_source import held_record

pytestmark = pytest.mark.django_db

SHEET = "key\till\tonset\tage\tsex\tvial\tlot\nK0\tyes\t2026-03-23\t46\tF\tVB\tBAD\next-1\tyes\t2026-03-30\t60\tM\tVB\tBAD\n"


@pytest.fixture
def held(north):
    return held_record(str(north.uid), [north])


@pytest.fixture
def one(north, director):
    return desk.start("Lumps", "Three rang in one week.", north, director)


@pytest.fixture
def answer(one, held):
    return count_cases(held, defined_by(desk.fields_of(one)))


def test_what_is_begun_by_hand_has_a_step_and_a_definition_without_an_exposure(one):
    assert one.steps.get().decision == "noticed by a person"
    text = definition_text(desk.fields_of(one))
    assert '"exposure":' not in text
    assert set(json.loads(text)["levels"]) == {"confirmed", "probable", "suspect"}


def test_the_form_counts_levels_and_names_missing_facts(answer):
    counts = answer.classified.counts
    assert (counts["confirmed"], counts["probable"], counts["suspect"], counts["not a case"]) == (0, 3, 0, 5)
    missing = {one.label: one.cannot_be_told for one in answer.conditions if one.cannot_be_told}
    assert missing["mycobacteria culture positive"] == 3


def test_fields_become_limits_of_the_definition(held):
    form = fields_from(
        {
            "name": "N",
            "terms": "nodule",
            "onset_from": "1",
            "sessions_from": "2026-03-03",
            "counts": "suspect",
        }
    )
    document = json.loads(definition_text(form))
    assert document["time"] == {"sessions": {"from": "2026-03-03"}}
    assert list(document["levels"]) == ["suspect"]
    counts = count_cases(held, defined_by(form)).classified.counts
    assert (counts["suspect"], counts["outside"]) == (2, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"terms": ""}, "terms"),
        ({"terms": "no such thing"}, "terms"),
        ({"terms": "nodule", "onset_from": "soon"}, "onset_from"),
        ({"terms": "nodule", "onset_from": "9", "onset_to": "2"}, "onset_from"),
        ({"terms": "nodule", "culture": "no such culture"}, "culture"),
        ({"terms": "nodule", "signs": "no such sign"}, "signs"),
        ({"terms": "nodule", "sessions_from": "yesterday"}, "sessions_from"),
        ({"own": "levels: ["}, "own"),
    ],
)
def test_each_fault_names_the_field_it_is_in(given, field):
    with pytest.raises(InputError) as refused:
        defined_by(fields_from({"name": "N", **given}))
    assert field in {fault.field for fault in refused.value.faults}


def test_a_definition_written_by_hand_takes_the_place_of_the_form(held):
    own = "name: Own\nlevels:\n  suspect: {term: nodule}\n"
    assert (
        count_cases(held, defined_by(fields_from({"terms": "abscess", "own": own}))).classified.counts[
            "suspect"
        ]
        == 3
    )


def test_keeping_a_definition_is_a_new_version_and_never_over_somebody_elses(one, director):
    stale = Investigation.objects.get(pk=one.pk)
    form = DefinitionFields(name="Only nodules", terms="nodule")
    desk.save_definition(one, one.version, form, director)
    assert desk.fields_of(Investigation.objects.get(pk=one.pk)).name == "Only nodules"
    assert Entry.objects.filter(uid=one.uid).count() == 2
    with pytest.raises(Conflict):
        desk.save_definition(stale, stale.version, form, director)


def test_nothing_changes_in_a_closed_investigation(one, director):
    one.closed_at = timezone.now()
    write(one, by=director, reason="closed")
    with pytest.raises(InputError):
        desk.keep_rows(one, one.version, SHEET, "unknown", director)


def test_pasted_rows_wait_for_a_person_to_say_who_they_are(one, director, answer):
    assert desk.keep_rows(one, one.version, SHEET, "unknown", director) == 2
    same, other = rows_of(desk.pasted_of(one), find_cases(answer.loaded, answer.defined).listed)
    assert same.candidates[0].person == "K0"
    assert {"key", "onset", "vial"} <= set(same.candidates[0].agree)
    assert same.decided == ""
    assert all("key" not in one.agree for one in other.candidates)
    assert combined(answer, desk.pasted_of(one)).height == 8, "an open row is in no analysis"
    desk.decide_rows(one, one.version, {"0": "P-0123456789", "1": ANOTHER, "7": ANOTHER}, director)
    frame = combined(answer, desk.pasted_of(one))
    assert frame.height == 9
    assert frame.filter(frame["from"] == "pasted").select("ill", "onset", "sex", "vial").row(0) == (
        "yes", "2026-03-30", "M", "VB",
    )  # fmt: skip
    assert set(desk.pasted_of(one)["decided"]) == {"0", "1"}


def test_a_doubtful_cell_is_named_by_row_and_left_empty():
    pasted = read_rows("onset\till\n2026-03-30\tyes\n2026-13-77\tno\n2026-04-01\tyes\n", "unknown")
    assert [(fault.where, fault.field) for fault in pasted.faults] == [("row 3", "onset")]
    assert pasted.table["onset"].to_list() == ["2026-03-30", None, "2026-04-01"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 1_000_001])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(InputError) as refused:
        read_rows(text, "unknown")
    assert refused.value.faults[0].field == "pasted"


def test_the_analysis_compares_what_the_ill_share_with_everybody(one, director, answer):
    desk.keep_rows(one, one.version, SHEET, "unknown", director)
    desk.decide_rows(one, one.version, {"1": ANOTHER}, director)
    found = analyse(answer, desk.pasted_of(one), "sex", "10-114")
    assert found.reason == ""
    assert (found.added, found.same, found.open) == (1, 0, 1)
    vial = next(one for one in found.result.exposures if one.exposure == "vial VB")
    assert (vial.a, vial.b, vial.c, vial.d) == (4, 1, 0, 4)
    assert found.result.attack_rate.value == pytest.approx(4 / 9)
    assert found.result.incubation.n == 3
    strata = {one.stratum for one in found.result.stratified[0].strata}
    assert strata == {"sex F", "sex M"}


def test_without_a_case_the_analysis_says_so(held):
    form = fields_from({"name": "N", "terms": "necrosis"})
    found = analyse(count_cases(held, defined_by(form)), {})
    assert found.result is None
    assert found.reason


def test_the_report_without_identities_holds_no_key(one, held):
    answer = count_cases(held, defined_by(desk.fields_of(one)), "s" * 40)
    page = report_html(answer, "Lumps", weeks=True)
    assert not any(f">K{number}<" in page for number in range(8))
    assert "P-" in page
    assert "23 Mar 2026" in page
    assert "25 Mar 2026" not in page
