"""What the page says of this installation, and what it keeps to itself."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.about import HIDDEN, find_licences, settings_in_force, shown_path
from assistant.settings import Settings


def values(settings: Settings) -> dict[str, str]:
    return {one.variable: one.value for one in settings_in_force(settings)}


def test_secrets_and_names_of_users_are_left_out(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=Path("/home/zhangsan/plans"),
        llm_api_key=SecretStr("sk-secret"),
        llm_extra_body='{"token": "hidden"}',  # type: ignore[arg-type]
        llm_base_url="https://zhangsan:pass@example.org/v1?key=1",
    )
    shown = values(settings)
    assert shown["PLAN_LLM_API_KEY"] == HIDDEN
    assert shown["PLAN_LLM_EXTRA_BODY"] == HIDDEN
    assert shown["PLAN_LLM_BASE_URL"] == "https://example.org/v1"
    assert shown["PLAN_DATA_DIR"] == "/home/…/plans"
    assert not [value for value in shown.values() if "zhangsan" in value or "secret" in value]
    # A limit of tokens is no token.
    assert shown["PLAN_CHUNK_TOKENS"] == "384"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/zhangsan/a", "/home/…/a"),
        ("/Users/zhangsan", "/Users/…"),
        ("/srv/plans", "/srv/plans"),
    ],
)
def test_a_path_is_shown_without_its_owner(path: str, shown: str) -> None:
    assert shown_path(Path(path)) == shown


def test_it_is_told_what_was_set() -> None:
    told = {one.variable: one.is_default for one in settings_in_force(Settings(threads=1))}
    assert not told["PLAN_THREADS"]
    assert told["PLAN_WORKERS"]


def test_every_needed_package_has_its_licence() -> None:
    licences = {one.package.lower(): one.licence for one in find_licences()}
    assert licences["gradio"] == "Apache-2.0"
    assert "MIT" in licences["fastapi"]
    # Needed by what is needed, and what only developers need.
    assert "starlette" in licences
    assert "pytest" not in licences
