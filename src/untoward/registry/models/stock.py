"""Products, lots and vials, and the mixes made of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from untoward.registry.models.base import Kept
from untoward.registry.models.people import Clinic, User


class Product(Kept):
    """Something that is injected, as it is sold. `compounds` are keys of the evidence base with their strength in percent.

    `in_use_hours` is how long a vial may be used once opened; empty when nobody stated it. `single_use` vials serve one session.
    """

    name = models.CharField(max_length=160, unique=True)
    maker = models.CharField(max_length=160, blank=True)
    gtin = models.CharField(max_length=14, blank=True, db_index=True)
    compounds = models.JSONField(default=list, help_text='[{"compound": key, "percent": number or null}]')
    in_use_hours = models.FloatField(null=True, blank=True)
    single_use = models.BooleanField(default=False)
    diluent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Lot(Kept):
    """One lot of a product. `recalled_at` bars it from use everywhere."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(max_length=40)
    expires = models.DateField(null=True, blank=True)
    supplier = models.CharField(max_length=160, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "number"], name="one_lot_number")]

    def __str__(self) -> str:
        return f"{self.product.name} {self.number}"


class Vial(Kept):
    """One vial at a clinic: opened once, by somebody, at a time. `recalled_at` bars this vial alone."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="vials")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="vials")
    label = models.CharField(max_length=40)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    discarded_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "label"], name="one_vial_label")]
        indexes: ClassVar = [
            models.Index(
                fields=["clinic", "opened_at"], condition=models.Q(discarded_at=None), name="vials_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Recipe(Kept):
    """A mix as a clinic prepares it."""

    parts = ("ingredients",)

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="recipes")
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "name"], name="one_recipe_name")]

    def __str__(self) -> str:
        return self.name


class Ingredient(models.Model):
    """One product of a recipe with its amount."""

    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="ingredients")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    volume_ml = models.FloatField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
