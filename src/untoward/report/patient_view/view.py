"""The values that a patient's page is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from untoward.model.finding import Disposition


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that is said, and the evidence records it rests on."""

    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFor:
    """The signs that need help, under their headings, and what may come weeks later.

    `same_day` is empty when the person is to be seen today anyway; `late` is there only for those who may wait.
    """

    emergency_heading: str
    emergency: tuple[Said, ...]
    same_day_heading: str
    same_day: tuple[Said, ...]
    late: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when somebody must see the person, or by when to look again.

    `hours` is counted from the observation, None for self-care. `at` is the latest moment on the clock, None when the
    session has no date, or the observation no day. `exact` says whether the time of day in it is known; otherwise `at`
    is the beginning of the last day that is surely in time.
    """

    text: str
    hours: float | None
    at: datetime | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientView:
    """A page for the person, at one observation.

    An emergency has only what serves the call: `not_sure`, `time_course` and `say_back` are empty, `watch_for` is None.
    """

    lang: str
    disposition: Disposition
    heading: str
    because: tuple[str, ...]
    do_now: tuple[Said, ...]
    not_sure: tuple[str, ...]
    watch_for: WatchFor | None
    time_course: tuple[Said, ...]
    deadline: Deadline
    come_back: str
    say_back: str
    show_this: str
    notice: str

    @property
    def evidence(self) -> tuple[str, ...]:
        """Every record behind the page, each once, in the order in which the page needs it."""
        watch = self.watch_for
        said = (*self.do_now, *self.time_course)
        if watch is not None:
            said = (*said, *watch.emergency, *watch.same_day, *watch.late)
        keys = [key for one in said for key in one.evidence]
        return tuple(dict.fromkeys((*keys, *GENERAL)))


GENERAL = ("disposition-limits", "safety-netting", "practice-safety-netting-tailored")
"""Records behind the shape of every page: the limits of time, and what an answer short of an emergency must hold."""
