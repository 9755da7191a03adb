"""A comparison → a table whose every cell is cited, and what follows from its figures."""

from collections.abc import Sequence

from assistant.answer.draft import Draft
from assistant.answer.model import Fact
from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.question import Question
from assistant.tools.comparability import NOT_STATED, find_differences, find_missing
from assistant.tools.comparison import Comparison, Outcome, Series, find_comparison
from assistant.tools.figures import Figure
from assistant.tools.parties import Party
from corpus.arithmetic import Working, check_growth


def answer_comparison(
    question: Question, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Return the comparison that the question asks for, None if it asks for none."""
    comparison = find_comparison(question, library, plan_ids=plan_ids)
    return None if comparison is None else write_comparison(comparison, sources)


def write_comparison(comparison: Comparison, sources: Sources) -> Draft:
    """Answer with one table for each thing measured, or one for all goals of the parties."""
    writer = _Writer(comparison, sources)
    lines = writer.goals() if comparison.is_of_all else writer.series()
    facts = dict.fromkeys(
        Fact(figure.indicator, check_growth(figure.indicator))
        for series in comparison.series
        for cell in series.figures
        for figure in cell
    )
    if not facts:
        names = "、".join(series.title for series in comparison.series)
        lines = [f"没有从所收文件中读到{names}的数值，无法比较。", *lines]
    return Draft(
        "\n".join(lines),
        "answered" if facts else "refused",
        "indicator",
        facts=tuple(facts),
        computed=tuple(dict.fromkeys(writer.computed)),
    )


class _Writer:
    """The lines of one answer; `computed` gathers what code put between the cited figures."""

    def __init__(self, comparison: Comparison, sources: Sources) -> None:
        self._parties = comparison.parties
        self._comparison = comparison
        self._sources = sources
        self.computed: list[str] = []

    def series(self) -> list[str]:
        """Return a table for each series, a party a row, with the sums under it."""
        lines: list[str] = []
        for series in self._comparison.series:
            # A blank line ends a Markdown table.
            lines += [*([""] if lines else []), *self._table(series)]
            lines += ["", *self._remarks(series)]
        return lines

    def goals(self) -> list[str]:
        """Return one table of all goals, a goal a row."""
        parties = [self._title(party) for party in self._parties]
        changes = len(parties) == 2
        lines = self._head(["指标", *parties, *(["变化"] if changes else [])])
        for series in self._comparison.series:
            cells = [self._cell(cell) for cell in series.figures]
            change = [self._change(series.outcome)] if changes else []
            lines.append(f"| {' | '.join([series.title, *cells, *change])} |")
        lines += ["", self._work_of_code(_ABOUT_MISSING)]
        return lines

    def _table(self, series: Series) -> list[str]:
        lines = self._head(["地区", "年份", series.title])
        rows = list(zip(self._parties, series.figures, strict=True))
        if len(rows) > 2 and not _are_years(self._parties):
            rows.sort(key=lambda row: _rank(row[1]))
        for party, figures in rows:
            year = self._work_of_code(_year(party, figures))
            row = f"| {party.place} | {year} | {self._cell(figures)} |"
            lines.append(row if figures else self._work_of_code(row))
        return lines

    def _remarks(self, series: Series) -> list[str]:
        """Return what follows from the figures, and what is to be kept in mind with them."""
        lines: list[str] = []
        if series.outcome is not None:
            lines.append(self._outcome(series, series.outcome))
        elif extremes := self._extremes(series):
            lines.append(extremes)
        notes = [
            *find_differences(self._parties, series, self._quote),
            *find_missing(self._parties, series),
        ]
        if notes:
            lines.append(self._work_of_code(f"注：{'；'.join(notes)}。"))
        return [*lines, *self._near(series)]

    def _near(self, series: Series) -> list[str]:
        """Name what the parties without a figure set instead of it."""
        return [
            f"{self._work_of_code(f'{self._title(party)}没有写明{series.name}，但写有')}"
            f"{'、'.join(f'{f.indicator.name}{f.shown}{self._marks([f])}' for f in figures)}"
            f"{self._work_of_code('，口径不同，没有列入比较。')}"
            for party, figures in zip(self._parties, series.near, strict=True)
            if figures
        ]

    def _quote(self, figure: Figure) -> str:
        one = figure.indicator
        return one.span.of(self._sources.plan(one.plan_id).text)

    def _outcome(self, series: Series, outcome: Outcome) -> str:
        marks = "".join(self._marks(series.figures[position]) for position in outcome.parties)
        if outcome.working is None:
            return self._work_of_code(f"{outcome.refusal}，不能据此计算。") + marks
        working = outcome.working
        said = self._said(series, outcome.parties, working)
        return self._work_of_code(f"{said}：{working.stated}。") + marks

    def _said(self, series: Series, positions: Sequence[int], working: Working) -> str:
        names = [self._title(self._parties[position]) for position in positions]
        match self._comparison.operation:
            case "total":
                return f"以上{len(names)}项合计{working.shown}"
            case "mean":
                return f"以上{len(names)}项平均{working.shown}"
            case "multiple":
                return f"{names[0]}是{names[1]}的{working.shown}"
            case "growth" if working.unit == "%":
                return f"{names[1]}比{names[0]}增长{working.shown}"
        if not working.value:
            return f"{names[0]}与{names[1]}相同"
        if _are_years(self._parties):
            way = "增加" if working.value > 0 else "减少"
            return f"{names[1]}比{names[0]}{way}{working.shown}"
        first, second = (_rank(series.figures[position]) for position in positions)
        higher, lower = names if first < second else reversed(names)
        return f"{higher}比{lower}高{working.shown}"

    def _extremes(self, series: Series) -> str | None:
        """Name the highest and the lowest of three and more, ranges by their lower ends."""
        stated = [
            (party, cell[0])
            for party, cell in zip(self._parties, series.figures, strict=True)
            if len(cell) == 1 and cell[0].value is not None
        ]
        values = [figure.value for _, figure in stated if figure.value is not None]
        if len(stated) < 3 or len({figure.unit for _, figure in stated}) > 1:
            return None
        if len(set(values)) == 1:
            return self._work_of_code("所列数值都相同。") + self._marks([f for _, f in stated])
        parts: list[str] = []
        for word, extreme in (("最高", max(values)), ("最低", min(values))):
            found = [(party, figure) for party, figure in stated if figure.value == extreme]
            names = self._work_of_code("、".join(self._title(party) for party, _ in found))
            parts.append(f"{word}的是{names}{self._marks([figure for _, figure in found])}")
        by = "按区间下限比较，" if any(figure.is_range for _, figure in stated) else ""
        return f"{by}{'；'.join(parts)}。"

    def _title(self, party: Party) -> str:
        """Return what tells the party from the others: its place, its year or both."""
        if _are_years(self._parties):
            return f"{party.year}年"
        if len({one.year for one in self._parties}) == 1 or party.year is None:
            return party.place
        return f"{party.place}{party.year}年"

    def _change(self, outcome: Outcome | None) -> str:
        if outcome is None or outcome.working is None:
            return "—"
        return self._work_of_code(outcome.working.formula)

    def _cell(self, figures: Sequence[Figure]) -> str:
        if not figures:
            return NOT_STATED
        return "；".join(f"{figure.shown}{self._marks([figure])}" for figure in figures)

    def _marks(self, figures: Sequence[Figure]) -> str:
        """Cite each figure, of a table with the header in which the year stands."""
        marks: list[str] = []
        for figure in figures:
            one = figure.indicator
            marks.append(self._sources.cite(one.plan_id, one.section, one.span))
            if one.origin == "table":
                marks.append(self._sources.cite(one.plan_id, one.section, one.header))
        return "".join(dict.fromkeys(marks))

    def _head(self, columns: Sequence[str]) -> list[str]:
        lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
        return [self._work_of_code(line) for line in lines]

    def _work_of_code(self, text: str) -> str:
        """Return the text, which stands in no source."""
        self.computed.append(text)
        return text


_ABOUT_MISSING = f"注：{NOT_STATED}表示没有从该文件中读到这项目标。"


def _year(party: Party, figures: Sequence[Figure]) -> str:
    """Return the year of the figures, which is not always the one of the report."""
    years = {figure.year for figure in figures if figure.year}
    if not years and party.year:
        years = {party.year}
    return "、".join(f"{year}年" for year in sorted(years)) or "—"


def _are_years(parties: Sequence[Party]) -> bool:
    return len({party.place for party in parties}) == 1


def _rank(figures: Sequence[Figure]) -> tuple[int, float]:
    """Order by value, the highest first, those without one last."""
    if not figures or figures[0].value is None:
        return (1, 0.0)
    return (0, -float(figures[0].value))
