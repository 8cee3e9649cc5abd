"""Signing in: tries are counted, nothing tells who exists, sessions begin and end when they should."""

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session as SignedIn
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.web.security.world import tokens

from untoward.registry.models import User
from untoward.registry.roles import Action, Role
from untoward.registry.writing import write
from untoward.tasks.site import settings_now
from untoward.tasks.site_first_run import TOKEN_FILE, new_token
from untoward.web.listing import SIGN_IN_PAGES

pytestmark = pytest.mark.django_db
RIGHT = "a long enough password"


def sign_in(browser, user, password=RIGHT, **more):
    email = user if isinstance(user, str) else user.email
    return browser.post("/sign-in/login/", {"login": email, "password": password}, **more)


def signed_in(browser):
    return browser.get("/about").status_code == 200


class TestGuessing:
    def test_after_five_wrong_passwords_the_right_one_is_not_taken(self, north):
        user, browser = north.users[Role.DIRECTOR], Client()
        for _ in range(5):
            assert sign_in(browser, user, "wrong").status_code == 200
        refused = sign_in(browser, user)
        assert refused.status_code in {200, 429}
        assert not signed_in(browser)
        assert sign_in(Client(), north.users[Role.OFFICER]).status_code == 302

    def test_another_address_does_not_begin_anew_with_the_same_person(self, north):
        user = north.users[Role.DIRECTOR]
        for number in range(5):
            sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), user, "wrong")
        last = Client(REMOTE_ADDR="198.51.100.99")
        sign_in(last, user)
        assert not signed_in(last)

    def test_one_address_does_not_try_everybody(self, north):
        """Twenty wrong ones in ten minutes, whoever is tried: then the right one of anybody is not taken from there."""
        browser = Client(REMOTE_ADDR="198.51.100.7")
        for number in range(21):
            sign_in(browser, f"somebody{number}@example.org", "wrong")
        sign_in(browser, north.users[Role.DIRECTOR])
        assert not signed_in(browser)

    def test_a_forged_address_does_not_help(self, north):
        user = north.users[Role.DIRECTOR]
        for number in range(21):
            forged = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
            sign_in(Client(), f"somebody{number}@example.org", "wrong", headers=forged)
        browser = Client()
        sign_in(browser, user, headers={"X-Forwarded-For": "203.0.113.200"})
        assert not signed_in(browser)

    def test_tries_are_counted_in_the_database_which_all_processes_share(self, north):
        sign_in(Client(), north.users[Role.DIRECTOR].email, "wrong")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM untoward_cache")
            assert cursor.fetchone()[0] > 0

    def test_nothing_tells_whether_somebody_exists(self, north):
        def shown(answer, email):
            return answer.status_code, answer.content.decode().replace(email, "")

        known, unknown = north.users[Role.DIRECTOR].email, "nobody@north.example"
        pages = [
            shown(sign_in(Client(REMOTE_ADDR=f"192.0.2.{n}"), one, "wrong"), one)
            for n, one in enumerate((known, unknown))
        ]
        assert strip_tokens(pages[0][1]) == strip_tokens(pages[1][1])
        asked = [
            Client(REMOTE_ADDR=f"192.0.2.{9 + n}").post("/sign-in/password/reset/", {"email": one})
            for n, one in enumerate((known, unknown))
        ]
        told = [(one.status_code, one.headers["Location"]) for one in asked]
        assert told[0] == told[1]

    def test_what_a_reset_writes_to_an_unknown_address_holds_no_link_to_set_a_password(self, north):
        Client().post("/sign-in/password/reset/", {"email": "nobody@north.example"})
        assert not [one for one in mail.outbox if "/password/reset/key/" in one.body]

    def test_nobody_registers(self, north):
        before = User.objects.count()
        for path in (
            "/sign-in/signup/",
            "/sign-in/3rdparty/signup/",
            "/sign-in/signup/passkey/",
            "/sign-in/2fa/webauthn/signup/",
        ):
            answer = Client().post(path, {"email": "new@example.org", "password1": RIGHT, "password2": RIGHT})
            assert answer.status_code in {302, 403, 404, 405}, path
        assert User.objects.count() == before
        assert "account_signup" not in SIGN_IN_PAGES


def strip_tokens(page):
    import re

    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)


