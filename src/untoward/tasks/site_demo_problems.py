"""The problems of the demonstration: told, seen again, assessed as the site assesses them, and closed when they are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from untoward.registry.models import Decision, Observation, Reaction, Session
from untoward.registry.roles import Role
from untoward.registry.writing import Change
from untoward.tasks.record.case_assessing import assess_observations, urgency_of
from untoward.tasks.site_demo_people import People
from untoward.tasks.site_demo_rows import Problem, Rows

CLOSED_AFTER = timedelta(days=2)
"""From the last look until a case is signed off."""
IN_CARE_FROM = timedelta(days=9)
"""Cases of the outbreak told longer ago than this are in hospital care and signed off; the later ones are open."""

CARE = (
    ("seen", "Seen at the clinic; a piece of tissue was taken for mycobacterial culture."),
    ("referred", "Referred to the infectious diseases clinic, with the passport of the session."),
    (
        "causality",
        "Probable: it came weeks after the session, at the injected site, and a rapidly growing mycobacterium grew from the"
        " tissue. Others had like lumps; which exposure they share is still open. Nothing else explains it.",
    ),
    ("signed", "In the care of the infectious diseases clinic, which reports back; nothing more to do here."),
)
"""What is noted of a case of the outbreak before it is signed off: kind and text."""


class Problems:
    """What is told, seen and closed on each day."""

    def __init__(self, rows: Rows, people: People, sessions: dict[str, Session]) -> None:
        self._sessions, self._people, self._planted = sessions, people, rows.planted
        self._reactions: dict[str, Reaction] = {}
        self._seen: dict[str, list[Observation]] = defaultdict(list)
        self._events: dict[date, list[tuple[datetime, str, Problem, int]]] = defaultdict(list)
        for problem in rows.problems:
            for place, (at, _) in enumerate(problem.seen):
                self._events[at.date()].append((at, "seen" if place else "told", problem, place))
            closed = problem.seen[-1][0] + CLOSED_AFTER
            if problem.row["reaction_id"] in rows.planted:
                closed = max(closed, problem.told + IN_CARE_FROM)
            if closed < rows.now:
                self._events[closed.date()].append((closed, "closed", problem, 0))

    def days(self) -> set[date]:
        """Days on which something happens."""
        return set(self._events)

    def changes_on(self, day: date) -> Iterator[Change]:
        """What one day adds; asked for after the day's sessions were written."""
        for at, what, problem, place in sorted(self._events.get(day, ()), key=lambda event: event[0]):
            if problem.row["session_id"] not in self._sessions:
                continue
            if what == "closed":
                yield from self._closed(problem, at)
            else:
                yield from self._looked(problem, place)

    def _looked(self, problem: Problem, place: int) -> Iterator[Change]:
        key = problem.row["reaction_id"]
        reaction = self._reactions.get(key) or self._told(problem)
        at, findings = problem.seen[place]
        term = problem.row["term_id"] or problem.row["term"]
        observation = Observation(
            reaction=reaction, at=at, text="", findings={term: {**findings}} if findings else {term: True}
        )
        seen = [*self._seen[key], observation]
        document = assess_observations(reaction, seen, [len(seen) - 1])[len(seen) - 1]
        observation.assessment, observation.rule_set = document, document["rule_set"]
        urgency = urgency_of(reaction, seen)
        reaction.disposition, reaction.deadline = urgency.disposition.value, urgency.deadline
        reaction.course = urgency.course.value
        self._seen[key] = seen
        yield Change(thing=reaction)
        yield Change(thing=observation)

    def _told(self, problem: Problem) -> Reaction:
        session = self._sessions[problem.row["session_id"]]
        made = Reaction(
            clinic=session.clinic,
            patient=session.patient,
            session=session,
            term=problem.row["term_id"] or "",
            said=problem.row["term"],
            onset_at=problem.onset,
            reported_at=problem.told,
            read_at=problem.told,
        )
        self._reactions[problem.row["reaction_id"]] = made
        return made

    def _closed(self, problem: Problem, at: datetime) -> Iterator[Change]:
        reaction, director = self._reactions[problem.row["reaction_id"]], self._people.users[Role.DIRECTOR]
        over = problem.resolved is not None and problem.resolved <= at
        reaction.resolved_at = problem.resolved if over else None
        reaction.outcome = "recovered" if over else "recovering"
        reaction.signed_at, reaction.signed_by = at, director
        yield Change(thing=reaction)
        of_outbreak = problem.row["reaction_id"] in self._planted
        for kind, text in CARE if of_outbreak else (("signed", "As expected; nothing more to do."),):
            yield Change(thing=Decision(reaction=reaction, at=at, by=director, kind=kind, text=text))
