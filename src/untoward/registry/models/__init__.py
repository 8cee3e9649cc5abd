"""The tables of the record."""

from untoward.registry.models.base import Kept, PastTheTrailError
from untoward.registry.models.care import Component, Consent, ConsentText, Photo, Point, Session
from untoward.registry.models.follow_up import (
    CheckIn,
    Contact,
    Decision,
    Investigation,
    Note,
    Observation,
    OwnPage,
    Reaction,
    Recall,
    Step,
    Task,
)
from untoward.registry.models.people import (
    ApiToken,
    ApiTokenUse,
    Clinic,
    Credential,
    Membership,
    Patient,
    Practitioner,
    User,
)
from untoward.registry.models.stock import Ingredient, Lot, Product, Recipe, Vial
from untoward.registry.models.trail import Entry, Head

__all__ = [
    "ApiToken",
    "ApiTokenUse",
    "CheckIn",
    "Clinic",
    "Component",
    "Consent",
    "ConsentText",
    "Contact",
    "Credential",
    "Decision",
    "Entry",
    "Head",
    "Ingredient",
    "Investigation",
    "Kept",
    "Lot",
    "Membership",
    "Note",
    "Observation",
    "OwnPage",
    "PastTheTrailError",
    "Patient",
    "Photo",
    "Point",
    "Practitioner",
    "Product",
    "Reaction",
    "Recall",
    "Recipe",
    "Session",
    "Step",
    "Task",
    "User",
    "Vial",
]
