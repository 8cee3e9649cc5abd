"""Every page and call there is, with what it takes to reach it. What is not listed here cannot be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from untoward.registry.roles import Action

View = Callable[..., HttpResponseBase]

SIGN_IN_PAGES = frozenset(
    {
        "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
        "account_set_password", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done",
        "mfa_index", "mfa_authenticate", "mfa_trust", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
        "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn", "mfa_signup_webauthn",
        "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_login_error",
    }
)  # fmt: skip
"""Pages of the sign-in library that may be reached; it guards them itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One address.

    `action` is what one must be allowed to do at the clinic. `public` pages guard themselves by a link, or show nothing of
    anybody.
    """

    name: str
    path: str
    view: View
    action: Action | None = None
    public: bool = False


PAGES: dict[str, Page] = {}


def page(path: str, name: str, action: Action) -> Callable[[View], View]:
    """List a view for those who may do the action at the clinic they work at."""
    return _listed(path, name, action=action)


def own_page(path: str, name: str) -> Callable[[View], View]:
    """List a view for everybody who is signed in, whatever their role."""
    return _listed(path, name)


def public_page(path: str, name: str) -> Callable[[View], View]:
    """List a view for everybody; it must show nothing of a person without a link that only that person has."""
    return _listed(path, name, public=True)


def _listed(path: str, name: str, **access: Any) -> Callable[[View], View]:
    def keep(view: View) -> View:
        if name in PAGES and PAGES[name].view is not view:
            raise ValueError(f"two pages are called {name}")
        PAGES[name] = Page(name=name, path=path, view=view, **access)
        return view

    return keep


class Request(HttpRequest):
    """A request with who asks and at which clinic, as the middleware finds them (for annotations)."""

    user: Any
    membership: Any
    clinic: Any
    htmx: Any
