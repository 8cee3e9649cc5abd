"""Who may do what: six roles at a clinic, and the actions each may take. The only place where this is decided.

Where a patient is reached (telephone, e-mail) is shown to those who treat them, and on the page of a recall, its letters and
its messages to whoever may recall: a safety officer treats nobody, but must reach everybody who got the lot. On all other
pages the officer sees no contacts, and for each attempt the recall keeps who made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What somebody is at a clinic."""

    INJECTOR = "injector"
    DIRECTOR = "director"
    OFFICER = "officer"
    EPIDEMIOLOGIST = "epidemiologist"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """As people say it, in the language of whoever reads it."""
        words: str = _LABELS[self.value]
        return words


_LABELS = {
    "injector": _("injector"),
    "director": _("medical director"),
    "officer": _("safety officer"),
    "epidemiologist": _("epidemiologist"),
    "inspector": _("inspector"),
    "administrator": _("administrator"),
}


class Action(StrEnum):
    """Something that a page or an API call does."""

    SEE_EVIDENCE = "read the evidence"
    SEE_PATIENTS = "see patients and their sessions"
    RECORD = "record patients, consent, sessions, photos and problems"
    OVERRIDE = "go against a block, with a reason"
    SEE_CASES = "see cases and the worklist"
    ANSWER = "answer patients and note decisions on cases"
    SIGN_OFF = "sign cases off"
    SEE_STOCK = "see products, lots and vials"
    KEEP_STOCK = "take in, open and discard vials"
    RECALL = "recall lots and vials"
    SEE_WATCH = "see rates, signals and clusters"
    INVESTIGATE = "work on signals and clusters"
    SEE_LINE_LIST = "see line lists without identities"
    EXPORT = "export without identities"
    EXPORT_ALL = "export with identities"
    SEE_AUDIT = "read the trail"
    KEEP_PEOPLE = "keep practitioners, credentials and users"
    KEEP_SETTINGS = "change a clinic's settings"


_EVERYBODY = frozenset({Action.SEE_EVIDENCE})
_CARE = _EVERYBODY | {
    Action.SEE_PATIENTS, Action.RECORD, Action.SEE_CASES, Action.ANSWER, Action.SEE_STOCK, Action.KEEP_STOCK, Action.OVERRIDE,
}  # fmt: skip
_SAFETY = {Action.RECALL, Action.SEE_WATCH, Action.INVESTIGATE, Action.SEE_LINE_LIST, Action.EXPORT}

MAY: Mapping[Role, frozenset[Action]] = {
    Role.INJECTOR: _CARE,
    Role.DIRECTOR: _CARE
    | _SAFETY
    | {Action.SIGN_OFF, Action.EXPORT_ALL, Action.SEE_AUDIT, Action.KEEP_PEOPLE, Action.KEEP_SETTINGS},
    Role.OFFICER: _EVERYBODY
    | _SAFETY
    | {
        Action.SEE_PATIENTS,
        Action.SEE_CASES,
        Action.ANSWER,
        Action.SIGN_OFF,
        Action.SEE_STOCK,
        Action.SEE_AUDIT,
    },
    Role.EPIDEMIOLOGIST: _EVERYBODY
    | {Action.SEE_WATCH, Action.INVESTIGATE, Action.SEE_LINE_LIST, Action.EXPORT},
    Role.INSPECTOR: _EVERYBODY
    | {
        Action.SEE_STOCK,
        Action.SEE_WATCH,
        Action.SEE_LINE_LIST,
        Action.SEE_CASES,
        Action.SEE_PATIENTS,
        Action.SEE_AUDIT,
    },
    Role.ADMINISTRATOR: _EVERYBODY | {Action.KEEP_PEOPLE, Action.KEEP_SETTINGS, Action.SEE_AUDIT},
}
"""What each role may do at its clinic."""


def may(role: Role | str | None, action: Action) -> bool:
    """Whether the role allows the action; nobody without a role may do anything."""
    return role is not None and action in MAY[Role(role)]
