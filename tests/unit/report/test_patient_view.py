"""Does the patient's page say what each answer needs, count its deadline rightly, and keep to what is known?"""

import json
import re
from datetime import datetime

import pytest

from untoward.evidence.load import load_evidence
from untoward.model.answer import Answer
from untoward.model.case import Case
from untoward.model.finding import (
    Assessment,
    CourseStanding,
    CourseState,
    Disposition,
    Finding,
)
from untoward.model.people import Patient
from untoward.model.product import Component
from untoward.model.session import Session
from untoward.model.time import PartialDate
from untoward.report.patient_view import patient_document, patient_view, sections_of

LANGUAGES = ("en", "es", "pt", "fr")
WAITING = [d for d in Disposition if d is not Disposition.EMERGENCY_NOW]


@pytest.fixture(scope="module")
def base():
    return load_evidence()


def finding(disposition, rule="INF01", **facts):
    used = {name.replace("_", " "): value for name, value in facts.items()}
    return Finding(
        rule=rule, disposition=disposition, statement=f"{rule} says so", threshold="x", facts_used=used
    )


def assessed(disposition, *findings, day=2.0, questions=(), **rest):
    found = findings or (finding(disposition, nodule="yes"),)
    given = {"not_evaluated": (), "course": (), "coded": (), "unrecognised": (), **rest}
    return Assessment(
        day=day, disposition=disposition, summary="x", findings=found, ask=lambda: questions, **given
    )


def case(date=None, *, context=(), sessions=None, compound="lidocaine"):
    parts = (Component(as_named=compound, compound=compound),)
    one = Session(date=None if date is None else PartialDate.parse(date), components=parts, sites=("thigh",))
    return Case(
        id="c", patient=Patient(context=frozenset(context)), sessions=(one,) if sessions is None else sessions
    )


@pytest.fixture
def view(base):
    def make(assessment, of=None, lang="en", country=None):
        return patient_view(assessment, of or case(), base, lang, country)

    return make


class TestEachAnswer:
    @pytest.mark.parametrize("lang", LANGUAGES)
    @pytest.mark.parametrize("disposition", WAITING)
    def test_all_that_a_safety_net_needs_is_there(self, view, disposition, lang):
        page = view(
            assessed(disposition, look_again_day=4.0 if disposition is Disposition.SELF_CARE else None),
            lang=lang,
        )
        watch = page.watch_for
        needed = [page.heading, page.because, page.do_now, page.not_sure, watch.emergency, page.time_course,
                  page.deadline.text, page.come_back, page.say_back, page.show_this, page.notice]  # fmt: skip
        assert all(needed)
        assert "safety-netting" in page.evidence

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_an_emergency_has_only_what_serves_the_call(self, view, lang):
        page = view(assessed(Disposition.EMERGENCY_NOW), lang=lang, country="GB")
        assert (page.not_sure, page.time_course, page.say_back, page.watch_for) == ((), (), "", None)
        assert all("999" in text for text in (page.heading, page.do_now[0].text, page.come_back))

    @pytest.mark.parametrize("country", ["GB", "FR", "BR", None, "XX"])
    def test_the_number_is_that_of_the_country(self, view, country):
        number = {"GB": "999", "FR": "112", "BR": "192"}.get(country, "112 / 911 / 999")
        assert view(assessed(Disposition.EMERGENCY_NOW), country=country).heading == f"Call {number} now"

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_headings_differ(self, view, lang):
        headings = {view(assessed(d), lang=lang).heading for d in Disposition}
        assert len(headings) == len(Disposition)

    def test_who_is_seen_today_needs_no_list_for_today(self, view):
        with_list = {d: bool(view(assessed(d)).watch_for.same_day) for d in WAITING}
        assert [d for d, there in with_list.items() if there] == [
            Disposition.WITHIN_72H, Disposition.ROUTINE, Disposition.SELF_CARE,
        ]  # fmt: skip

    def test_every_record_named_exists(self, view, base):
        page = view(assessed(Disposition.SELF_CARE, finding(Disposition.SELF_CARE, nodule="yes")))
        assert [key for key in page.evidence if key not in base.records] == []

    def test_the_sections_hold_everything_that_is_said(self, view):
        page = view(assessed(Disposition.ROUTINE))
        lines = [line for section in sections_of(page) for line in section.lines]
        assert page.deadline.text in lines
        assert set(page.because) <= set(lines)
        assert all(section.title for section in sections_of(page))


