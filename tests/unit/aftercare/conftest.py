"""Sessions to compose from, over the evidence that comes with the package."""

import pytest

from untoward.aftercare import GivenComponent, GivenSession, compose
from untoward.evidence.load import load_evidence
from untoward.model.people import Patient
from untoward.model.product import Component
from untoward.model.session import Session
from untoward.model.time import PartialDate


@pytest.fixture(scope="session")
def base():
    return load_evidence()


@pytest.fixture
def given(base):
    """A session of named compounds; a name that is none of ours stays unknown."""

    def make(*names, date="2026-05-11", sites=(), mix=None, country=None, **rest):
        parts = tuple(
            GivenComponent(
                component=Component(as_named=name, compound=base.compound_names.find(name), mix=mix)
            )
            for name in names
        )
        when = None if date is None else PartialDate.parse(date)
        session = Session(date=when, sites=tuple(sites), components=tuple(part.component for part in parts))
        return GivenSession(session=session, components=parts, country=country, **rest)

    return make


@pytest.fixture
def composed(base, given):
    """The sheet of a session of named compounds."""

    def make(*names, language="en", person=None, emergency=None, **session):
        return compose(
            base, given(*names, **session), person or Patient(), language=language, emergency=emergency
        )

    return make


def keys_of(statements):
    return [statement.key for statement in statements]
