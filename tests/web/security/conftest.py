"""Two full clinics, and limits that do not stop tests which ask much."""

import pytest
from django.core.cache import cache
from tests.web.security.world import made

from untoward.web import limits


@pytest.fixture
def here(db):
    """The clinic that is looked at, full of ordinary things."""
    return made("North")


@pytest.fixture
def there(db):
    """Another clinic, as full, none of whose things may be seen at the first."""
    return made("South")


@pytest.fixture
def unhurried(monkeypatch):
    """Nobody is asked to wait: for tests that ask for every page many times."""
    monkeypatch.setattr(limits, "_count", lambda _path: 1)


@pytest.fixture(autouse=True)
def fresh_counts(db):
    """Tries to sign in are counted in the database's cache: each test begins at none, also after one that committed."""
    cache.clear()
    yield
    cache.clear()
