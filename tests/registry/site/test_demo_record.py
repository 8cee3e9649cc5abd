"""The demonstration's record: the published outbreaks stand in it as they were printed, and its pictures are no photos."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from untoward.registry.models import Clinic, Investigation, Membership, Product, Reaction, Session, User
from untoward.registry.roles import Role
from untoward.registry.trail import verify
from untoward.tasks.record.tables import registry_tables
from untoward.tasks.site_demo_outbreaks import PLACES, published_outbreaks
from untoward.tasks.site_demo_pictures import spot

EXAMPLES = Path(__file__).parents[3] / "examples"
PRINTED = {
    "Balearic": (17, 77),
    "Colombia": (232, 298),
    "Denver": (47, 69),
    "Lima": (35, 35),
    "Oswego": (46, 75),
    "Paris": (16, 105),
    "Washington": (14, 14),
}
"""Ill and all people of each line list: of Lima and Washington only the ill are known."""


@pytest.fixture
def outbreaks(db):
    users = {role: User.objects.create_user(f"{role}@demo.example") for role in Role}
    published_outbreaks(EXAMPLES, users, datetime(2025, 6, 1, tzinfo=UTC), lambda *_: None)
    return users


def test_every_published_outbreak_is_there_as_it_was_printed(outbreaks):
    assert {path.parent.name for path in EXAMPLES.glob("*/about.yaml")} == set(PLACES)
    for name, (ill, people) in PRINTED.items():
        clinic = Clinic.objects.get(name__startswith=name)
        cases = Reaction.objects.filter(clinic=clinic)
        assert (cases.count(), Session.objects.filter(clinic=clinic).count()) == (ill, people)
        assert not cases.filter(outbreak="").exists()
        assert not cases.filter(signed_at=None).exists()
    assert verify().faults == ()


def test_no_date_and_no_name_is_made_up(outbreaks):
    dated = Reaction.objects.exclude(onset_at=None)
    assert {one.clinic.name[:6] for one in dated} == {"Oswego"}
    assert dated.count() == 46
    assert dated.order_by("onset_at").first().onset_at == datetime(1940, 4, 18, 20, tzinfo=UTC)
    for session in Session.objects.select_related("patient", "clinic"):
        assert session.patient.name == session.patient.contact == ""
        assert session.patient.birth_year is None
        assert ("day was not published" in session.note) is not session.clinic.name.startswith("Oswego")


def test_each_has_its_source_and_is_seen_by_those_who_look_into_such_things(outbreaks):
    for clinic in Clinic.objects.all():
        case = Investigation.objects.get(clinic=clinic)
        assert [step.step for step in case.steps.order_by("at")] == [
            "detect", "validate", "prioritise", "assess", "recommend",
        ]  # fmt: skip
        told = case.steps.get(step="detect").rationale
        assert "Read: " in told
        assert any(mark in told for mark in ("http", "10."))
        mine = Membership.objects.filter(clinic=clinic).values_list("role", flat=True)
        assert Role.EPIDEMIOLOGIST in mine
        assert Role.INJECTOR not in mine


def test_the_line_list_of_the_church_supper_gives_the_printed_attack_rate(outbreaks):
    tables = registry_tables([Clinic.objects.get(name__startswith="Oswego")])
    ate = tables.components.filter(tables.components["compound"] == "vanilla ice cream")["session_id"]
    ill = tables.reactions["session_id"]
    assert (len(ate), ate.is_in(ill.implode()).sum()) == (54, 43)
    assert Product.objects.filter(name__startswith="Food: ").count() == 14


def test_a_picture_is_a_drawing_that_fades():
    fresh, late = (
        Image.open(BytesIO(spot(across, red))).convert("RGB") for across, red in ((2.4, 0.8), (0.9, 0.25))
    )
    middle = (fresh.width // 2, fresh.height // 2 - 30)
    assert fresh.getpixel(middle)[1] < late.getpixel(middle)[1] < fresh.getpixel((20, 20))[1]
