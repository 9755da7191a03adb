"""What editors do with answers: correct, approve, withdraw. Every function asks who it is."""

from collections.abc import Sequence

from assistant.answer.correction import correct, find_unproved
from assistant.answer.model import Approval, Removed
from assistant.records.approved import Approved
from assistant.records.conversations import TURN_LIMIT
from assistant.records.database import now
from assistant.records.model import ConversationError, Turn
from assistant.web.desk import Desk
from assistant.web.users import User

NOT_ALLOWED = "只有编辑者可以审定回答，请联系管理员开通。"
_SCOPED = "这次提问限定了查询范围；请在全部文件范围内提问之后再审定。"


def open_turn(desk: Desk, user: User, owner: str, conversation_id: str, turn_id: int) -> Turn:
    """Return the turn that is to be approved.

    Raises:
        ConversationError: if the user may not, or it cannot be.
    """
    _want_editor(user)
    turns = desk.conversations.load(conversation_id, owner=owner).turns
    turn = next((one for one in turns if one.id == turn_id), None)
    if turn is None:
        raise ConversationError("这条回答已被删除，请重新提问")
    if turn.scope:
        raise ConversationError(_SCOPED)
    return turn


def approve(
    desk: Desk, user: User, turn: Turn, text: str, *, is_confirmed: bool
) -> tuple[Removed, ...]:
    """Approve the text as the answer; return what kept it from being so, if it must be confirmed.

    Raises:
        ConversationError: if the user may not, or the text is empty, too long, or cites nothing.
    """
    _want_editor(user)
    text = text.strip()
    if not text or len(text) > TURN_LIMIT:
        raise ConversationError(f"回答不能为空，也不超过 {TURN_LIMIT} 字，请改短后再审定")
    unproved = find_unproved(turn.answer, text, desk.read_text)
    if unproved and not is_confirmed:
        return unproved
    written = tuple(one.sentence for one in unproved)
    desk.approvals.approve(correct(turn.answer, text, Approval(user.name, now(), written)))
    return ()


def listed(desk: Desk, user: User) -> Sequence[Approved]:
    """Return all approved answers; none to those who may not change them."""
    return desk.approvals.entries() if user.is_editor else ()


def withdraw(desk: Desk, user: User, approval_id: int) -> None:
    """Take an approval back.

    Raises:
        ConversationError: if the user may not, or there is none such.
    """
    _want_editor(user)
    desk.approvals.withdraw(approval_id)


def _want_editor(user: User) -> None:
    if not user.is_editor:
        raise ConversationError(NOT_ALLOWED)
