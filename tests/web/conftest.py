"""A clinic with somebody of every role, for tests of pages."""

from dataclasses import dataclass

import pytest
from django.test import Client

from untoward.registry.models import Clinic, Membership, User
from untoward.registry.roles import Role
from untoward.registry.writing import write


@dataclass(frozen=True)
class Staffed:
    """A clinic and its people by role."""

    clinic: Clinic
    users: dict[Role, User]

    def client_of(self, role: Role) -> Client:
        """A browser in which somebody of this role is signed in."""
        client = Client()
        client.force_login(self.users[role])
        return client


def staffed(name: str) -> Staffed:
    """A new clinic with one user for each role."""
    clinic = Clinic(name=name, country="ES")
    write(clinic, by=None)
    users = {}
    for role in Role:
        users[role] = User.objects.create_user(f"{role}@{name.lower()}.example", "a long enough password")
        write(Membership(user=users[role], clinic=clinic, role=role), by=None)
    return Staffed(clinic, users)


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def north(db):
    """The clinic that most tests work at."""
    return staffed("North")


@pytest.fixture
def south(db):
    """Another clinic, whose things must never be seen at the first."""
    return staffed("South")
