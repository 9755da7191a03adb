"""What this installation is: version, models, settings in force without secrets, licences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.settings import Settings

PACKAGE = "plan-assistant"
HIDDEN = "（已设置，不显示）"
_UNSET = "（未设置）"

_SECRET = re.compile("(?:^|_)(?:key|token|secret|password|extra_body)(?:_|$)")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
# /home/zhang/…, /Users/zhang/…, C:\Users\zhang\…
_HOME = re.compile(r"^(/home|/Users|[A-Za-z]:\\Users)([/\\])[^/\\]+")
_LONGEST_LICENCE = 60


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """A setting with its value as it may be shown; `is_default` tells that nobody set it."""

    variable: str
    description: str
    value: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of an installed package, as its author states it."""

    package: str
    version: str
    licence: str


def version() -> str:
    """Return the version of the installed package."""
    return distribution(PACKAGE).version


def settings_in_force(settings: Settings) -> list[SettingInForce]:
    """Return every setting with the value that is used, secrets and names of users left out."""
    return [
        SettingInForce(
            f"PLAN_{name.upper()}",
            field.description or "",
            _shown(name, getattr(settings, name)),
            name not in settings.model_fields_set,
        )
        for name, field in type(settings).model_fields.items()
    ]


def shown_path(path: Path) -> str:
    """Return the path without the name of the user whose home it lies in."""
    return _HOME.sub(r"\1\2…", str(path))


def find_licences() -> list[Licence]:
    """Return the licences of the packages that the program needs, as far as installed."""
    found: dict[str, Licence] = {}
    waiting = [PACKAGE]
    while waiting:
        name = waiting.pop()
        if _key(name) in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            # Needed on another system only.
            continue
        found[_key(name)] = Licence(package.name, package.version, _licence(package))
        waiting += _needs(package)
    del found[_key(PACKAGE)]
    return [found[key] for key in sorted(found)]


def _shown(name: str, value: Any) -> str:  # noqa: ANN401
    if value is None or value == "":
        return _UNSET
    if isinstance(value, SecretStr) or (_SECRET.search(name) and value):
        return HIDDEN
    if isinstance(value, Path):
        return shown_path(value)
    text = str(value)
    # A local model is named by its folder; an address may carry a password.
    return _without_user(text) if "://" in text else _HOME.sub(r"\1\2…", text)


def _without_user(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _needs(package: Distribution) -> Iterator[str]:
    for needed in package.requires or ():
        name = _NAME.match(needed)
        if name and "extra ==" not in needed:
            yield name[0]


def _licence(package: Distribution) -> str:
    metadata = package.metadata
    if expressions := metadata.get_all("License-Expression"):
        return str(expressions[0])
    classifiers = metadata.get_all("Classifier") or []
    named = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")]
    if named:
        return "、".join(named)
    # Some put the whole text here.
    texts = metadata.get_all("License") or [""]
    return str(texts[0]).strip().partition("\n")[0][:_LONGEST_LICENCE] or "见软件包"


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