class TestBecause:
    def test_signs_of_the_deciding_findings_that_are_there(self, view):
        page = view(
            assessed(
                Disposition.SAME_DAY,
                finding(Disposition.SAME_DAY, nodule="yes, size_cm 2", pus="no", fever="yes"),
                finding(Disposition.ROUTINE, "CRS01", hives="yes"),
            )
        )
        assert page.because == ("a lump under the skin", "a high body temperature")

    def test_what_grows_is_said(self, view):
        facts = {"nodule": "yes", "nodule: growing": "yes"}
        found = Finding(
            rule="CRS02", disposition=Disposition.SAME_DAY, statement="x", threshold="x", facts_used=facts
        )
        assert view(assessed(Disposition.SAME_DAY, found)).because == (
            "a lump under the skin: it grows or gets worse",
        )

    @pytest.mark.parametrize("lang", LANGUAGES)
    @pytest.mark.parametrize("term", ["sepsis", "anaphylaxis", "botulism", "cellulitis", "stroke", "abscess"])
    def test_a_diagnosis_becomes_signs_that_need_a_check(self, view, base, term, lang):
        page = view(
            assessed(Disposition.EMERGENCY_NOW, finding(Disposition.EMERGENCY_NOW, **{term: "yes"})),
            lang=lang,
        )
        words = {"en": "a check", "es": "debe mirar", "pt": "deve olhar", "fr": "à faire voir"}[lang]
        assert len(page.because) == 1
        assert words in page.because[0]
        assert base.terms[term].plain[lang] not in " ".join(page.because)

    def test_a_measured_fever_and_other_values(self, view):
        found = Finding(
            rule="SEP01", disposition=Disposition.WITHIN_1H, statement="x", threshold="x",
            facts_used={"temperature_c": "38.4", "heart_rate": "120"},
        )  # fmt: skip
        page = view(assessed(Disposition.WITHIN_1H, found))
        assert page.because == ("a high body temperature", "what was measured, such as pulse or breathing")

    def test_a_normal_temperature_is_no_reason(self, view):
        found = Finding(rule="INF01", disposition=Disposition.SAME_DAY, statement="x", threshold="x",
                        facts_used={"nodule": "yes", "temperature_c": "36.8"})  # fmt: skip
        assert view(assessed(Disposition.SAME_DAY, found)).because == ("a lump under the skin",)

    def test_without_signs_it_says_that_too_little_is_known(self, view):
        nothing = finding(Disposition.ROUTINE, "CAN01")
        assert view(assessed(Disposition.ROUTINE, nothing)).because == (
            "we do not know enough yet to say that you can wait",
        )

    def test_without_signs_an_urgent_answer_says_signs_that_need_a_check(self, view):
        nothing = finding(Disposition.SAME_DAY, "CAN01")
        assert view(assessed(Disposition.SAME_DAY, nothing)).because == ("signs that need a check",)


class TestDoNow:
    def keys(self, page):
        return {key for said in page.do_now for key in said.evidence}

    def test_a_faint_lies_flat_unless_breathing_is_hard(self, view):
        level = Disposition.SAME_DAY
        faint = view(assessed(level, finding(level, faint="yes")))
        breathless = view(assessed(level, finding(level, faint="yes", breathlessness="yes")))
        assert "lie flat" in faint.do_now[1].text
        assert len(breathless.do_now) == 1

    def test_a_lump_is_not_rubbed(self, view):
        assert "aftercare-no-massage" in self.keys(view(assessed(Disposition.WITHIN_72H)))

    def test_redness_gets_a_line(self, view):
        level = Disposition.WITHIN_72H
        page = view(assessed(level, finding(level, **{"injection site redness": "yes"})))
        assert "nice-ng141-look-first" in self.keys(page)

    def test_an_emergency_is_told_nothing_but_to_call_and_to_lie(self, view):
        level = Disposition.EMERGENCY_NOW
        page = view(assessed(level, finding(level, nodule="yes", pus="yes")), case(context=["anticoagulant"]))
        assert len(page.do_now) == 1

    def test_everything_said_has_a_record(self, view):
        for disposition in Disposition:
            assert all(said.evidence for said in view(assessed(disposition)).do_now)


