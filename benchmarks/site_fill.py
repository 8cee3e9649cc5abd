"""A record with many sessions and the whole of its trail, to serve under load: the made-up clinic of `worklist.fill`, and more.

Added to that: points of injection, one lot that very many people got, fifty people who may sign in, and an entry of the trail
for every thing, each holding the hash of the one before, so that `untoward audit verify` finds nothing to complain of.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from worklist import BATCH, fill

USERS, POINTS, POPULAR = 50, 4, 2_500


def fill_all(sessions: int) -> None:
    """Fill the empty record of this process's settings, and bring the tables' statistics up to date."""
    from django.db import connection, transaction

    with transaction.atomic():
        fill(sessions)
        _people()
        _points()
        _popular_lot()
        number = _trail()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {sessions:,} sessions, {number:,} entries in the trail", flush=True)


def _people() -> None:
    """Ten directors and forty injectors. Nobody knows a password of theirs: a benchmark signs them in by itself."""
    from untoward.registry.models import Clinic, Credential, Membership, Practitioner, User

    clinic = Clinic.objects.get()
    for number in range(USERS):
        user = User.objects.create_user(f"user{number}@example.org", None)
        role = "director" if number % 5 == 0 else "injector"
        Membership.objects.bulk_create([Membership(user=user, clinic=clinic, role=role, version=1)])
    Credential.objects.bulk_create(
        Credential(practitioner=one, kind="licence", number=f"N{one.pk}", allows=["mesotherapy"])
        for one in Practitioner.objects.all()
    )


def _points() -> None:
    from untoward.registry.models import Point, Session

    keys = Session.objects.order_by("pk").values_list("pk", flat=True).iterator(BATCH)
    rows = (
        Point(session_id=key, view="body-front", x=0.3 + 0.02 * n, y=0.5, mix="A", volume_ml=0.1)
        for key in keys
        for n in range(POINTS)
    )
    while chunk := list(islice(rows, BATCH)):
        Point.objects.bulk_create(chunk)


def _popular_lot() -> None:
    """The first lot is in a third syringe of the latest sessions, each of another person."""
    from untoward.registry.models import Component, Lot, Session

    lot = Lot.objects.order_by("pk")[0]
    sessions = Session.objects.order_by("-pk").values_list("pk", flat=True)[:POPULAR]
    Component.objects.bulk_create(
        (
            Component(session_id=key, mix="B", product_id=lot.product_id, lot=lot, volume_ml=0.5)
            for key in list(sessions)
        ),
        batch_size=BATCH,
    )


def _trail() -> int:
    """An entry for every thing that has none, and the head; gives how many there are then."""
    from django.utils import timezone

    from untoward.registry.models import Entry, Head
    from untoward.registry.trail import entry_hash
    from untoward.registry.writing import MADE, _clinic_of

    head, now = Head.objects.get(pk=1), timezone.now()
    known = set(Entry.objects.values_list("uid", flat=True))
    new = (one for one in _things() if one.uid not in known)
    while chunk := list(islice(new, BATCH)):
        entries = []
        for one in chunk:
            entry = Entry(
                number=head.number + 1, at=now, clinic=_clinic_of(one), kind=MADE, model=type(one).__name__,
                uid=one.uid, version=one.version, state=_state(one), previous=head.hash,
            )  # fmt: skip
            entry.hash = entry_hash(entry)
            head.number, head.hash = entry.number, entry.hash
            entries.append(entry)
        Entry.objects.bulk_create(entries)
    Head.objects.filter(pk=1).update(number=head.number, hash=head.hash)
    return head.number


def _things() -> Iterator[object]:
    """Every kept thing, with its parts and with what its clinic is known by."""
    from django.apps import apps

    from untoward.registry.models import Kept

    links = {"clinic", "patient", "session", "reaction", "recall", "investigation", "vial"}
    for model in apps.get_app_config("registry").get_models():
        if issubclass(model, Kept):
            near = links & {field.name for field in model._meta.concrete_fields}
            owners = [f"{name}__clinic" if name in {"session", "vial"} else name for name in sorted(near)]
            rows = model._default_manager.select_related(*owners).prefetch_related(*model.parts)
            yield from rows.order_by("pk").iterator(BATCH)


def _state(thing: object) -> dict[str, object]:
    """The same as `trail.snapshot`, from parts that were read for many things at once."""
    from untoward.registry.trail import snapshot

    names, thing.parts = thing.parts, ()
    state = snapshot(thing)
    for name in names:
        related = getattr(thing, name)
        link, parts = related.field.attname, sorted(related.all(), key=lambda part: part.pk)
        state[name] = [{key: value for key, value in snapshot(part).items() if key != link} for part in parts]
    return state


if __name__ == "__main__":
    from untoward.tasks.site import migrate, open_site

    open_site()
    migrate()
    fill_all(int(sys.argv[1]))
