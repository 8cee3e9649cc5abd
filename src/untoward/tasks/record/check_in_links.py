"""Links that only a patient has: long, random and signed, so that a guess is refused before the record is asked."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _

from untoward.errors import UserError

RANDOM_LETTERS, SIGNED_LETTERS = 32, 16
"""24 random bytes and 12 bytes of their signature, in letters that need no escaping in an address."""


class LinkGoneError(UserError):
    """A link that is wrong, too old or closed. Which of these is never said."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            _("This link does not work. It may be old, or it was closed. Ask the clinic for a new one.")
        )


def new_token() -> str:
    """A fresh token, known to nobody yet."""
    chosen = secrets.token_urlsafe(24)
    return chosen + _signature(chosen)


def hash_of(token: str) -> str:
    """What the record keeps of a token. Raises LinkGoneError for one that this site has not made."""
    chosen, signature = token[:RANDOM_LETTERS], token[RANDOM_LETTERS:]
    if not hmac.compare_digest(signature.encode(), _signature(chosen).encode()):
        raise LinkGoneError
    return sha256(token.encode()).hexdigest()


def _signature(chosen: str) -> str:
    key = f"check-in link {settings.SECRET_KEY}".encode()
    digest = hmac.new(key, chosen.encode(), sha256).digest()
    return urlsafe_b64encode(digest[:12]).decode()[:SIGNED_LETTERS]
