"""How long the worklist and the page of a case take at a clinic with many sessions.

    python benchmarks/worklist.py                                            100,000 sessions, SQLite
    python scripts/with_postgresql.py python benchmarks/worklist.py          the same in PostgreSQL
    python benchmarks/worklist.py --sessions 20000
    python benchmarks/worklist.py --home FOLDER                              keep the database, and use it again next time

All sessions are of one clinic, over three years: two components each, seven check-ins each (three in ten never answered), a
reaction in 20 of which one in ten is open and some are unread, 10,000 vials and 300 lots. The rows are put in without their
history, which no page here reads. Times are of whole requests through Django without a network.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import numpy as np

DAYS, BATCH, REQUESTS, LIMIT_S = 1095, 5000, 20, 1.0


def main() -> int:
    """Fill a database of its own, ask each page some times, print median and 95 %; 1 when the worklist is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="untoward-bench-") as home:
        os.environ["UNTOWARD_HOME"] = str(options.home or home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "untoward.web.settings"
        import django

        django.setup()
        return _run(options.sessions)


def _run(sessions: int) -> int:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    user, case = _filled() or fill(sessions)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {sessions:,} sessions filled in {time.perf_counter() - began:.0f} s")
    slowest = 0.0
    for name, path in (("worklist", "/worklist"), ("news", "/worklist/news"), ("case", f"/case/{case}")):
        times = sorted(_asked(user, path))
        late = times[int(0.95 * (len(times) - 1))]
        slowest = max(slowest, late) if name == "worklist" else slowest
        print(f"{name:10} median {1000 * statistics.median(times):6.0f} ms   95 % {1000 * late:6.0f} ms")
    return int(slowest > LIMIT_S)


def _asked(user: object, path: str) -> Iterable[float]:
    from django.test import Client

    visitor = Client(SERVER_NAME="127.0.0.1")
    visitor.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    visitor.get(path)
    for _number in range(REQUESTS):
        began = time.perf_counter()
        answer = visitor.get(path)
        yield time.perf_counter() - began
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")


def _filled():
    """The director and the case of a database that was filled before."""
    from untoward.registry.models import Observation, User

    seen = Observation.objects.select_related("reaction").first()
    return None if seen is None else (User.objects.get(), seen.reaction.uid)


def fill(sessions: int, seed: int = 1) -> tuple[object, object]:
    """Put a made-up clinic into the database; its director and the uid of an open case."""
    from django.utils import timezone

    from untoward.registry.models import (
        Clinic,
        Component,
        Lot,
        Membership,
        Patient,
        Practitioner,
        Product,
        Reaction,
        Session,
        Task,
        User,
        Vial,
    )  # fmt: skip
    from untoward.tasks.record import cases

    random, now = np.random.default_rng(seed), timezone.now()
    [clinic] = Clinic.objects.bulk_create([Clinic(name="Bench", version=1)])
    user = User.objects.create_user("bench@example.org", "a long enough one")
    Membership.objects.bulk_create([Membership(user=user, clinic=clinic, role="director", version=1)])
    people = Practitioner.objects.bulk_create(
        Practitioner(clinic=clinic, key=f"D{n}", name=f"D{n}", version=1) for n in range(20)
    )
    products = Product.objects.bulk_create(
        Product(
            name=f"Product {n}",
            compounds=[{"compound": "procaine", "percent": 1}],
            in_use_hours=6 * (n % 5 + 1),
            version=1,
        )
        for n in range(40)
    )
    lots = Lot.objects.bulk_create(
        Lot(
            product=products[n % 40],
            number=f"L{n}",
            expires=(now + timedelta(days=3 * n - 300)).date(),
            version=1,
        )
        for n in range(300)
    )
    vials = Vial.objects.bulk_create(
        (
            Vial(
                clinic=clinic, lot=lots[n % 300], label=f"V{n}", opened_at=now - timedelta(days=n / 10), version=1,
                discarded_at=None if n < 60 else now - timedelta(days=n / 10 - 1),
            )
            for n in range(10_000)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    patients = Patient.objects.bulk_create(
        (Patient(clinic=clinic, key=f"P{n}", version=1) for n in range(max(sessions // 4, 1))),
        batch_size=BATCH,
    )
    days = np.sort(random.uniform(0, DAYS, sessions))[::-1]
    treated = Session.objects.bulk_create(
        (
            Session(
                clinic=clinic, patient=patients[n % len(patients)], practitioner=people[n % 20], technique="mesotherapy",
                at=now - timedelta(days=float(day)), sites=["thigh"], version=1,
            )
            for n, day in enumerate(days)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    Component.objects.bulk_create(
        (
            Component(session=one, product=vial.lot.product, lot=vial.lot, vial=vial, volume_ml=1)
            for n, one in enumerate(treated)
            for vial in (vials[n % 10_000], vials[(n * 7 + 1) % 10_000])
        ),
        batch_size=BATCH,
    )
    _check_ins(treated, random, now)
    Reaction.objects.bulk_create(
        (_reaction(one, n, clinic, now) for n, one in enumerate(treated[::20])), batch_size=BATCH
    )
    Task.objects.bulk_create(
        Task(
            clinic=clinic,
            kind="own",
            text=f"task {n}",
            due_at=now,
            done_at=None if n < 50 else now,
            version=1,
        )
        for n in range(2000)
    )
    case = cases.report(session=treated[-100], by=user, said="a hard red lump, growing", term="nodule")
    cases.observe(case, by=user, text="larger, no pus")
    return user, case.uid


def _check_ins(treated: list, random: np.random.Generator, now: object) -> None:
    from untoward.registry.models import CheckIn

    answered = random.random((len(treated), 7)) < 0.7
    CheckIn.objects.bulk_create(
        (
            CheckIn(
                session=one, day=day, due_at=one.at + timedelta(days=day), version=1,
                answered_at=one.at + timedelta(days=day) if answered[n, place] else None,
            )
            for n, one in enumerate(treated)
            for place, day in enumerate((1, 3, 7, 14, 28, 56, 112))
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _reaction(session: object, number: int, clinic: object, now: object) -> object:
    from untoward.registry.models import Reaction

    looks = ("emergency_now", "within_1h", "same_day", "within_72h", "routine", "self_care")
    is_open = number % 10 == 0
    told = session.at + timedelta(days=2)
    return Reaction(
        clinic=clinic,
        patient=session.patient,
        session=session,
        term=("nodule", "bruise", "redness")[number % 3],
        said="it hurts where I was injected",
        reported_at=told,
        disposition=looks[number % 6],
        deadline=told + timedelta(hours=72),
        course=("within", "late", "beyond", "no_data")[number % 4],
        read_at=None if is_open and number % 20 == 0 else told,
        signed_at=None if is_open else now,
        version=1,
    )


if __name__ == "__main__":
    raise SystemExit(main())
