"""All addresses, made from the listing. Importing a module of views lists its pages."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.urls import include, path

from untoward.web import views
from untoward.web.api import api
from untoward.web.listing import PAGES

for module in iter_modules(views.__path__):
    import_module(f"untoward.web.views.{module.name}")

urlpatterns = [
    path("api/v1/", api.urls),
    path("sign-in/", include("allauth.urls")),
    *(path(page.path, page.view, name=page.name) for page in PAGES.values()),
]
handler404 = "untoward.web.views.errors.not_found"
handler500 = "untoward.web.views.errors.broken"
