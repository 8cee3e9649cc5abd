"""The human work on a signal or cluster in five steps: detect, validate, prioritise, assess, recommend.

Each step is a decision with its rationale, kept for good: a second thought is a further entry, never a correction. A step can
be decided once the one before it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from untoward.errors import Fault, InputError
from untoward.registry.models import Clinic, Investigation, Membership, Step, User
from untoward.registry.roles import MAY, Action
from untoward.registry.writing import Change, Conflict, write, write_all

STEPS = ("detect", "validate", "prioritise", "assess", "recommend")

QUESTIONS: Mapping[str, str] = {
    "detect": gettext_noop("What was seen, and who noticed it?"),
    "validate": gettext_noop(
        "Is it real: are the records right, are the cases what they are called, could reporting explain it?"
    ),
    "prioritise": gettext_noop(
        "How soon must it be looked into, given how severe it is and how many more may be exposed?"
    ),
    "assess": gettext_noop("What do the papers, cultures and comparisons say? What else could explain it?"),
    "recommend": gettext_noop("What shall be done, by whom and until when? Whom to tell?"),
}

DECISIONS: Mapping[str, tuple[str, ...]] = {
    "detect": (
        gettext_noop("noticed by the watch"),
        gettext_noop("noticed by a person"),
        gettext_noop("told by an authority or a maker"),
    ),
    "validate": (
        gettext_noop("real"),
        gettext_noop("not real: a fault of the records"),
        gettext_noop("not real: reporting or chance"),
        gettext_noop("cannot be told yet"),
    ),
    "prioritise": (
        gettext_noop("now"),
        gettext_noop("within a week"),
        gettext_noop("with the next review"),
        gettext_noop("no further work"),
    ),
    "assess": (
        gettext_noop("an exposure explains it"),
        gettext_noop("explained otherwise"),
        gettext_noop("nothing explains it yet"),
        gettext_noop("not enough data yet"),
    ),
    "recommend": (
        gettext_noop("stop using and recall"),
        gettext_noop("change how it is done"),
        gettext_noop("tell the maker or the authority"),
        gettext_noop("keep watching"),
        gettext_noop("nothing more to do"),
    ),
}
"""Decisions to choose from at each step; the rationale says the rest."""

_LONGEST_TITLE, _LONGEST_RATIONALE = 200, 5000

Where = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationDraft:
    """An investigation as somebody wants to open it. `where` are places: axis and value."""

    title: str
    outcome: str
    where: tuple[Mapping[str, str], ...]
    decision: str
    rationale: str
    owner: User | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """A decision of one step. `seen` is how many decisions there were when it was written."""

    step: str
    decision: str
    rationale: str
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One of the five steps: what it asks, the decisions taken in it (latest last), and whether it can be decided now."""

    name: str
    question: str
    choices: tuple[str, ...]
    decisions: tuple[Step, ...]
    ready: bool
    next: bool


def open_investigation(
    draft: InvestigationDraft, clinic: Clinic, by: User, at: datetime | None = None
) -> Investigation:
    """Open an investigation with its first step. Raises InputError with every fault of the draft."""
    faults = [*_draft_faults(draft, clinic), *_step_faults("detect", draft.decision, draft.rationale)]
    _stop_on(faults, _("The investigation was not opened."))
    now = at or timezone.now()
    investigation = Investigation(
        clinic=clinic,
        title=draft.title.strip(),
        subject={"outcome": draft.outcome, "where": [dict(place) for place in draft.where]},
        owner=draft.owner,
        due_on=draft.due_on,
    )
    first = Step(
        investigation=investigation,
        step="detect",
        at=now,
        by=by,
        decision=draft.decision,
        rationale=draft.rationale.strip(),
    )
    write_all([Change(thing=investigation), Change(thing=first)], by=by, at=now)
    return investigation


def decide(investigation: Investigation, draft: StepDraft, by: User, at: datetime | None = None) -> Step:
    """Add a decision. Raises InputError for a faulty one, for a step that is not yet due, and when somebody decided meanwhile."""
    states = {state.name: state for state in steps_of(investigation)}
    faults = _step_faults(draft.step, draft.decision, draft.rationale)
    if investigation.closed_at is not None:
        faults.append(_fault("step", _("the investigation is closed"), hint=_("Open it again first.")))
    state = states.get(draft.step)
    if state is not None and not state.ready:
        faults.append(_fault("step", _("the step before it has no decision yet"), expected=_next(states)))
    taken = sum(len(one.decisions) for one in states.values())
    if draft.seen != taken:
        faults.append(
            _fault(
                "seen",
                _("somebody else decided while you were writing"),
                hint=_("Read what they wrote above, then save again if yours still holds."),
            )
        )
    _stop_on(faults, _("The decision was not saved."))
    now = at or timezone.now()
    step = Step(
        investigation=investigation,
        step=draft.step,
        at=now,
        by=by,
        decision=draft.decision,
        rationale=draft.rationale.strip(),
    )
    write(step, by=by, at=now)
    return step


