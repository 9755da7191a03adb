"""Answers that an editor has approved: each answers its question until a source of it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from assistant.answer.model import Answer
from assistant.records import tables
from assistant.records.conversations import VersionOf
from assistant.records.database import Database, now
from assistant.records.model import ConversationError
from corpus.normal import normalise
from corpus.simplified import simplify

# 多少？ and 多少 are the same question.
_MARKS = "?!。，,.；;：: "


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved answer in the list; one whose sources have changed is `stale`: to be reviewed."""

    id: int
    answer: Answer
    time: str
    is_stale: bool


class Approvals:
    """The approved answers of a data folder. Safe to use from several threads and processes."""

    def __init__(self, path: Path, *, version_of: VersionOf) -> None:
        """Open the file at `path`; `version_of` tells which version of a plan there is now."""
        self._database = Database(path)
        self._version_of = version_of

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    def approve(self, answer: Answer) -> int:
        """Let it answer its question from now on, in place of an earlier one; return its id.

        Raises:
            ConversationError: if it is not approved by anybody, or rests on no source.
        """
        versions = {
            citation.plan_id: version
            for citation in answer.citations
            if (version := self._version_of(citation.plan_id))
        }
        if answer.approval is None or not versions:
            raise ConversationError("审定的回答须注明出处，所引文件须仍在资料中；请补上出处编号")
        key = question_key(answer.rewritten or answer.question)
        row = tables.write_approval(answer, versions) | {"key": key, "time": now()}
        with self._database.begin() as connection:
            connection.execute(tables.approvals.delete().where(tables.approvals.c.key == key))
            return int(connection.execute(tables.approvals.insert(), row).lastrowid)

    def find(self, question: str, *, plan_ids: Sequence[str] | None = None) -> Answer | None:
        """Return the approved answer to the standalone question; None where there is none.

        None too where a source has changed since, or does not belong to the plans asked.
        """
        query = sa.select(tables.approvals).where(tables.approvals.c.key == question_key(question))
        with self._database.begin() as connection:
            row = connection.execute(query).first()
        if row is None or self._is_stale(row):
            return None
        answer = tables.read_answer(row)
        cited = {citation.plan_id for citation in answer.citations}
        return answer if plan_ids is None or cited <= set(plan_ids) else None

    def has_any(self) -> bool:
        """Tell whether anything has been approved."""
        with self._database.begin() as connection:
            return bool(
                connection.execute(sa.select(sa.exists(tables.approvals.select()))).scalar()
            )

    def entries(self) -> list[Approved]:
        """Return all approved answers, the newest first."""
        query = sa.select(tables.approvals).order_by(tables.approvals.c.id.desc())
        with self._database.begin() as connection:
            rows = connection.execute(query).all()
        return [
            Approved(row.id, tables.read_answer(row), row.time, self._is_stale(row)) for row in rows
        ]

    def withdraw(self, approval_id: int) -> None:
        """Let the question be answered from the sources again.

        Raises:
            ConversationError: if there is no such approval.
        """
        with self._database.begin() as connection:
            deleted = connection.execute(
                tables.approvals.delete().where(tables.approvals.c.id == approval_id)
            )
            if not deleted.rowcount:
                raise ConversationError(
                    f"没有编号为 {approval_id} 的审定回答；用 plan-assistant approvals list 查看"
                )

    def _is_stale(self, row: sa.Row[Any]) -> bool:
        for plan_id, then in tables.read_versions(row).items():
            today = self._version_of(plan_id)
            if today is None or today.digest != then.digest:
                return True
        return False


def question_key(question: str) -> str:
    """Return the question as it is compared: one width and case, simplified, no mark at its end.

    Example: "R＆D 投入多少？" -> "r&d 投入多少"
    """
    return normalise(simplify(question)).strip(_MARKS)
