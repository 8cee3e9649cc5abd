"""The record as a Django app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Clinics, people, stock, sessions, reactions and their history."""

    name = "untoward.registry"
    label = "registry"
    verbose_name = "Record"
    default_auto_field = "django.db.models.BigAutoField"
