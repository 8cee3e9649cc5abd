"""What tests of the record share."""

import pytest
from django.db import connection


@pytest.fixture
def trail_unguarded(db):
    """The trail without its triggers, as somebody with the database in hand could have it."""
    statements = {
        "sqlite": ("DROP TRIGGER registry_entry_no_update", "DROP TRIGGER registry_entry_no_delete"),
        "postgresql": ("DROP TRIGGER registry_entry_kept ON registry_entry",),
    }
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
