"""What a user says of a document, as they write it."""

import pytest

from assistant.corrections import BadCorrection, check_corrections


@pytest.mark.parametrize(
    ("period", "years"),
    [
        ("2021-2025", (2021, 2025)),
        ("十四五", (2021, 2025)),
        ("2026", (2026, 2026)),
        ("", (None, None)),
    ],
)
def test_a_period_becomes_its_years(period: str, years: tuple[int | None, int | None]) -> None:
    fields = check_corrections({"period": period})
    assert (fields["start_year"], fields["end_year"]) == years


def test_only_what_is_given_is_set_right() -> None:
    assert check_corrections({"region": " 瓯海区 ", "number": ""}) == {
        "region": "瓯海区",
        "number": None,
    }


@pytest.mark.parametrize("given", [{"date": "去年"}, {"date": "2021-13-01"}, {"period": "以后"}])
def test_what_cannot_be_read_says_how_to_write_it(given: dict[str, str]) -> None:
    with pytest.raises(BadCorrection, match="请写成"):
        check_corrections(given)
