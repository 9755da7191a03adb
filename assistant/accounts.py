"""Who may use a shared server: `users.json`, which holds hashes, never a password or a token."""

import hashlib
import json
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

Role: TypeAlias = Literal["reader", "editor"]

PASSWORD_LEAST = 8
# A colon parts name and password in HTTP Basic.
_NAME = re.compile(r"[^\s:\x00-\x1f\x7f](?:[^:\x00-\x1f\x7f]{0,62}[^\s:\x00-\x1f\x7f])?")


class AccountError(Exception):
    """What can be mended about the users file; its text is Chinese and one line."""


@dataclass(frozen=True, slots=True)
class User:
    """Readers ask; editors also take in, correct and delete documents, and approve answers."""

    name: str
    role: Role

    @property
    def is_editor(self) -> bool:
        """Tell whether the user may change what others read."""
        return self.role == "editor"


# Without a login the page is bound to this machine, and whoever is at it owns the data.
LOCAL_USER = User("本机", "editor")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the file; without a password one comes by a token or the reverse proxy only."""

    name: str
    role: Role
    password_hash: str | None = None
    token_hash: str | None = None

    @property
    def user(self) -> User:
        """Return what the rest of the program knows of them."""
        return User(self.name, self.role)

    @property
    def stamp(self) -> str:
        """Return what a session is bound to: another password ends it."""
        return _digest(self.password_hash or "")[:16]


_ACCOUNTS = TypeAdapter(list[Account])
_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Return what is verified for unknown names, which then take as long as known ones."""
    return _hasher.hash("nobody")


class Accounts:
    """The users file, read again whenever it changes. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Name the file, which need not be there."""
        self._path = path
        self._reading = threading.Lock()
        self._read: tuple[tuple[int, int], dict[str, Account]] | None = None

    def all(self) -> list[Account]:
        """Return all accounts by name.

        Raises:
            AccountError: if the file cannot be read.
        """
        return list(self._accounts().values())

    def find(self, name: str) -> Account | None:
        """Return the account of this name, if any."""
        return self._accounts().get(name)

    def check_password(self, name: str, password: str) -> Account | None:
        """Return the account if this is its password; takes some 50 ms whoever is named."""
        account = self.find(name)
        expected = account.password_hash if account else None
        try:
            _hasher.verify(expected or _nobody(), password)
        except VerifyMismatchError:
            return None
        return account if expected else None

    def check_token(self, token: str) -> Account | None:
        """Return the account that the token belongs to, if any."""
        wanted = _digest(token)
        found = [one for one in self.all() if secrets.compare_digest(one.token_hash or "", wanted)]
        return found[0] if found else None

    def add(self, name: str, role: Role, password: str | None) -> None:
        """Add a user.

        Raises:
            AccountError: if the name is taken or unfit, or the password too short.
        """
        if not _NAME.fullmatch(name):
            raise AccountError("用户名应为 1 至 64 个字，不含冒号，首尾不空格")
        with self._changing() as accounts:
            if name in accounts:
                raise AccountError(
                    f"已有用户“{name}”；改角色用 users role，改密码用 users password"
                )
            accounts[name] = Account(name, role, None if password is None else _hash(password))

    def remove(self, name: str) -> None:
        """Remove a user, whose sessions and token end at once.

        Raises:
            AccountError: if there is none of this name.
        """
        with self._changing() as accounts:
            _known(name, accounts)
            del accounts[name]

    def set_role(self, name: str, role: Role) -> None:
        """Make the user a reader or an editor.

        Raises:
            AccountError: if there is none of this name.
        """
        with self._changing() as accounts:
            accounts[name] = replace(_known(name, accounts), role=role)

    def set_password(self, name: str, password: str) -> None:
        """Give the user another password; sessions that began with the old one end.

        Raises:
            AccountError: if there is none of this name, or the password is too short.
        """
        with self._changing() as accounts:
            accounts[name] = replace(_known(name, accounts), password_hash=_hash(password))

    def issue_token(self, name: str) -> str:
        """Return a new token for programs, in place of an earlier one; only its hash is kept.

        Raises:
            AccountError: if there is none of this name.
        """
        token = f"plan-{secrets.token_urlsafe(32)}"
        with self._changing() as accounts:
            accounts[name] = replace(_known(name, accounts), token_hash=_digest(token))
        return token

    def _accounts(self) -> dict[str, Account]:
        with self._reading:
            try:
                state = self._path.stat()
            except FileNotFoundError:
                return {}
            version = (state.st_mtime_ns, state.st_ino)
            if self._read is None or self._read[0] != version:
                self._read = (version, self._load())
            return self._read[1]

    def _load(self) -> dict[str, Account]:
        try:
            accounts = _ACCOUNTS.validate_json(self._path.read_bytes())
        except ValidationError as error:
            # Never open to all because the list of those who may come in is broken.
            raise AccountError(f"用户文件 {self._path} 已损坏，请修复或删除后重新添加") from error
        return {account.name: account for account in accounts}

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Account]]:
        """Let one at a time change the accounts, and put the new file in the old one's place."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock")):
            accounts = dict(self._accounts())
            yield accounts
            _write(self._path, sorted(accounts.values(), key=lambda one: one.name))


def _write(path: Path, accounts: Iterable[Account]) -> None:
    fresh = path.with_suffix(".new")
    text = json.dumps([asdict(one) for one in accounts], ensure_ascii=False, indent=2)
    # For the owner only, from its first byte.
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _known(name: str, accounts: dict[str, Account]) -> Account:
    if name not in accounts:
        raise AccountError(f"没有用户“{name}”；用 plan-assistant users list 查看")
    return accounts[name]


def _hash(password: str) -> str:
    if len(password) < PASSWORD_LEAST:
        raise AccountError(f"密码至少 {PASSWORD_LEAST} 个字符")
    return _hasher.hash(password)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
