"""What tests of patients share."""

import pytest
from tests.registry.patients import people


@pytest.fixture
def clinic(db):
    return people.clinic()


@pytest.fixture
def nurse(clinic):
    return people.somebody(clinic)


@pytest.fixture
def lucia(clinic, nurse):
    return people.patient(clinic, nurse)


@pytest.fixture
def session(lucia, nurse):
    return people.session(lucia, nurse)
