"""The commands `users …`: who may use a shared server."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assistant.accounts import Account, Accounts, Role
from assistant.cli_library import AsJson, DataDir, print_json
from assistant.settings import Settings

users_app = typer.Typer(
    name="users", help="登录用户：有了用户，网页和接口就须登录。", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="用户名")]
_ROLES = {"reader": "读者（提问）", "editor": "编辑（也可收录、更正、删除文件）"}


@users_app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="reader 只能提问，editor 可改动文件")] = "reader",
    no_password: Annotated[
        bool, typer.Option("--no-password", help="不设密码，只经反向代理或令牌登录")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """添加用户；密码在提示后输入，不出现在命令行里。"""
    password = None if no_password else _ask_password()
    _accounts(data_dir).add(name, role, password)
    typer.echo(f"已添加用户“{name}”：{_ROLES[role]}。")


@users_app.command("list")
def list_users(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """列出用户。"""
    documents = [_document(account) for account in _accounts(data_dir).all()]
    if as_json:
        print_json({"users": documents})
        return
    table = Table("用户名", "角色", "密码", "令牌")
    for account in documents:
        signs = ("有" if account[name] else "—" for name in ("has_password", "has_token"))
        table.add_row(account["name"], _ROLES[account["role"]], *signs)
    Console().print(table if documents else "还没有用户，无须登录；用 users add 添加。")


@users_app.command()
def remove(name: Name, data_dir: DataDir = None) -> None:
    """删除用户，其登录和令牌立即失效。"""
    _accounts(data_dir).remove(name)
    typer.echo(f"已删除用户“{name}”。")


@users_app.command("role")
def set_role(
    name: Name,
    role: Annotated[Role, typer.Argument(help="reader 或 editor")],
    data_dir: DataDir = None,
) -> None:
    """改变用户的角色。"""
    _accounts(data_dir).set_role(name, role)
    typer.echo(f"用户“{name}”现在是{_ROLES[role]}。")


@users_app.command()
def password(name: Name, data_dir: DataDir = None) -> None:
    """改变用户的密码，已有的登录失效。"""
    _accounts(data_dir).set_password(name, _ask_password())
    typer.echo(f"已改变用户“{name}”的密码。")


@users_app.command()
def token(name: Name, data_dir: DataDir = None) -> None:
    """发给程序用的令牌，取代旧的；只显示这一次。"""
    typer.echo(_accounts(data_dir).issue_token(name))


def _ask_password() -> str:
    return str(typer.prompt("密码", hide_input=True, confirmation_prompt="再输入一遍", err=True))


def _accounts(data_dir: Path | None) -> Accounts:
    settings = Settings() if data_dir is None else Settings(data_dir=data_dir)
    return Accounts(settings.users_path)


def _document(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role,
        "has_password": account.password_hash is not None,
        "has_token": account.token_hash is not None,
    }