class TestNotSure:
    def test_three_plain_questions_at_most(self, view):
        asked = (
            "day since the session",
            "breathlessness",
            "nodule: painful",
            "heart_rate",
            "collapse",
            "fever",
        )
        page = view(assessed(Disposition.ROUTINE, questions=asked))
        assert page.not_sure[1:] == (
            "How many days ago was the injection?",
            "Do you have this: short of breath or hard to breathe?",
            "Does it hurt: a lump under the skin?",
        )

    def test_a_question_for_a_diagnosis_is_not_asked(self, view):
        assert len(view(assessed(Disposition.ROUTINE, questions=("sepsis", "stroke"))).not_sure) == 1

    def test_words_that_were_not_understood_are_named_as_such_and_not_echoed(self, view):
        page = view(assessed(Disposition.ROUTINE, unrecognised=("<b>gribble</b>",)))
        assert "did not understand" in page.not_sure[1]
        assert "gribble" not in json.dumps(patient_document(page))


class TestDeadline:
    @pytest.mark.parametrize(
        ("disposition", "day", "at"),
        [
            (Disposition.WITHIN_1H, 0.5, datetime(2026, 5, 5, 3, 30)),
            (Disposition.SAME_DAY, 2.0, datetime(2026, 5, 6, 20, 30)),
            (Disposition.WITHIN_72H, 2.0, datetime(2026, 5, 9, 14, 30)),
            (Disposition.ROUTINE, 27.0, datetime(2026, 6, 14, 14, 30)),
        ],
    )
    def test_hours_after_the_observation(self, view, disposition, day, at):
        deadline = view(assessed(disposition, day=day), case("2026-05-04T14:30")).deadline
        assert (deadline.at, deadline.exact, deadline.hours) == (at, True, disposition.deadline_hours)
        assert f"{at:%H:%M}" in deadline.text

    def test_a_date_without_a_time_gives_a_date_that_is_not_too_late(self, view):
        page = view(assessed(Disposition.WITHIN_72H, day=2.6), case("2026-05-04"))
        assert patient_document(page)["deadline"]["at"] == "2026-05-09"
        assert page.deadline.text == "Be seen within 3 days. At the latest: Saturday 9 May 2026."

    def test_which_date_today_is_cannot_be_told_from_part_of_a_day(self, view):
        assert view(assessed(Disposition.SAME_DAY, day=0.4), case("2026-05-04")).deadline.at is None
        assert view(assessed(Disposition.SAME_DAY, day=3.0), case("2026-05-04")).deadline.at == datetime(
            2026, 5, 7
        )

    @pytest.mark.parametrize("date", [None, "2026", "2026-05"])
    def test_no_date_gives_words_alone(self, view, date):
        deadline = view(assessed(Disposition.WITHIN_72H), case(date)).deadline
        assert (deadline.at, deadline.text) == (None, "Be seen within 3 days.")

    def test_no_day_gives_words_alone(self, view):
        assert view(assessed(Disposition.ROUTINE, day=None), case("2026-05-04")).deadline.at is None

    def test_self_care_looks_again(self, view):
        page = view(assessed(Disposition.SELF_CARE, look_again_day=9.7), case("2026-05-04"))
        assert page.deadline.text.startswith("Look at it again on Wednesday 13 May.")
        assert patient_document(page)["deadline"] == {
            "text": page.deadline.text,
            "hours": None,
            "at": "2026-05-13",
        }

    def test_self_care_without_a_day_looks_again_tomorrow(self, view):
        assert "tomorrow" in view(assessed(Disposition.SELF_CARE, day=None)).deadline.text

    def test_days_count_from_the_last_session(self, view):
        sessions = tuple(
            Session(day=day, date=PartialDate.parse(date))
            for day, date in ((30.0, "2026-06-03T10:00"), (0.0, "2026-05-04T10:00"))
        )
        page = view(assessed(Disposition.WITHIN_72H, day=1.0), case(sessions=sessions))
        assert page.deadline.at == datetime(2026, 6, 7, 10, 0)

    def test_sessions_in_an_unknown_order_give_no_date(self, view):
        sessions = (Session(day=0.0, date=PartialDate.parse("2026-05-04")), Session())
        assert view(assessed(Disposition.WITHIN_72H), case(sessions=sessions)).deadline.at is None

    @pytest.mark.parametrize(
        ("lang", "words"),
        [("es", "jueves 7 de mayo"), ("pt", "quinta-feira, 7 de maio"), ("fr", "jeudi 7 mai")],
    )
    def test_dates_in_the_language(self, view, lang, words):
        assert (
            words
            in view(assessed(Disposition.WITHIN_72H, day=0.0), case("2026-05-04"), lang=lang).deadline.text
        )


