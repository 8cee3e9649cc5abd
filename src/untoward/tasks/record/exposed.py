"""The people a lot or vial went into, as lists that read only the part that is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, overload

from django.db.models import Max, QuerySet

from untoward.registry.models import Clinic, Component, Contact, Lot, Reaction, Recall, Vial
from untoward.tasks.record.recalls import Exposed, Progress, Tracked, exposed_to


class ExposedPeople(Sequence[Exposed]):
    """Everybody of a clinic who got the lot or the vial, as `recalls.exposed_to` has them, read when a part is asked for."""

    def __init__(self, clinic: Clinic, *, lot: Lot | None = None, vial: Vial | None = None) -> None:
        self._clinic, self._lot, self._vial = clinic, lot, vial
        self.keys = self._in_order()

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Exposed: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Exposed]: ...
    def __getitem__(self, place: int | slice) -> Exposed | Sequence[Exposed]:
        """One person, or those of a part of the list, in the order of the list."""
        if isinstance(place, int):
            return self.those([self.keys[place]])[0]
        return self.those(self.keys[place])

    def __iter__(self) -> Iterator[Exposed]:
        return iter(self[:])

    def those(self, keys: Sequence[int]) -> Sequence[Exposed]:
        """The people with these primary keys, in the order given."""
        found = exposed_to(lot=self._lot, vial=self._vial, clinics=[self._clinic], among=keys)
        by_key = {one.patient.pk: one for one in found}
        return [by_key[key] for key in keys]

    def terms(self) -> Collection[tuple[int, str]]:
        """Person and term of everything reported after the sessions in which it was used, each pair once."""
        sessions = self._given().values("session")
        return set(Reaction.objects.filter(session__in=sessions).values_list("patient", "term").order_by())

    def _given(self) -> QuerySet[Component]:
        of: dict[str, Any] = {"vial": self._vial} if self._vial is not None else {"lot": self._lot}
        return Component.objects.filter(session__clinic=self._clinic, **of).order_by()

    def _in_order(self) -> list[int]:
        rows = self._given().values("session__patient").annotate(last=Max("session__at"))
        return list(rows.order_by("-last", "-session__patient").values_list("session__patient", flat=True))


class TrackedPeople(Sequence[Tracked]):
    """The people of a clinic whom a recall concerns, as `recalls.tracked` has them, read when a part is asked for.

    With `waiting_only` the list leaves out who is reached; the progress counts everybody all the same.
    """

    def __init__(self, recall: Recall, clinic: Clinic, *, waiting_only: bool = False) -> None:
        self._contacts = recall.contacts.filter(patient__clinic=clinic)
        self._people = ExposedPeople(clinic, lot=recall.lot, vial=recall.vial)
        tried = dict.fromkeys(self._people.keys, False)
        for key, reached in self._contacts.values_list("patient", "reached").order_by().distinct():
            tried[key] = tried.get(key, False) or reached
        self._clinic = clinic
        self.reached = {key for key in self._people.keys if tried[key]}
        self.tried = set(self._contacts.values_list("patient", flat=True)) & set(self._people.keys)
        listed = [key for key in self._people.keys if not (waiting_only and tried[key])]
        self.keys = sorted(listed, key=self.reached.__contains__)

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Tracked: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Tracked]: ...
    def __getitem__(self, place: int | slice) -> Tracked | Sequence[Tracked]:
        """One person, or those of a part of the list, with the attempts so far, the latest first."""
        if isinstance(place, int):
            return self._those([self.keys[place]])[0]
        return self._those(self.keys[place])

    def progress(self) -> Progress:
        """How far the clinic is."""
        return Progress(
            clinic=self._clinic,
            exposed=len(self._people),
            reached=len(self.reached),
            tried=len(self.tried - self.reached),
        )

    def _those(self, keys: Sequence[int]) -> Sequence[Tracked]:
        tries: dict[int, list[Contact]] = {key: [] for key in keys}
        logged = self._contacts.filter(patient__in=keys).select_related("by").order_by("-at", "-pk")
        for one in logged:
            tries[one.patient_id].append(one)
        return [
            Tracked(person=one, contacts=tuple(tries[one.patient.pk])) for one in self._people.those(keys)
        ]
