"""What all shapes share: texts that a database can keep, times with a zone, uids, pages of a list, and how a refusal looks."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
)

_NUMBER = re.compile(r"\s*[+-]?[\d.]*\s*")
"""What would be read as seconds since 1970."""
_NEVER = re.compile("[\x00\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""NUL, halves of a letter, and what makes the letters after it run the other way."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_A_PAGE, USUAL_A_PAGE, LAST_PLACE = 200, 50, 10_000_000


def _storable(text: str) -> str:
    if _NEVER.search(text):
        raise ValueError("holds a character that is no text")
    return text


def _written(at: object) -> object:
    if isinstance(at, int | float) or (isinstance(at, str) and _NUMBER.fullmatch(at)):
        raise ValueError("must be written out, such as 2026-11-30")
    return at


def _near(at: AwareDatetime) -> AwareDatetime:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return at


def _finite(number: object) -> object:
    return None if isinstance(number, float) and not math.isfinite(number) else number


def _uid_of(thing: object) -> object:
    return getattr(thing, "uid", thing)


def _each(related: Any) -> object:
    return list(related.all()) if hasattr(related, "all") else related


Sheet = Annotated[str, AfterValidator(_storable), Field(max_length=1_000_000)]
Text = Annotated[str, AfterValidator(_storable), Field(max_length=10_000)]
Word = Annotated[str, AfterValidator(_storable), Field(max_length=10)]
Name = Annotated[str, AfterValidator(_storable), Field(max_length=40)]
Key = Annotated[str, AfterValidator(_storable), Field(max_length=200)]
Reason = Annotated[str, AfterValidator(_storable), Field(max_length=400)]
Day = Annotated[date, BeforeValidator(_written)]
Moment = Annotated[AwareDatetime, AfterValidator(_near), BeforeValidator(_written)]
Version = Annotated[PositiveInt, Field(lt=2**31, description="The version that was read.")]
Count = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Number = Annotated[float | None, BeforeValidator(_finite)]
"""A number that was worked out; null where there is none, or none that JSON knows."""
Uid = Annotated[UUID, BeforeValidator(_uid_of)]
"""The uid of a thing, read from the thing itself."""
Who = Annotated[str, BeforeValidator(str)]
"""A user as people call them, or "None" where the program did it."""
Document = dict[str, Any]
"""A document whose parts are described where it is made (an assessment, the profile of a compound)."""

Item = TypeVar("Item")
Related = Annotated[list[Item], BeforeValidator(_each)]
"""Things that belong to one, in the order they are kept."""


class Given(Schema):
    """A document that somebody sends, read strictly: an unknown field or a number that is none is a fault."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Told(BaseModel):
    """A document that a call gives, made of a kept thing or of values. What the asker may not see is not in it."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True, extra="ignore")


class Nothing(Given):
    """An empty document."""


class VersionIn(Given):
    """The version that was read: 409 when somebody changed it since."""

    version: Version


class ReasonIn(VersionIn):
    """The version that was read, and why it is changed."""

    reason: Reason


class Paging(Given):
    """Which part of a list: so many from so far on."""

    limit: Annotated[int, Field(ge=1, le=MOST_A_PAGE)] = USUAL_A_PAGE
    offset: Annotated[int, Field(ge=0, le=LAST_PLACE)] = 0


class Page(Told, Generic[Item]):
    """A part of a list. `total` is the length of the whole; `next` the offset of what follows, null at the end."""

    items: list[Item]
    total: int
    next: int | None


class Fault(Told):
    """One thing wrong: what, in which field, what came and what was expected."""

    what: str
    field: str = ""
    where: str = ""
    file: str = ""
    got: str = ""
    expected: str = ""
    hint: str = ""


class CheckOut(Told):
    """A finding about a session. `key` is what the reason for going against a block is given under."""

    key: str
    kind: str
    statement: str
    subject: str
    sources: Sequence[str]
    facts: dict[str, str]


class Refused(Told):
    """Why a call was refused. On a conflict (409) `theirs` stands now beside `yours`; `blocks` need a reason."""

    message: str
    faults: list[Fault]
    theirs_version: int | None = None
    theirs: Document | None = None
    yours: Document | None = None
    blocks: list[CheckOut] | None = None
