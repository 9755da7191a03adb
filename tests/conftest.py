"""The bundled plan, taken in once with the real model, for every test that reads from it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from assistant.library import Library
from assistant.settings import Settings
from corpus.model import Plan
from tests.browser import launched_browser


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Only to be read: a test that takes in or removes plans opens its own."""
    library = Library(Settings(data_dir=tmp_path_factory.mktemp("bundled")))
    library.set_up()
    yield library
    library.catalog.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module: while it is open, no event loop can be run in this thread."""
    with launched_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def plan(library: Library) -> Plan:
    (entry,) = library.catalog.entries()
    return library.catalog.plan(entry.id)
