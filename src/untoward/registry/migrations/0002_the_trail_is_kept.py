"""The database itself refuses to change or remove an entry of the trail."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

_SQLITE = [
    f"""CREATE TRIGGER registry_entry_no_{verb} BEFORE {verb} ON registry_entry
        BEGIN SELECT RAISE(ABORT, 'entries of the trail are never changed or removed'); END"""
    for verb in ("update", "delete")
]
_POSTGRESQL = [
    """CREATE FUNCTION registry_entry_refuse() RETURNS trigger AS $$
       BEGIN RAISE EXCEPTION 'entries of the trail are never changed or removed'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER registry_entry_kept BEFORE UPDATE OR DELETE ON registry_entry
       FOR EACH ROW EXECUTE FUNCTION registry_entry_refuse()""",
]


def guard(_apps: Any, schema_editor: Any) -> None:
    """Set the triggers of this kind of database."""
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Triggers on the trail."""

    dependencies: ClassVar = [("registry", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(guard, migrations.RunPython.noop)]
