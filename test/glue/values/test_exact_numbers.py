"""Numbers keep their digits, from the raw zone to identifiers, traits and corrections."""

import json
import random

import pytest
from cdp.comparison.corrections import statement_fields
from cdp.comparison.events_again import event_again
from cdp.identity.normal_form import normalize
from cdp.profiles.traits import stated_traits
from cdp.segments.fulfils import fulfils
from cdp.segments.zones import zone_of
from cdp.values.exact_json import is_same_number, read_json, read_number, write_json
from judged_lines import judged
from pyspark.sql import Row
from shared_rules import shared_cases

CASES = [case.values for case in shared_cases("numbers")]


@pytest.mark.parametrize(("input", "expected"), shared_cases("numbers"))
def test_the_text_of_a_number(input, expected):
    value = read_number(input)
    assert str(value) == expected
    assert write_json(read_json(f'{{"a":[{input}]}}')) == f'{{"a":[{expected}]}}'
    assert normalize("crm_id", read_json(input), None) == f"crm_id:{expected}"
    assert stated_traits("users", "identify", f'{{"a":{input},"b":{{"c":[{input}]}}}}', None) == {
        "a": expected,
        "b": f'{{"c":[{expected}]}}',
    }


def test_a_correction_and_an_event_sent_again_have_the_digits():
    texts = ",".join(expected for _, expected in CASES)
    word = Row(name="n", value=f"[{texts}]", timestamp="t", message_id="m", source_id="s")
    assert f'"value":[{texts}]' in write_json(statement_fields(word))
    columns = (
        "message_id",
        "type",
        "event",
        "name",
        "user_id",
        "anonymous_id",
        "previous_id",
        "group_id",
        "source_id",
        "timestamp",
        "original_timestamp",
        "sent_at",
        "received_at",
        "properties",
        "traits",
        "context",
        "integrations",
    )
    again = event_again(Row(**(dict.fromkeys(columns) | {"message_id": "m", "traits": f'{{"a":[{texts}]}}'})))
    assert again == f'{{"replayed":"lake","messageId":"m","traits":{{"a":[{texts}]}}}}'


def test_a_number_as_long_as_anybody_likes_ends_no_job():
    text = "9" * 20_000
    assert write_json(read_json(f"[{text},0.{text},1e{'9' * 9}]")) == f"[{text},0.{text},1e{'9' * 9}]"


@pytest.mark.parametrize(
    ("number", "operator", "value", "member"),
    [
        ("12.50", "equals", 12.5, True),
        ("9007199254740993", "equals", 9007199254740992, False),
        ("9007199254740993", "notEquals", 9007199254740992, True),
        ("0.0000001", "equals", 1e-7, True),
        ("12.50", "anyOf", [1, 12.5], True),
        ("1e400", "greaterThan", 1e308, True),
        ("12.50", "lessThan", 12.6, True),
        ("12.50", "atMost", 12.4, False),
        ("12.50", "contains", "12", False),
        ("12.50", "equals", "12.50", False),
    ],
)
def test_conditions_compare_numbers(number, operator, value, member):
    assert fulfils({"operator": operator, "value": value}, read_json(number), zone_of("UTC")) is member


@pytest.mark.parametrize(
    ("a", "b", "same"), [("1.50", "15e-1", True), ("0.0", "-0", True), ("0.1", "0.1000000000000000055", False)]
)
def test_numbers_are_the_same_to_the_last_digit(a, b, same):
    assert is_same_number(a, b) is same


def test_events_have_every_number_as_it_lies_in_the_raw_zone(spark):
    """Each in a text, a list and an object of its own, beside texts that look like numbers; compact and with spaces."""
    # The stream never writes a nothing with a sign.
    numbers = [text for text in (*(each for pair in CASES for each in pair), *random_numbers(2_000)) if text != "-0"]
    parts = [numbers[at : at + 40] for at in range(0, len(numbers), 40)]
    lines = []
    for at, part in enumerate(parts):
        listed, gap = ",".join(part), " " * (at % 2)
        texts = json.dumps({"a": ":1.50,", "b": '"2.50"', "c": "\\", "d": "[1e5]"}, separators=(",", ":"))
        stated = f'{{"n":[{listed}],"order_id":{part[0]},"texts":{texts},"price":{part[-1]}}}'
        lines.append(
            f'{{"type":{gap}"track","event":"1.50","messageId":"m{at}","anonymousId":"a","sourceId":"s",'
            '"timestamp":"2026-05-01T10:00:00.000Z","receivedAt":"2026-05-01T10:00:01.000Z",'
            f'"properties":{gap}{stated},"context":{{"device":{{"id":{part[1]}}}}}}}'
        )
    rows = {row.message_id: row for row in judged(spark, lines).collect()}
    for at, part in enumerate(parts):
        row = rows[f"m{at}"]
        assert (row.verdict, row.event, row.order_id, row.device_id) == (None, "1.50", part[0], part[1])
        assert row.properties.startswith(
            f'{{"n":[{",".join(part)}],"order_id":{part[0]},'
            '"texts":{"a":":1.50,","b":"\\"2.50\\"","c":"\\\\","d":"[1e5]"}'
        )
        assert row.properties.endswith(f'"price":{part[-1]}}}')


def random_numbers(count: int) -> list[str]:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)

    def digits(most: int) -> str:
        return "".join(chance.choice("0123456789") for _ in range(chance.randint(1, most)))

    def whole(most: int) -> str:
        return str(int(digits(most)))

    def exponent() -> str:
        return f"{chance.choice('eE')}{chance.choice(['', '+', '-'])}{digits(3)}"

    shapes = [
        lambda: whole(25),
        lambda: f"{whole(12)}.{digits(20)}",
        lambda: f"{whole(4)}{exponent()}",
        lambda: f"{whole(3)}.{digits(5)}{exponent()}",
    ]
    return [f"{chance.choice(['', '-'])}{chance.choice(shapes)()}" for _ in range(count)]
