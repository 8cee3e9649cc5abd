"""Links of patients: they cannot be guessed, end when they should, and are told to nobody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.security.test_pages import counts

from untoward.registry.models import CheckIn, Entry, OwnPage
from untoward.registry.roles import Role
from untoward.registry.writing import write
from untoward.tasks.record import check_in_links, check_ins, passports

pytestmark = pytest.mark.django_db

PATIENT_PAGES = ("/c/{check}", "/p/{own}", "/p/{own}/pdf", "/p/{own}/problem")
NO_MORE = re.compile(r'<input type="radio"|<button|told|session as told|mesotherapy')


def paths(world):
    return [one.format(check=world.check_in_link, own=world.own_link) for one in PATIENT_PAGES]


class TestGuessing:
    def test_a_link_holds_more_than_can_be_tried(self, here):
        drawn = {check_in_links.new_token() for _ in range(200)} | {here.check_in_link}
        assert len(drawn) == 201
        assert {len(one) for one in drawn} == {48}
        assert len(here.own_link) >= 43
        assert len(set("".join(drawn))) == 64, "every letter of the alphabet is drawn"

    def test_only_the_hash_is_kept(self, here):
        from django.core import serializers

        kept = serializers.serialize("json", [*CheckIn.objects.all(), *OwnPage.objects.all()])
        kept += "".join(str(one.state) for one in Entry.objects.all())
        assert here.own_link not in kept
        assert here.check_in_link not in kept

    @pytest.mark.usefixtures("unhurried")
    def test_every_link_one_letter_away_is_no_link(self, here):
        for path, token in (("/c/", here.check_in_link), ("/p/", here.own_link)):
            assert Client().get(path + token).status_code == 200
            for place in range(0, len(token), 5):
                other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
                assert Client().get(path + other).status_code == 404
            for other in (
                token[:-1],
                token + "A",
                token.swapcase(),
                "",
                "%00",
                token + "%00",
                "%ff" * 9,
                "x" * 5000,
            ):
                assert Client().get(path + other).status_code == 404, other

    @pytest.mark.usefixtures("unhurried")
    def test_a_hash_or_a_uid_opens_nothing(self, here):
        for other in (
            here.own_page.link_hash,
            here.check_in.link_hash,
            here.own_page.uid,
            here.check_in.uid,
            here.session.uid,
        ):
            assert Client().get(f"/p/{other}").status_code == 404
            assert Client().get(f"/c/{other}").status_code == 404

    @pytest.mark.usefixtures("unhurried")
    def test_a_link_of_one_kind_opens_nothing_of_the_other(self, here):
        assert Client().get(f"/c/{here.own_link}").status_code == 404
        assert Client().get(f"/p/{here.check_in_link}").status_code == 404

    def test_a_link_of_another_installation_is_refused_before_the_record_is_asked(
        self, here, settings, django_assert_num_queries
    ):
        forged = check_in_links.new_token()
        settings.SECRET_KEY = "another " * 9
        with django_assert_num_queries(0), pytest.raises(check_in_links.LinkGoneError):
            check_in_links.hash_of(forged)


class TestHowOften:
    def statuses(self, path, times):
        browser = Client(REMOTE_ADDR=f"198.51.100.{abs(hash(path)) % 250}")
        return [browser.get(path).status_code for _ in range(times)]

    @pytest.fixture(autouse=True)
    def one_minute(self, monkeypatch):
        """All within a minute of its own, with counts that begin at none."""
        from untoward.web import limits

        counted = {}

        def count(path):
            counted[path.name] = counted.get(path.name, 0) + 1
            return counted[path.name]

        monkeypatch.setattr(limits, "_count", count)

    def test_ten_wrong_check_in_links_a_minute_and_no_more(self):
        assert self.statuses(f"/c/{'x' * 48}", 14) == [404] * 10 + [429] * 4

    def test_sixty_pages_a_minute_even_with_the_right_link(self, here):
        assert self.statuses(f"/c/{here.check_in_link}", 63) == [200] * 60 + [429] * 3

    def test_own_pages_are_as_slow_to_guess(self):
        found = self.statuses(f"/p/{'x' * 43}", 65)
        assert found.count(404) <= 60
        assert found[-1] == 429

    def test_twelve_pdfs_a_minute(self, here, monkeypatch):
        monkeypatch.setattr("untoward.tasks.aftercare.TakeHome.passport", lambda *_a, **_k: b"%PDF")
        assert self.statuses(f"/p/{here.own_link}/pdf", 14) == [200] * 12 + [429] * 2


@pytest.mark.usefixtures("unhurried")
class TestEnding:
    def test_after_its_last_day_it_opens_nothing(self, here):
        for thing, name in ((here.check_in, "link_expires"), (here.own_page, "expires_at")):
            thing.refresh_from_db()
            setattr(thing, name, timezone.now() - timedelta(seconds=1))
            write(thing, by=None, reason="time passed")
        for path in paths(here):
            assert Client().get(path).status_code == 404
            assert Client().post(path, {"how": "fine", "step": "how"}).status_code in {404, 405}

    def test_once_closed_it_opens_nothing_and_takes_nothing(self, here):
        here.check_in.refresh_from_db()
        check_ins.revoke(here.check_in, by=here.users[Role.DIRECTOR], reason="closed")
        passports.revoke(
            here.own_page, by=here.users[Role.DIRECTOR], reason="closed", version=here.own_page.version
        )
        before = counts()
        for path in paths(here):
            for end in ("", "/more", "/asked", "/stop"):
                assert Client().get(path + end).status_code in {404, 405}
                assert Client().post(
                    path + end, {"how": "fine", "words": "x", "step": "how"}
                ).status_code in {404, 405}
        assert counts() == before

    def test_a_new_link_ends_the_one_before(self, here):
        here.check_in.refresh_from_db()
        newer = check_ins.new_link(here.check_in).rpartition("/")[2]
        assert Client().get(f"/c/{here.check_in_link}").status_code == 404
        assert Client().get(f"/c/{newer}").status_code == 200

    def test_what_was_answered_cannot_be_answered_anew_by_whoever_finds_the_link(self, here):
        said = {"how": "something", "what": "lump", "which_asked": "1", "since": "days", "bad": "mild", "course": "same",
                "words": "first", "step": "course"}  # fmt: skip
        Client().post(f"/c/{here.check_in_link}", said)
        kept = CheckIn.objects.get(pk=here.check_in.pk)
        assert kept.answered_at is not None
        again = Client().post(f"/c/{here.check_in_link}", {**said, "words": "second", "bad": "severe"})
        assert again.status_code == 302
        after = CheckIn.objects.get(pk=here.check_in.pk)
        assert (after.answers, after.answered_at, after.version) == (
            kept.answers,
            kept.answered_at,
            kept.version,
        )

    def test_every_link_that_does_not_work_looks_the_same(self, here):
        wrong = Client().get(f"/c/{'x' * 48}").content
        here.check_in.refresh_from_db()
        check_ins.revoke(here.check_in, by=None, reason="closed")
        assert Client().get(f"/c/{here.check_in_link}").content == wrong


@pytest.mark.usefixtures("unhurried")
class TestToldToNobody:
    def test_no_page_behind_a_link_is_kept_found_or_named_to_another_site(self, here):
        """Pages with a form say "same-origin": with "no-referrer" browsers send no origin either, and the form is refused."""
        for path in [*paths(here), f"/c/{'x' * 48}", f"/p/{'x' * 43}"]:
            answer = Client().get(path)
            form = "html" in answer.headers["Content-Type"] and "<form" in answer.content.decode()
            assert answer.headers["Cache-Control"] == "no-store", path
            assert answer.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}, path
            assert not (form and answer.headers["Referrer-Policy"] == "no-referrer"), path
            shown = answer.headers.get("X-Robots-Tag", "") + answer.content[:3000].decode("latin1")
            assert "noindex" in shown, path

    def test_no_page_behind_a_link_loads_anything_from_elsewhere_or_names_the_patient(self, here):
        for path in (f"/c/{here.check_in_link}", f"/p/{here.own_link}", f"/p/{here.own_link}/problem"):
            page = Client().get(path).content.decode()
            assert not re.search(r'(?:src|href|action)="https?:', page), path
            for secret in (here.patient.name, here.patient.key, here.patient.contact, str(here.patient.uid)):
                assert secret not in page, path

    def test_a_link_signs_nobody_in(self, here):
        browser = Client()
        for path in paths(here):
            browser.get(path)
        assert "sessionid" not in browser.cookies
        assert browser.get(f"/patients/{here.patient.uid}").status_code == 302
