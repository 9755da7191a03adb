"""Vectors of texts, kept between runs by what they are made of: the model and the text."""

import dataclasses
import hashlib
import json
import sqlite3
from pathlib import Path

import numpy as np

from assistant.models import TextEmbeddings
from eval.embeddings import DelegatingEmbeddings


class CachedEmbeddings(DelegatingEmbeddings):
    """Embeds a passage once. Questions are embedded every time, so that they can be timed."""

    def __init__(self, embeddings: TextEmbeddings, file: Path) -> None:
        """Keep the vectors in this file."""
        super().__init__(embeddings)
        self._file = file
        self._model = json.dumps(dataclasses.asdict(embeddings.identity)).encode()
        file.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)"
            )

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector for each passage."""
        keys = [hashlib.sha256(self._model + text.encode()).digest() for text in texts]
        with self._connect() as connection:
            found = {key: self._read(connection, key) for key in keys}
            missing = {
                key: text for key, text in zip(keys, texts, strict=True) if found[key] is None
            }
            made = self._embeddings.embed_documents(list(missing.values())) if missing else []
            new = dict(zip(missing, made, strict=True))
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [(key, np.asarray(vector, np.float32).tobytes()) for key, vector in new.items()],
            )
        return [found[key] or new[key] for key in keys]

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=60)

    def _read(self, connection: sqlite3.Connection, key: bytes) -> list[float] | None:
        row = connection.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        vector: list[float] = np.frombuffer(row[0], np.float32).tolist()
        return vector
