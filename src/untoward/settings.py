"""How this installation runs: read once from the environment, frozen, handed down.

Every variable begins with ``UNTOWARD_``. Nothing has to be set: without any, the record is an SQLite file in the home
folder and the site listens on loopback alone. `untoward check --deploy` says what must be set before others may use it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from urllib.parse import unquote, urlsplit

from untoward.errors import Fault, InputError

PREFIX = "UNTOWARD_"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PUBLIC_URL, MAIL_FROM, TIME_ZONE = "http://127.0.0.1:8000", "untoward@localhost", "UTC"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation.

    `home` holds the database (unless `database_url` names another), the secret key, photos and the outbox. `public_url` is the
    address patients reach; links and QR codes are made with it. `demo` allows the role switcher and nothing real.
    """

    home: Path
    database_url: str = ""
    public_url: str = PUBLIC_URL
    hosts: tuple[str, ...] = HOSTS
    demo: bool = False
    proxy: bool = False
    mail_url: str = ""
    mail_from: str = MAIL_FROM
    openid: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = TIME_ZONE

    @property
    def https(self) -> bool:
        """Whether the public address is encrypted: cookies are then sent over nothing else."""
        return self.public_url.startswith("https://")

    @property
    def photos(self) -> Path:
        """Folder of the re-encoded photos."""
        return self.home / "photos"

    @property
    def database_file(self) -> Path:
        """The record, where `database_url` names no other."""
        return self.home / "record.sqlite3"

    def make_ready(self) -> None:
        """In a home nothing has run in yet, make the empty file of the database; in any other a lost one is not replaced."""
        if not self.database_url and not self._secret.exists():
            self.make_database_file()

    def make_database_file(self) -> None:
        """An empty database where there is none, for its owner alone."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.database_url and not self.database_file.exists():
            self.database_file.touch(mode=0o600)

    @property
    def _secret(self) -> Path:
        return self.home / "secret.key"

    def secret_key(self) -> str:
        """The key that signs sessions and links: 50 random bytes, made on first use, readable by its owner alone."""
        return kept_secret(self._secret)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment. Raises InputError with every variable that cannot be used."""
    given = os.environ if environment is None else environment
    values = {
        name.removeprefix(PREFIX).lower(): text for name, text in given.items() if name.startswith(PREFIX)
    }
    faults: list[Fault] = []
    home = Path(values.get("home") or Path.home() / ".local" / "share" / "untoward").expanduser()
    settings = Settings(
        home=home,
        database_url=_database(values.get("database_url", ""), faults),
        public_url=_address(values.get("public_url", PUBLIC_URL), faults),
        hosts=_hosts(values.get("hosts", ""), values.get("public_url", "")),
        demo=_yes_or_no("demo", values, faults),
        proxy=_yes_or_no("proxy", values, faults),
        mail_url=values.get("mail_url", ""),
        mail_from=values.get("mail_from", MAIL_FROM),
        openid=_openid(values, faults),
        time_zone=values.get("time_zone", TIME_ZONE),
    )
    if faults:
        raise InputError("The settings in the environment cannot be used.", faults)
    return settings


def kept_secret(path: Path) -> str:
    """The secret in a file, made on first use. Two processes that begin at once end up with the same one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _once_written(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def _once_written(path: Path) -> str:
    """What is in the file; another process may have made it this very moment and be about to write."""
    for _ in range(100):
        if said := path.read_text(encoding="ascii").strip():
            return said
        sleep(0.05)
    raise InputError(
        "The secret key cannot be used.",
        [
            Fault(
                what="is empty",
                file=str(path),
                expected="a secret",
                hint="Remove the file: a new one is made.",
            )
        ],
    )


def database_parts(url: str) -> dict[str, str]:
    """Name, user, password, host and port of a ``postgresql://`` address; a socket folder may be given as ``?host=``."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }


def mail_parts(url: str) -> tuple[str, int, str, str, bool]:
    """Host, port, user, password and whether to encrypt, of ``smtp://`` or ``smtps://user:password@host:port`` (587 for none)."""
    parts = urlsplit(url)
    return (
        parts.hostname or "localhost",
        parts.port or 587,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.scheme != "smtp",
    )


def _database(url: str, faults: list[Fault]) -> str:
    if url and urlsplit(url).scheme not in {"postgresql", "postgres"}:
        faults.append(
            _fault("database_url", urlsplit(url).scheme, "postgresql://user:password@host/name, or nothing")
        )
    return url


def _address(url: str, faults: list[Fault]) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        faults.append(_fault("public_url", url, "http://… or https://…"))
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        faults.append(_fault("public_url", url, "https:// for any address that is not this machine"))
    return url.rstrip("/")


def _hosts(text: str, public_url: str) -> tuple[str, ...]:
    named = [host.strip() for host in text.split(",") if host.strip()]
    reached = urlsplit(public_url).hostname
    return tuple(dict.fromkeys([*HOSTS, *named, *([reached] if reached else [])]))


def _yes_or_no(name: str, values: Mapping[str, str], faults: list[Fault]) -> bool:
    text = values.get(name, "").strip().lower()
    if text not in _YES | _NO:
        faults.append(_fault(name, text, "yes or no"))
    return text in _YES


def _openid(values: Mapping[str, str], faults: list[Fault]) -> dict[str, str]:
    """Name, address, client id and secret of an OpenID Connect provider: all of them or none."""
    wanted = ("openid_name", "openid_url", "openid_client_id", "openid_secret")
    given = {name.removeprefix("openid_"): values[name] for name in wanted if values.get(name)}
    if given and len(given) < len(wanted):
        missing = ", ".join(PREFIX + name.upper() for name in wanted if not values.get(name))
        faults.append(_fault("openid_url", "only a part of it", f"also {missing}"))
    return given


def _fault(name: str, got: str, expected: str) -> Fault:
    return Fault(
        what="cannot be used",
        file="environment",
        field=PREFIX + name.upper(),
        got=repr(got),
        expected=expected,
    )
