"""The role switcher is there in a demonstration alone."""

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.test import Client

from untoward.registry.models import Membership, User
from untoward.registry.roles import Role
from untoward.registry.writing import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings, north):
    settings.UNTOWARD = replace(django_settings.UNTOWARD, demo=True)
    for role in Role:
        user = User.objects.create_user(f"{role}@demo.example")
        write(Membership(user=user, clinic=north.clinic, role=role), by=None)


def test_elsewhere_there_is_nothing(north):
    assert Client().get("/demo").status_code == 404
    assert Client().post("/demo/as", {"role": "director"}).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_one_button_makes_one_of_each_role(demonstration, role):
    browser = Client()
    assert browser.post("/demo/as", {"role": role.value}).status_code == 302
    assert browser.get("/demo").context["membership"].role == role


def test_nobody_but_the_invented_people_can_be_chosen(demonstration, north):
    Membership.objects.filter(user__email__endswith="@demo.example").update(role="inspector")
    assert Client().post("/demo/as", {"role": "director"}).status_code == 404
    assert Client().get("/demo/as").status_code == 405