def standing(term="bruise", state=CourseState.WITHIN, band=(1.0, 5.0, 11.5), day=2.0, **rest):
    return CourseStanding(term=term, compound="lidocaine", state=state, day=day, band_days=band, **rest)


class TestTimeCourse:
    def lines(self, page):
        return tuple(said.text for said in page.time_course)

    def test_within_its_course(self, view):
        page = view(assessed(Disposition.SELF_CARE, course=(standing(evidence=("r",)),)))
        assert self.lines(page) == ("Bruise: usually gone by day 12.",)
        assert page.time_course[0].evidence == ("r",)

    def test_with_a_date(self, view):
        page = view(assessed(Disposition.SELF_CARE, course=(standing(),)), case("2026-05-04"))
        assert self.lines(page) == ("Bruise: usually gone by Saturday 16 May.",)

    def test_of_several_compounds_the_longest(self, view):
        courses = (standing(), standing(band=(1.0, 8.0, 20.0)), standing(band=(1.0, 2.0, 3.0)))
        page = view(assessed(Disposition.SELF_CARE, course=courses))
        assert self.lines(page) == ("Bruise: usually gone by day 20.",)

    def test_never_beyond_the_longest_published(self, view):
        page = view(assessed(Disposition.SELF_CARE, course=(standing(longest_days=9.0),)))
        assert self.lines(page) == ("Bruise: usually gone by day 9.",)

    @pytest.mark.parametrize("state", [CourseState.LATE, CourseState.BEYOND, CourseState.NO_DATA])
    def test_nothing_is_promised_beyond_the_course(self, view, state):
        page = view(assessed(Disposition.ROUTINE, course=(standing(state=state),)))
        assert self.lines(page) == ("We have no figures on how long this lasts.",)

    def test_nothing_is_promised_to_those_who_must_be_seen(self, view):
        page = view(assessed(Disposition.SAME_DAY, course=(standing(),)))
        assert "Do not wait for it to pass" in self.lines(page)[0]

    def test_a_lump_has_no_end_date(self, view):
        page = view(assessed(Disposition.SELF_CARE, course=(standing(term="nodule"),)))
        assert "no sure end date" in self.lines(page)[0]

    def test_redness_for_weeks_has_no_end_date(self, view):
        page = view(
            assessed(Disposition.SELF_CARE, course=(standing(term="redness", band=(1.0, 9.0, 60.0)),))
        )
        assert "no sure end date" in self.lines(page)[0]


class TestNever:
    """Whatever is found, the page has no rule code, no clinic Latin, no dose and no decimals."""

    @pytest.mark.parametrize("lang", LANGUAGES)
    @pytest.mark.parametrize("disposition", list(Disposition))
    def test_no_code_no_dose_no_decimal(self, view, base, disposition, lang):
        every = {term.label: "yes" for term in base.terms.terms.values()}
        found = Finding(
            rule="ANA01",
            disposition=disposition,
            statement="x",
            threshold="adrenaline 0.5 mg",
            facts_used=every,
        )
        courses = tuple(standing(term=term, band=(0.7, 3.4, 9.6)) for term in ("bruise", "swelling"))
        page = view(
            assessed(disposition, found, day=2.4, course=courses, questions=tuple(every)),
            case("2026-05-04T09:05", context=["anticoagulant"]),
            lang=lang,
        )
        said = [line for section in sections_of(page) for line in (section.title, *section.lines)]
        text = "\n".join([page.heading, *said])
        assert re.findall(r"\b[A-Z]{3}\d{2}\b|\b(?:mg|ml|IU|UI)\b|\d[.,]\d|\{|\}|None", text) == []

    def test_answers_are_not_read_as_no(self, view):
        page = view(assessed(Disposition.ROUTINE), Case(id="x", patient=Patient(pregnant=Answer.UNKNOWN)))
        assert any("numb mouth" in said.text for said in page.watch_for.emergency)
