"""How an installation stands: each unsafe setting is told, and files are for their owner alone."""

import stat
from dataclasses import replace

import pytest

from untoward.errors import InputError, UsageError
from untoward.settings import Settings, kept_secret, read_settings
from untoward.tasks.site_backup import back_up
from untoward.tasks.site_doctor import State, deployment
from untoward.tasks.site_serving import Place, may_listen

SAFE = {
    "public_url": "https://clinic.example",
    "mail_url": "smtps://u:p@mail.example",
    "mail_from": "us@clinic.example",
}


@pytest.fixture
def safe(tmp_path):
    home = tmp_path / "home"
    kept_secret(home / "secret.key")
    return Settings(home=home, **SAFE)


def wrong(settings):
    return {check.name: check.state for check in deployment(settings) if check.state is not State.OK}


@pytest.mark.django_db
class TestDeploy:
    def test_nothing_is_said_of_a_safe_one(self, safe):
        assert wrong(safe) == {}

    @pytest.mark.parametrize(
        ("change", "name", "state"),
        [
            ({"public_url": "http://127.0.0.1:8000"}, "public address", State.FAULT),
            ({"demo": True}, "demonstration", State.FAULT),
            ({"mail_url": ""}, "mail", State.WARNING),
            ({"mail_from": "untoward@localhost"}, "mail", State.WARNING),
        ],
    )
    def test_each_unsafe_setting_is_told(self, safe, change, name, state):
        assert wrong(replace(safe, **change)) == {name: state}

    @pytest.mark.parametrize(
        ("mode", "state"), [(0o755, State.FAULT), (0o701, State.FAULT), (0o750, State.WARNING)]
    )
    def test_a_home_that_others_may_enter(self, safe, mode, state):
        safe.home.chmod(mode)
        assert wrong(safe) == {"home folder": state}

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
    def test_a_key_that_others_may_read(self, safe, mode):
        (safe.home / "secret.key").chmod(mode)
        assert wrong(safe) == {"secret key": State.FAULT}

    def test_a_key_that_is_short_or_missing(self, safe):
        (safe.home / "secret.key").write_text("short")
        assert wrong(safe) == {"secret key": State.FAULT}
        (safe.home / "secret.key").unlink()
        assert wrong(safe) == {"secret key": State.FAULT}

    def test_directors_without_a_second_factor(self, safe, north):
        assert wrong(safe) == {"second factors": State.WARNING}

    def test_it_is_served_to_others_only_when_fit_for_it(self, safe):
        may_listen(Place(host="0.0.0.0"), safe, know=False)  # noqa: S104 - nothing is bound
        for change in ({"demo": True}, {"public_url": "http://127.0.0.1:8000"}):
            with pytest.raises(UsageError):
                may_listen(Place(host="0.0.0.0"), replace(safe, **change), know=False)  # noqa: S104
            may_listen(Place(host="127.0.0.1"), replace(safe, **change), know=False)

    def test_a_backup_is_for_its_owner_alone(self, tmp_path):
        home = tmp_path / "home"
        home.mkdir(mode=0o700)
        done = back_up(Settings(home=home), tmp_path / "b.zip")
        assert stat.S_IMODE(done.path.stat().st_mode) == 0o600


class TestFilesAndSettings:
    def test_key_and_home_are_for_their_owner_alone(self, tmp_path):
        home = tmp_path / "new" / "home"
        first = Settings(home=home).secret_key()
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
        assert len(first) >= 60
        assert Settings(home=home).secret_key() == first
        assert Settings(home=tmp_path / "other").secret_key() != first

    @pytest.mark.parametrize(
        "address",
        ["http://clinic.example", "clinic.example", "ftp://x.example", "https://"],
    )
    def test_an_address_that_is_not_encrypted_is_refused(self, tmp_path, address):
        with pytest.raises(InputError):
            read_settings({"UNTOWARD_HOME": str(tmp_path), "UNTOWARD_PUBLIC_URL": address})

    def test_without_any_setting_the_site_is_closed_to_others(self):
        settings = read_settings({})
        assert set(settings.hosts) == {"127.0.0.1", "localhost", "[::1]"}
        assert (settings.demo, settings.proxy) == (False, False)
        assert Place().loopback

    def test_no_setting_opens_all_hosts_or_shows_faults_in_full(self):
        from django.conf import settings

        assert "*" not in settings.ALLOWED_HOSTS
        assert settings.DEBUG is False
        assert settings.SECURE_PROXY_SSL_HEADER is None
        assert settings.SESSION_COOKIE_HTTPONLY
        assert settings.CSRF_COOKIE_HTTPONLY

    def test_under_https_all_is_told_to_stay_there(self, tmp_path):
        import json
        import subprocess
        import sys

        script = (
            "import json; from untoward.web import settings as s; print(json.dumps([s.SESSION_COOKIE_SECURE, "
            "s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN]))"
        )
        said = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True,
            env={"UNTOWARD_HOME": str(tmp_path / "h"), "UNTOWARD_PUBLIC_URL": "https://clinic.example", "PATH": "/usr/bin"},
        ).stdout  # fmt: skip
        assert json.loads(said) == [True, True, True, 31_536_000, False]
