"""The bundled plan, taken in once with the real model, for every test that reads from it."""

from collections.abc import Iterator

import anyio
import anyio._backends._asyncio
import pytest

from assistant.library import Library
from assistant.settings import Settings
from corpus.model import Plan

# anyio imports its parts when first used. pytest rewrites them, as anyio brings a plugin, and two
# threads of a server that do so at once break the parser (python/cpython#106905): a page fails.
for _name in dir(anyio):
    getattr(anyio, _name)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Only to be read: a test that takes in or removes plans opens its own."""
    library = Library(Settings(data_dir=tmp_path_factory.mktemp("bundled")))
    library.set_up()
    yield library
    library.catalog.close()


@pytest.fixture(scope="session")
def plan(library: Library) -> Plan:
    (entry,) = library.catalog.entries()
    return library.catalog.plan(entry.id)
