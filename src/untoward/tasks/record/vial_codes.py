"""The code on the label of a vial: letters and digits alone, so that scanners type it the same on most keyboards.

It names one vial of one clinic, whatever the vials of other clinics are called:

vial_code(vial)          # "VIAL0B6E0D0C9F3C4B7E8A52C1D4E5F60718"
"""

from __future__ import annotations

import re
from uuid import UUID

from untoward.registry.models import Vial

_CODE = re.compile(r"(?:VIAL)?([0-9A-F]{32})")


def vial_code(vial: Vial) -> str:
    """What the label of a vial carries."""
    return f"VIAL{vial.uid.hex.upper()}"


def vial_uid(text: str) -> UUID | None:
    """The vial that a scanned or typed code names, by its uid, with "VIAL" and hyphens or without; None for anything else."""
    found = _CODE.fullmatch(text.strip().upper().replace("-", ""))
    return None if found is None else UUID(found[1])
