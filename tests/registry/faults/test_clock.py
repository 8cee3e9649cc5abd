"""The clock of the machine moved back: the order of the record stays that of its numbers, and the site finds out and says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from untoward.registry.models import Clinic, Entry, Membership, User
from untoward.registry.roles import Role
from untoward.registry.trail import verify
from untoward.registry.writing import write
from untoward.settings import Settings
from untoward.tasks.record.clock import written_after
from untoward.tasks.site_doctor import State, examine
from untoward.tasks.site_jobs import Job, _is_due

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=3)


@pytest.fixture
def moved_back(monkeypatch):
    """Something written, then the clock three days back, then something else written."""
    real = timezone.now
    clinic = Clinic(name="North")
    write(clinic, by=None)
    monkeypatch.setattr(timezone, "now", lambda: real() - DAYS)
    clinic.name = "North again"
    write(clinic, by=None, reason="a new name")
    return real


def test_nothing_is_lost_or_out_of_order(moved_back):
    entries = list(Entry.objects.order_by("number"))
    assert [one.version for one in entries] == [1, 2]
    assert entries[1].at < entries[0].at
    assert verify().faults == ()
    assert Clinic.objects.get().name == "North again"


def test_the_doctor_finds_it_while_it_is_so_and_afterwards(moved_back, tmp_path):
    settings = Settings(home=tmp_path)

    def found(now):
        return {check.name: check for check in examine(settings, now)}

    while_so = found(moved_back() - DAYS - timedelta(hours=1))
    assert while_so["clock"].state is State.WARNING
    assert "nothing is lost" in while_so["clock"].next
    afterwards = found(moved_back())
    assert afterwards["clock"].state is State.OK
    assert afterwards["times in the trail"].state is State.WARNING
    assert "entry 2" in afterwards["times in the trail"].said


def test_what_is_due_each_minute_goes_on(moved_back):
    job = Job(name="x", every=timedelta(minutes=1), do=lambda now: None)
    assert _is_due(job, {"x": moved_back()}, moved_back() - DAYS)


def test_every_page_of_the_staff_says_so_while_it_is_so(moved_back, client, monkeypatch):
    user = User.objects.create_user("nurse@example.org", "a long enough one")
    write(Membership(user=user, clinic=Clinic.objects.get(), role=Role.INJECTOR), by=None)
    client.force_login(user)
    for path in ("/worklist", "/patients"):
        assert "The clock of this machine is wrong" in client.get(path).content.decode(), path
    monkeypatch.setattr(timezone, "now", moved_back)
    assert "The clock of this machine" not in client.get("/worklist").content.decode()


def test_two_machines_may_differ_by_a_minute(moved_back):
    latest = max(one.at for one in Entry.objects.all())
    assert written_after(latest - timedelta(minutes=1)) is None
    assert written_after(latest - timedelta(minutes=3)) == latest
