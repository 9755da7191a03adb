"""How much one untrusted file may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one file; sizes in bytes. What exceeds one is refused with a message, not cut."""

    file_bytes: int = 200 * 2**20
    unpacked_bytes: int = 2**30  # of a zip, docx, xlsx or ofd, all members together
    members: int = 5000  # of a zip, docx, xlsx or ofd
    ratio: int = 200  # of what a zip unpacks to what it takes up
    depth: int = 3  # of zips within zips
    pages: int = 5000
    characters: int = 20_000_000  # of the text that comes out
    seconds: float = 300  # for reading and parsing
    memory_bytes: int = 2 * 2**30  # of the process that reads and parses


DEFAULT_LIMITS = Limits()
