"""Messages to patients and staff. They never hold anything of anybody's health: who asks, and a link.

Where the contact is an e-mail address the message is sent as mail. Anything else is a telephone: the message is left as a
file in the outbox of the home folder, ``text-….json`` with ``to``, ``text`` and ``at``, for a gateway to send and remove.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.mail import get_connection, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from untoward.tasks.site import settings_now

OUTBOX = "outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: to whom, a subject (mail has one), and the text."""

    to: str
    subject: str
    text: str


@contextmanager
def line_to(contact: str) -> Iterator[BaseEmailBackend | None]:
    """The mail server's line, open; None for a telephone. Raises OSError when the server does not answer.

    To be opened before anything is locked: a server that is away then holds nobody up.
    """
    if not is_mail(contact):
        yield None
        return
    line = get_connection()
    line.open()
    try:
        yield line
    finally:
        line.close()


def send(message: Message, now: datetime, line: BaseEmailBackend | None = None) -> str:
    """Send a message, by a line that is open where one is given, or leave it in the outbox; gives "e-mail" or "text message".

    Raises OSError when the mail server or the disk refuses; nothing has been sent then.
    """
    if is_mail(message.to):
        by = {} if line is None else {"connection": line}
        send_mail(" ".join(message.subject.split()), message.text, None, [message.to.strip()], **by)
        return "e-mail"
    _leave(message, now)
    return "text message"


def is_mail(contact: str) -> bool:
    """Whether a contact is an e-mail address."""
    try:
        validate_email(contact.strip())
    except ValidationError:
        return False
    return True


def _leave(message: Message, now: datetime) -> None:
    """Write the file under a name a gateway does not read yet, then give it its own: it is there whole or not at all."""
    folder = settings_now().home / OUTBOX
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"text-{uuid.uuid4()}.json"
    unfinished = path.with_suffix(".new")
    content = {"to": message.to.strip(), "text": message.text, "at": now.isoformat(timespec="seconds")}
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
    unfinished.replace(path)