def plan(
    investigation: Investigation, version: int, owner: User | None, due_on: date | None, by: User
) -> None:
    """Change who has it and until when. Raises Conflict when somebody else changed it since `version`."""
    clinic = investigation.clinic
    faults = _owner_faults(owner, clinic) if clinic is not None else []
    _stop_on(faults, _("Nothing was changed."))
    if version != investigation.version:
        theirs = investigation.version
        investigation.version = version
        raise Conflict(investigation, theirs)
    investigation.owner, investigation.due_on = owner, due_on
    write(investigation, by=by, reason=_("owner or due date"))


def close(investigation: Investigation, version: int, by: User, at: datetime | None = None) -> None:
    """Close it, once there is a recommendation. Raises InputError before that, Conflict as `plan` does."""
    if not any(state.name == STEPS[-1] and state.decisions for state in steps_of(investigation)):
        _stop_on(
            [_fault("step", _("there is no recommendation yet"), expected="recommend")], _("It stays open.")
        )
    _set_closed(investigation, version, at or timezone.now(), by, "closed")


def open_again(investigation: Investigation, version: int, by: User) -> None:
    """Open a closed one again."""
    _set_closed(investigation, version, None, by, "opened again")


def steps_of(investigation: Investigation) -> tuple[StepState, ...]:
    """The five steps with their decisions."""
    taken = list(investigation.steps.select_related("by").order_by("at", "pk"))
    states: list[StepState] = []
    ready = True
    for name in STEPS:
        mine = tuple(step for step in taken if step.step == name)
        states.append(
            StepState(
                name=name,
                question=QUESTIONS[name],
                choices=DECISIONS[name],
                decisions=mine,
                ready=ready,
                next=ready and not mine,
            )
        )
        ready = bool(mine)
    return tuple(states)


def step_reached(investigation: Investigation) -> str:
    """The last step with a decision."""
    done = [state.name for state in steps_of(investigation) if state.decisions]
    return done[-1] if done else STEPS[0]


def owners(clinic: Clinic) -> list[User]:
    """Who may have an investigation at this clinic."""
    roles = [role.value for role, actions in MAY.items() if Action.INVESTIGATE in actions]
    members = Membership.objects.filter(clinic=clinic, ended_at=None, role__in=roles).select_related("user")
    return [membership.user for membership in members.order_by("user__name", "user__email")]


def covering(investigations: Iterable[Investigation], outcome: str, where: Where) -> Investigation | None:
    """The investigation of these cases: of the same outcome, at one or all of the places; an open one before a closed one."""
    here = {(place["axis"], place["value"]) for place in where}
    found = [
        one
        for one in investigations
        if one.subject.get("outcome") == outcome and (there := _places(one.subject)) and there <= here
    ]
    return min(found, key=lambda one: (one.closed_at is not None, -one.pk), default=None)


def _places(subject: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(place["axis"], place["value"]) for place in subject.get("where", [])}


def _set_closed(
    investigation: Investigation, version: int, moment: datetime | None, by: User, reason: str
) -> None:
    if version != investigation.version:
        theirs = investigation.version
        investigation.version = version
        raise Conflict(investigation, theirs)
    investigation.closed_at = moment
    write(investigation, by=by, reason=reason)


def _draft_faults(draft: InvestigationDraft, clinic: Clinic) -> list[Fault]:
    faults = []
    if not draft.title.strip():
        faults.append(_fault("title", _("no title"), expected=_("a few words that tell it from others")))
    if len(draft.title.strip()) > _LONGEST_TITLE:
        faults.append(
            _fault(
                "title",
                _("the title is too long"),
                expected=_("at most %(longest_title)s letters") % {"longest_title": _LONGEST_TITLE},
            )
        )
    if not draft.where or not draft.outcome:
        faults.append(
            _fault(
                "subject", _("no outcome or no place"), expected=_("a signal or cluster of the watch page")
            )
        )
    return [*faults, *_owner_faults(draft.owner, clinic)]


def _owner_faults(owner: User | None, clinic: Clinic) -> list[Fault]:
    if owner is None or owner in owners(clinic):
        return []
    return [_fault("owner", _("this person may not investigate here"), expected=_("somebody of the list"))]


def _step_faults(step: str, decision: str, rationale: str) -> list[Fault]:
    faults = []
    if step not in STEPS:
        faults.append(_fault("step", _("there is no such step"), expected=", ".join(STEPS)))
    elif decision not in DECISIONS[step]:
        faults.append(_fault("decision", _("no decision"), expected=", ".join(DECISIONS[step])))
    if not rationale.strip():
        faults.append(
            _fault("rationale", _("no rationale"), expected=_("why, in a sentence others can follow"))
        )
    if len(rationale) > _LONGEST_RATIONALE:
        faults.append(
            _fault(
                "rationale",
                _("too long"),
                expected=_("at most %(longest_rationale)s letters")
                % {"longest_rationale": f"{_LONGEST_RATIONALE:,}"},
            )
        )
    return faults


def _next(states: Mapping[str, StepState]) -> str:
    return next((state.name for state in states.values() if state.next), STEPS[-1])


def _fault(field: str, what: str, *, expected: str = "", hint: str = "") -> Fault:
    return Fault(what=what, field=field, expected=expected, hint=hint)


def _stop_on(faults: Sequence[Fault], message: str) -> None:
    if faults:
        raise InputError(message, faults)