class TestSessions:
    def test_the_key_changes_when_somebody_signs_in(self, north):
        browser = Client()
        browser.get("/sign-in/login/?next=/worklist")
        session = browser.session
        session["planted"] = "by somebody else"
        session.save()
        browser.cookies["sessionid"] = session.session_key
        sign_in(browser, north.users[Role.DIRECTOR])
        assert browser.cookies["sessionid"].value != session.session_key
        thief = Client()
        thief.cookies["sessionid"] = session.session_key
        assert not signed_in(thief)

    def test_a_made_up_key_is_not_taken(self, north):
        browser = Client()
        browser.cookies["sessionid"] = "a" * 32
        sign_in(browser, north.users[Role.DIRECTOR])
        assert browser.cookies["sessionid"].value != "a" * 32
        assert not SignedIn.objects.filter(session_key="a" * 32).exists()

    def test_signing_out_ends_it_on_the_server(self, north):
        browser, thief = Client(), Client()
        sign_in(browser, north.users[Role.DIRECTOR])
        thief.cookies["sessionid"] = browser.cookies["sessionid"].value
        assert signed_in(thief)
        assert browser.get("/sign-in/logout/").status_code in {200, 302}
        assert signed_in(thief), "a link that somebody else planted must not sign anybody out"
        browser.post("/sign-in/logout/")
        assert not signed_in(thief)

    def test_a_new_password_ends_all_other_sessions(self, north):
        user, browser, other = north.users[Role.DIRECTOR], Client(), Client()
        sign_in(browser, user)
        sign_in(other, user)
        user.refresh_from_db()
        user.set_password("another long enough one")
        user.save()
        assert not signed_in(browser)
        assert not signed_in(other)

    def test_who_may_no_longer_sign_in_is_refused_at_the_next_page_and_call(self, north):
        user = north.users[Role.DIRECTOR]
        browser, key = Client(), tokens.make(user, north.clinic, name="x", scopes=["see_stock"], days=3).key
        sign_in(browser, user)
        assert signed_in(browser)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert not signed_in(browser)
        assert Client().get("/api/v1/stock", headers={"Authorization": f"Bearer {key}"}).status_code == 401
        assert browser.get("/api/v1/stock").status_code == 401
        sign_in(Client(), user)
        assert not signed_in(Client())

    def test_a_role_that_ended_opens_nothing_more(self, north):
        member = north.users[Role.DIRECTOR].memberships.get()
        browser = north.client_of(Role.DIRECTOR)
        assert browser.get("/patients").status_code == 200
        member.ended_at = timezone.now()
        write(member, by=None, reason="left")
        assert browser.get("/patients").status_code == 403
        assert browser.get("/api/v1/stock").status_code == 403

    def test_cookies_go_to_nobody_but_this_site_and_no_script(self, north):
        browser = Client()
        browser.get("/sign-in/login/")
        sign_in(browser, north.users[Role.DIRECTOR])
        for name in ("sessionid", "csrftoken"):
            cookie = browser.cookies[name]
            assert cookie["httponly"], name
            assert cookie["samesite"] == "Lax", name
            assert not cookie["domain"], name
        assert (
            int(browser.cookies["sessionid"]["max-age"] or 0) <= 12 * 3600
        )  # none: until the browser is closed

    def test_under_https_cookies_are_sent_over_nothing_else(self, north, settings):
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
        browser = Client()
        browser.get("/sign-in/login/", secure=True)
        sign_in(browser, north.users[Role.DIRECTOR], secure=True)
        assert all(browser.cookies[name]["secure"] for name in ("sessionid", "csrftoken"))
        assert Client().get("/sign-in/login/").headers["Location"].startswith("https://")


class TestSecondFactor:
    def with_app(self, user):
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        TOTP.activate(user, generate_totp_secret())

    def test_the_password_alone_does_not_do(self, north):
        user, browser = north.users[Role.DIRECTOR], Client()
        self.with_app(user)
        answer = sign_in(browser, user)
        assert answer.headers["Location"] == "/sign-in/2fa/authenticate/"
        assert not signed_in(browser)
        wrong = browser.post("/sign-in/2fa/authenticate/", {"code": "000000"})
        assert wrong.status_code == 200
        assert not signed_in(browser)

    def test_codes_cannot_be_tried_without_end(self, north):
        user, browser = north.users[Role.DIRECTOR], Client()
        self.with_app(user)
        sign_in(browser, user)
        answers = [browser.post("/sign-in/2fa/authenticate/", {"code": f"{n:06}"}) for n in range(8)]
        last = answers[-1].content.decode() + str(answers[-1].status_code)
        assert answers[-1].status_code in {302, 403, 429} or "Too many" in last
        assert not signed_in(browser)

    def test_removing_it_asks_for_the_password_again(self, north):
        user = north.users[Role.DIRECTOR]
        self.with_app(user)
        browser = north.client_of(Role.DIRECTOR)
        answer = browser.post("/sign-in/2fa/totp/deactivate/")
        assert "/sign-in/" in answer.headers["Location"]
        assert user.authenticator_set.exists()


class TestPasswords:
    @pytest.mark.parametrize("password", ["short", "password123", "1234567890", "director@north", ""])
    def test_what_is_easily_guessed_is_refused(self, north, password):
        user = north.users[Role.DIRECTOR]
        browser = Client()
        sign_in(browser, user)
        sent = {"oldpassword": RIGHT, "password1": password, "password2": password}
        assert browser.post("/sign-in/password/change/", sent).status_code == 200
        user.refresh_from_db()
        assert user.check_password(RIGHT)

    def test_they_are_kept_by_a_slow_hash(self):
        from untoward.web import settings as ours

        assert ours.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


class TestFirstRunAndDemonstration:
    def test_a_new_token_ends_the_one_before_and_a_clinic_ends_both(self, db):
        first, second = new_token(settings_now()), new_token(settings_now())
        try:
            assert Client().get("/first-run", {"key": first}).status_code == 404
            assert Client().get("/first-run", {"key": second}).status_code == 200
            User.objects.create_user("first@example.org", RIGHT)
            assert Client().get("/first-run", {"key": second}).status_code == 404
        finally:
            (settings_now().home / TOKEN_FILE).unlink(missing_ok=True)

    def test_a_demonstration_is_no_way_into_a_real_record(self, north, settings):
        """Whoever sets the demonstration upon real people: none of them can be become."""
        assert Client().post("/demo/as", {"role": "director"}).status_code == 404
        settings.UNTOWARD = replace(django_settings.UNTOWARD, demo=True)
        for role in Role:
            assert Client().post("/demo/as", {"role": role.value}).status_code == 404

    def test_a_key_to_the_calls_opens_no_page(self, north):
        user = north.users[Role.DIRECTOR]
        key = tokens.make(
            user, north.clinic, name="x", scopes=[tokens.scope_of(Action.SEE_PATIENTS)], days=3
        ).key
        for path in ("/patients", "/worklist", "/settings"):
            assert Client().get(path, headers={"Authorization": f"Bearer {key}"}).status_code == 302
