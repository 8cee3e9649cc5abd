"""The pages as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, forms and the API."""

    name = "untoward.web"
    label = "web"
