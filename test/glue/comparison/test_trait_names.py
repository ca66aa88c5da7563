"""Which names of traits the profile table keeps, as the stream has it."""

import pytest
from cdp.comparison.differences import is_name
from shared_rules import shared_cases


@pytest.mark.parametrize(("input", "expected"), shared_cases("trait-names"))
def test_a_name_is_kept_as_in_the_stream(input: str, expected: bool):
    assert is_name(input) == expected
