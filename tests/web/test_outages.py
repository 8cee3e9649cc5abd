"""A database that fails gives a page that says so, without asking the database."""

import pytest
from django.db import IntegrityError, OperationalError

from untoward.web.outages import outage_page


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("attempt to write a readonly database", "can be read but not written"),
        ("database or disk is full", "no room left"),
        ("could not extend file: No space left on device", "no room left"),
        ("database is locked", "held the database for too long"),
        ("connection refused", "does not answer"),
        ("server closed the connection unexpectedly", "does not answer"),
        ("database disk image is malformed", "restore the last backup"),
    ],
)
def test_what_it_means_is_said(said, means):
    answer = outage_page(OperationalError(said))
    assert answer.status_code == 503
    assert means in answer.content.decode()
    assert "Nothing that was acknowledged is lost" in answer.content.decode()


def test_what_the_database_said_is_not_shown():
    page = outage_page(IntegrityError("Key (name)=(Zoë Secret) already exists")).content.decode()
    assert "Zoë" not in page


@pytest.mark.parametrize("error", [None, ValueError("x")])
def test_other_faults_are_not_the_databases(error):
    assert outage_page(error) is None
