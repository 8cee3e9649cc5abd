"""The table in which all processes of a site count tries to sign in and note codes already used."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.management import call_command
from django.db import migrations

TABLE = "untoward_cache"


def make(_apps: Any, schema_editor: Any) -> None:
    """Django's own table of a cache in the database; none where it is there already."""
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(_apps: Any, schema_editor: Any) -> None:
    """What was counted is worth nothing after some minutes."""
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    """A table that belongs to no model: no backup and no export has it."""

    dependencies: ClassVar = [("registry", "0004_what_clinics_set")]
    operations: ClassVar = [migrations.RunPython(make, drop)]
