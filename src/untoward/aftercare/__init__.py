"""What a person takes home after a session: what was injected, what is usual until when, what to do, when to get help.

Pure functions from a session, a person and the evidence base to a `Sheet` of short texts in the person's language, each
with the records behind it. Printing stands elsewhere.
"""

from __future__ import annotations

from untoward.aftercare.compose import compose
from untoward.aftercare.given import GivenComponent, GivenSession
from untoward.aftercare.sheet import Sheet
from untoward.aftercare.texts import LANGUAGES, Texts, texts_of

__all__ = ["LANGUAGES", "GivenComponent", "GivenSession", "Sheet", "Texts", "compose", "texts_of"]
