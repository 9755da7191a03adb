"""Tables with merged cells, as the readers lay them out: rows of cell numbers."""

from collections.abc import Sequence


def count_header_rows(rows: Sequence[Sequence[int]]) -> int:
    """Return how far down the cells of the first row reach; all the way down means nothing."""
    first = set(rows[0]) if rows else set()
    count = 0
    while count < len(rows) and first & set(rows[count]):
        count += 1
    return count if 0 < count < len(rows) else 1
