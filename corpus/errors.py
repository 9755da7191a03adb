"""What can go wrong with a document or the store; every message names the thing and the cure.

* CorpusError
  - UnreadableFile
  - PlanNotFound
  - IndexMismatch
  - IndexUnreachable
  - StoreBusy
"""


class CorpusError(Exception):
    """The base of all errors that a user can act on; its text is Chinese and one line."""


class UnreadableFile(CorpusError):
    """A file that cannot be taken in: missing, of another kind, empty or not text."""


class PlanNotFound(CorpusError):
    """No plan in the catalog, or more than one, goes by this name."""


class IndexMismatch(CorpusError):
    """The vectors are missing or were made by another embedding model."""


class IndexUnreachable(CorpusError):
    """The server that holds the vectors does not answer."""


class StoreBusy(CorpusError):
    """Another process is changing the data folder."""
