"""The users file, and the commands that change it."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.accounts import AccountError, Accounts
from assistant.cli import app

PASSWORD = "correct horse 9"


def users(folder: Path, *arguments: str, typed: str = "") -> str:
    result = CliRunner().invoke(app, ["users", *arguments, "--data-dir", str(folder)], input=typed)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_file_holds_neither_passwords_nor_tokens_and_is_the_owners(tmp_path: Path) -> None:
    users(tmp_path, "add", "甲", "--role", "editor", typed=f"{PASSWORD}\n{PASSWORD}\n")
    token = users(tmp_path, "token", "甲").strip()
    path = tmp_path / "users.json"
    kept = path.read_text()
    assert PASSWORD not in kept and token not in kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = Accounts(path)
    (account,) = accounts.all()
    assert (account.name, account.user.is_editor) == ("甲", True)
    assert accounts.check_password("甲", PASSWORD) == accounts.check_token(token) == account
    assert accounts.check_password("甲", "wrong") is None
    assert accounts.check_password("乙", PASSWORD) is None
    assert accounts.check_token(token[:-1]) is None
    assert accounts.check_token("") is None


def test_users_are_listed_changed_and_removed(tmp_path: Path) -> None:
    users(tmp_path, "add", "甲", "--no-password")
    assert Accounts(tmp_path / "users.json").check_password("甲", "") is None
    users(tmp_path, "role", "甲", "editor")
    listed = json.loads(users(tmp_path, "list", "--json"))
    assert listed == {
        "users": [{"name": "甲", "role": "editor", "has_password": False, "has_token": False}]
    }
    users(tmp_path, "password", "甲", typed=f"{PASSWORD}\n{PASSWORD}\n")
    open_before = Accounts(tmp_path / "users.json")
    assert open_before.check_password("甲", PASSWORD)
    users(tmp_path, "remove", "甲")
    # The server has the file open while the command changes it.
    assert open_before.all() == []


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (["add", "甲"], "short\nshort\n", "密码至少 8 个字符"),
        (["add", "a:b", "--no-password"], "", "不含冒号"),
        (["add", "已有", "--no-password"], "", "已有用户"),
        (["remove", "没有"], "", "没有用户"),
        (["role", "没有", "editor"], "", "没有用户"),
        (["token", "没有"], "", "没有用户"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, arguments: list[str], typed: str, said: str
) -> None:
    users(tmp_path, "add", "已有", "--no-password")
    with pytest.raises(AccountError, match=said):
        users(tmp_path, *arguments, typed=typed)
    assert [one.name for one in Accounts(tmp_path / "users.json").all()] == ["已有"]
