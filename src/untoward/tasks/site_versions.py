"""Which steps a database has taken, and its tables as they were at any step."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.migrations.loader import MigrationLoader
    from django.db.models import Model

Step = tuple[str, str]


def steps_taken() -> set[Step]:
    """App and name of every step this program knows that the database has taken."""
    loader = _loader()
    return set(loader.applied_migrations) & set(loader.graph.nodes)


def steps_known() -> set[Step]:
    """App and name of every step of this program."""
    return set(_loader().graph.nodes)


def last_of(steps: Collection[Step]) -> list[Step]:
    """Of these steps, those of each app that no other of them builds on."""
    graph = _loader().graph
    return sorted(
        step
        for step in steps
        if not any(child.key in steps and child.key[0] == step[0] for child in graph.node_map[step].children)
    )


def apps_at(steps: Collection[Step]) -> Apps:
    """The apps, with their models as they are after these steps."""
    return _loader().project_state(last_of(steps)).apps


def models_of(apps: Apps, names: Collection[str]) -> list[type[Model]]:
    """The models of the named apps, in an order that never changes."""
    present = {config.label for config in apps.get_app_configs()}
    found = [model for name in names if name in present for model in apps.get_app_config(name).get_models()]
    return sorted((model for model in found if model._meta.managed), key=lambda model: model._meta.label)


def _loader() -> MigrationLoader:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    return MigrationLoader(connection)
