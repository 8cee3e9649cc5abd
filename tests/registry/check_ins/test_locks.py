"""While everybody who writes has to wait, no mail server is waited for."""

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from untoward.errors import OutsideError
from untoward.registry.models import CheckIn
from untoward.tasks.record import check_ins, messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def check_in(make_session):
    return check_ins.schedule(make_session())[0]


def test_the_line_to_the_mail_server_is_open_before_anything_is_locked(check_in, monkeypatch, mailoutbox):
    depth, opened_at = len(connection.atomic_blocks), []

    class Slow(EmailBackend):
        def open(self):
            opened_at.append(len(connection.atomic_blocks))
            return True

    monkeypatch.setattr(messages, "get_connection", Slow)
    assert check_ins.send(check_in) == "e-mail"
    assert opened_at == [depth]
    assert len(mailoutbox) == 1
    assert CheckIn.objects.get(pk=check_in.pk).sent_at is not None


def test_a_server_that_does_not_answer_leaves_everything_as_it_was(check_in, monkeypatch):
    class Away(EmailBackend):
        def open(self):
            raise TimeoutError

    monkeypatch.setattr(messages, "get_connection", Away)
    with pytest.raises(OutsideError):
        check_ins.send(check_in)
    kept = CheckIn.objects.get(pk=check_in.pk)
    assert (kept.sent_at, kept.link_hash, kept.version) == (None, None, 1)
