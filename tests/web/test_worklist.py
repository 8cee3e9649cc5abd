"""The worklist shows what waits, most urgent first, and nothing of another clinic."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.registry.cases.conftest import Ward
from tests.web.conftest import signed_in

from untoward.registry.models import CheckIn, Credential, Practitioner, Reaction, Task, Vial
from untoward.registry.writing import Change, write, write_all
from untoward.tasks.record import cases, worklist

pytestmark = pytest.mark.django_db

VESSEL = "white patch with a net pattern on my cheek and it hurts a lot, I cannot see on one eye"


@pytest.fixture
def ward(db):
    return Ward()


def seen_by(ward, role="director", now=None):
    user = ward.nurse if role == "injector" else ward.user(role)
    return worklist.worklist(ward.clinic, role, user, now)


def reaction(ward, disposition, hours, *, read=False, course="within", **more):
    now = timezone.now()
    session = ward.session()
    made = Reaction(
        clinic=ward.clinic, patient=session.patient, session=session, said=f"{disposition} {hours}", reported_at=now,
        disposition=disposition, deadline=now + timedelta(hours=hours), course=course,
        read_at=now if read else None, **more,
    )  # fmt: skip
    write(made, by=None)
    return made


def test_each_case_says_why_it_stands_there(ward):
    told = cases.report(session=ward.session(days_ago=1), by=None, said=VESSEL, by_patient=True)
    reaction(ward, "routine", 30)
    waiting = seen_by(ward)
    [why] = waiting.why.values()
    assert list(waiting.why) == [told.pk]
    assert why.rule == told.observations.last().assessment["findings"][0]["rule"]
    visitor = signed_in(ward.nurse)
    english = visitor.get(reverse("worklist")).content.decode()
    assert why.statement[:60] in english
    assert f'<span class="where">{why.rule}</span>' in english
    spanish = visitor.get(reverse("worklist"), headers={"Accept-Language": "es"}).content.decode()
    assert why.statement[:60] not in spanish
    assert "Pérdida de visión, habla o fuerza" in spanish


def test_a_case_that_left_its_course_is_marked_where_it_stands_and_shown_once(ward):
    reaction(ward, "routine", 30, course="beyond", read=True)
    page = signed_in(ward.nurse).get(reverse("worklist")).content.decode()
    assert page.count('class="whole"') == 1
    assert page.count("longer than expected") == 1


def test_of_many_cases_those_that_left_their_course_are_shown_though_others_stand_first(ward):
    for hours in range(worklist.MOST_SHOWN):
        reaction(ward, "routine", hours)
    late = reaction(ward, "routine", 400, course="late")
    page = signed_in(ward.nurse).get(reverse("worklist")).content.decode()
    assert page.count(str(late.uid)) == 1
    assert 'id="course-title"' in page


def test_unread_problems_stand_by_urgency_then_by_deadline(ward):
    for disposition, hours in (
        ("routine", 1),
        ("same_day", 6),
        ("emergency_now", 0),
        ("same_day", -2),
        ("", 5),
    ):
        reaction(ward, disposition, hours)
    said = [one.said for one in seen_by(ward).unread.rows]
    assert said == ["emergency_now 0", "same_day -2", "same_day 6", " 5", "routine 1"]


def test_read_cases_wait_until_they_are_signed_off(ward):
    first = reaction(ward, "same_day", 6, read=True)
    waiting = seen_by(ward)
    assert (waiting.unread.total, [one.pk for one in waiting.open.rows]) == (0, [first.pk])
    cases.sign_off(Reaction.objects.get(pk=first.pk), by=ward.nurse, reason="gone for two weeks")
    assert seen_by(ward, "officer").open.total == 0


def test_cases_past_their_band_until_they_are_over(ward):
    beyond = reaction(ward, "within_72h", 60, read=True, course="beyond")
    reaction(ward, "within_72h", 60, read=True, course="beyond", resolved_at=timezone.now())
    late = reaction(ward, "within_72h", 60, course="late")
    reaction(ward, "within_72h", 60, course="no_data")
    assert [one.pk for one in seen_by(ward).off_course.rows] == [beyond.pk, late.pk]


def test_check_ins_that_are_due_and_neither_answered_nor_revoked(ward):
    now = timezone.now()
    session = ward.session(days_ago=60)
    due = {"late": -2, "old": -20, "ahead": 2, "answered": -1, "revoked": -3}
    made = {
        name: CheckIn(session=session, day=number, due_at=now + timedelta(days=days))
        for number, (name, days) in enumerate(due.items())
    }
    made["answered"].answered_at = made["revoked"].revoked_at = now
    write_all([Change(thing=one) for one in made.values()], by=None)
    assert [one.pk for one in seen_by(ward).check_ins.rows] == [made["late"].pk]


def test_escalated_check_ins_lead_to_their_case_until_it_is_read(ward):
    now = timezone.now()
    session = ward.session(days_ago=9)
    check_in = CheckIn(session=session, day=3, due_at=now, answered_at=now, escalated_at=now)
    quiet = CheckIn(session=session, day=7, due_at=now, answered_at=now)
    write_all([Change(thing=check_in), Change(thing=quiet)], by=None)
    case = cases.report(session=session, by=None, said="a lump", by_patient=True, check_in=check_in)
    cases.observe(case, by=None, text="a lump, larger", by_patient=True, check_in=check_in)
    cases.observe(case, by=None, text="a lump, red", by_patient=True, check_in=quiet)
    waiting = seen_by(ward).escalated
    assert ([(row.check_in.pk, row.case.pk) for row in waiting.rows], waiting.total) == (
        [(check_in.pk, case.pk)],
        1,
    )
    page = signed_in(ward.nurse).get(reverse("worklist")).content.decode()
    assert page.count(reverse("case", args=[case.uid])) == 2
    cases.decide(case, by=ward.nurse, kind="looked")
    assert seen_by(ward, "officer").escalated.total == 0


def test_vials_past_their_limit_and_lots_that_run_out(ward):
    now = timezone.now()
    ward.product.in_use_hours = 6
    write(ward.product, by=None, reason="label")
    ward.lot.expires = (now + timedelta(days=30)).date()
    write(ward.lot, by=None, reason="label")
    opened = {"over": 7, "fresh": 5, "thrown": 9, "closed": None}
    made = [
        Vial(
            clinic=ward.clinic, lot=ward.lot, label=label, opened_at=None if hours is None else now - timedelta(hours=hours),
            discarded_at=now if label == "thrown" else None,
        )
        for label, hours in opened.items()
    ]  # fmt: skip
    write_all([Change(thing=one) for one in made], by=None)
    waiting = seen_by(ward, now=now)
    [old] = waiting.vials.rows
    assert (old.vial.label, old.until) == ("over", now - timedelta(hours=1))
    [lot] = waiting.lots.rows
    assert (lot.lot, lot.vials, lot.past) == (ward.lot, 4, False)
    later = worklist.worklist(ward.clinic, "director", ward.nurse, now + timedelta(days=32))
    assert later.lots.rows[0].past is True
    earlier = worklist.worklist(ward.clinic, "director", ward.nurse, now - timedelta(days=2))
    assert earlier.lots.total == 0


def test_credentials_are_shown_to_those_who_keep_people_and_to_their_owner(ward):
    soon = timezone.localdate() + timedelta(days=59)
    own = Practitioner(clinic=ward.clinic, key="D2", name="Own", user=ward.nurse)
    far, gone = (
        Practitioner(clinic=ward.clinic, key="D3", name="Far"),
        Practitioner(clinic=ward.clinic, key="D4", name="Gone", active=False),
    )
    for one, expires in ((ward.ana, soon), (own, soon), (far, soon + timedelta(days=9)), (gone, soon)):
        reason = "" if one.version == 0 else "renewed"
        write(
            one, by=None, reason=reason, parts={"credentials": [Credential(kind="licence", expires=expires)]}
        )
    assert {one.practitioner.name for one in seen_by(ward).credentials.rows} == {"Ana Ruiz", "Own"}
    assert {one.practitioner.name for one in seen_by(ward, "injector").credentials.rows} == {"Own"}


def test_a_task_is_done_in_one_tap(ward):
    now = timezone.now()
    first, far = (
        Task(clinic=ward.clinic, kind="own", text=f"in {days}", due_at=now + timedelta(days=days))
        for days in (1, 90)
    )
    write_all([Change(thing=first), Change(thing=far)], by=None)
    assert [one.text for one in seen_by(ward).tasks.rows] == ["in 1"]
    visitor = signed_in(ward.nurse)
    for _twice in range(2):
        assert visitor.post(reverse("task-done", args=[first.uid])).status_code == 302
    first.refresh_from_db()
    assert (first.done_by, first.version) == (ward.nurse, 2)
    assert signed_in(ward.user("inspector")).post(reverse("task-done", args=[far.uid])).status_code == 403


def test_nothing_of_another_clinic_is_there(ward):
    stranger = Ward("South")
    now = timezone.now()
    cases.report(session=ward.session(days_ago=1), by=None, said=VESSEL, by_patient=True)
    task = Task(clinic=ward.clinic, kind="own", text="ours", due_at=now)
    write_all(
        [Change(thing=CheckIn(session=ward.session(days_ago=9), day=1, due_at=now)), Change(thing=task)],
        by=None,
    )
    assert worklist.worklist(stranger.clinic, "director", stranger.nurse).empty
    visitor = signed_in(stranger.nurse)
    page = visitor.get(reverse("worklist")).content.decode()
    assert "North" not in page
    assert visitor.post(reverse("task-done", args=[task.uid])).status_code == 404


def test_a_new_clinic_is_told_what_to_do_first_and_one_with_a_session_is_not(ward):
    new = Ward("South")
    visitor = signed_in(new.nurse)
    page = visitor.get(reverse("worklist")).content.decode()
    assert "Set up your clinic" in page
    assert reverse("session-new") in page
    assert reverse("practitioner-new") not in page  # an injector keeps no practitioners
    new.session()
    page = visitor.get(reverse("worklist")).content.decode()
    assert "Set up your clinic" not in page
    assert "Nothing to do right now" in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("injector", 200),
        ("director", 200),
        ("officer", 200),
        ("inspector", 200),
        ("epidemiologist", 403),
        ("administrator", 403),
    ],
)
def test_each_role(ward, role, status):
    cases.report(session=ward.session(days_ago=1), by=None, said=VESSEL, by_patient=True)
    user = ward.nurse if role == "injector" else ward.user(role)
    page = signed_in(user).get(reverse("worklist"))
    assert page.status_code == status
    assert ("Emergency, now" in page.content.decode()) is (status == 200)


def test_a_long_list_shows_the_first_and_says_over_500(ward, monkeypatch):
    monkeypatch.setattr(worklist, "MOST_COUNTED", 24)
    for _number in range(26):
        reaction(ward, "routine", 10)
    waiting = seen_by(ward)
    assert (len(waiting.unread.rows), waiting.unread.total, waiting.unread.more) == (20, 25, True)
    assert "over 500" in signed_in(ward.nurse).get(reverse("worklist")).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_list(ward):
    visitor = signed_in(ward.nurse)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            visitor.get(reverse("worklist"))
        return len(asked)

    reaction(ward, "routine", 10)
    few = queries()
    for _number in range(8):
        reaction(ward, "routine", 10)
    assert queries() == few


def test_the_page_is_told_of_new_problems(ward):
    visitor = signed_in(ward.nurse)
    since = timezone.now().isoformat()
    quiet = visitor.get(reverse("worklist-news"), {"since": since}).content.decode()
    assert "hx-get" in quiet
    assert "problem" not in quiet.lower()
    cases.report(session=ward.session(), by=None, said="a lump", by_patient=True)
    told = visitor.get(reverse("worklist-news"), {"since": since}).content.decode()
    assert "1 problem was told" in told
    assert "1 problem" not in visitor.get(reverse("worklist-news"), {"since": "soon"}).content.decode()


def test_what_a_patient_adds_is_news_too(ward):
    case = cases.report(session=ward.session(), by=ward.nurse, said="a lump")
    since = timezone.now()
    assert worklist.newly_told(ward.clinic, since) == 0
    cases.observe(case, by=None, text="now pus", by_patient=True)
    assert worklist.newly_told(ward.clinic, since) == 1
