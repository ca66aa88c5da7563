"""The form of each type, as docs/sources/databases.md tells it."""

import json

POSTGRESQL = {
    "int8": ("bigint", "9223372036854775807", "9223372036854775807"),
    "exact": ("numeric", "12345678901234567890.12345678901234567890", "12345678901234567890.12345678901234567890"),
    "not_a_number": ("numeric", "'NaN'", '"NaN"'),
    "double": ("float8", "0.1", "0.1"),
    "endless": ("float8", "'-Infinity'", '"-Infinity"'),
    "yes": ("boolean", "true", "true"),
    "words": ("text", "'Zoë \"x\"'", '"Zoë \\"x\\""'),
    "bytes": ("bytea", r"'\x00ff'", r'"\\x00ff"'),
    "document": ("jsonb", """'{"a": 1.50}'""", '{"a": 1.50}'),
    "laid_out": ("json", """'{"a":\r\n1.50}'""", '{"a": 1.50}'),
    "numbers": ("int[]", "'{1,null,3}'", "[1,null,3]"),
    "mood": ("mood", "'happy'", '"happy"'),
    "moment": ("timestamptz", "'2026-05-01 12:00:00.123456+02'", '"2026-05-01T10:00:00.123456+00:00"'),
    "local": ("timestamp", "'2026-05-01 12:00:00.123456'", '"2026-05-01T12:00:00.123456+00:00"'),
    "for_ever": ("timestamptz", "'infinity'", '"infinity"'),
    "day": ("date", "'2026-05-01'", '"2026-05-01"'),
    "clock": ("time", "'23:59:59.5'", '"23:59:59.5"'),
    "id": ("uuid", "'6f9619ff-8b86-d011-b42d-00c04fc964ff'", '"6f9619ff-8b86-d011-b42d-00c04fc964ff"'),
    "nothing": ("text", "null", "null"),
}
MARIADB = {
    "id": ("int", "-7", "-7"),
    "int8": ("bigint", "9223372036854775807", "9223372036854775807"),
    "unsigned": ("bigint unsigned", "18446744073709551615", "18446744073709551615"),
    "exact": ("decimal(40, 20)", "12345678901234567890.123456789012345", "12345678901234567890.12345678901234500000"),
    "double": ("double", "0.1", "0.1"),
    "yes": ("tinyint(1)", "1", "1"),
    "not_yes": ("boolean", "-128", "-128"),
    "bits": ("bit(5)", "b'101'", "5"),
    "words": ("varchar(20) character set latin1", "'Zoë \"x\"'", '"Zoë \\"x\\""'),
    "bytes": ("varbinary(9)", "x'00ff'", r'"\\x00ff"'),
    "blob_": ("blob", "x'00ff'", r'"\\x00ff"'),
    "document": ("json", """'{"a":\n1.50}'""", '{"a": 1.50}'),
    "mood": ("enum('happy', 'sad')", "'happy'", '"happy"'),
    "some": ("set('a', 'b')", "'b,a'", '"a,b"'),
    "moment": ("timestamp(6) null", "'2026-05-01 12:00:00.123456'", '"2026-05-01T12:00:00.123456Z"'),
    "local": ("datetime(6)", "'2026-05-01 12:00:00.123456'", '"2026-05-01T12:00:00.123456Z"'),
    "no_moment": ("datetime", "'0000-00-00 00:00:00'", "null"),
    "day": ("date", "'2026-05-01'", '"2026-05-01"'),
    "no_day": ("date", "'0000-00-00'", "null"),
    "half_a_day": ("date", "'2026-05-00'", '"2026-05-00"'),
    "clock": ("time(1)", "'-100:00:00.5'", '"-100:00:00.5"'),
    "of_year": ("year", "2026", "2026"),
    "nothing": ("text", "null", "null"),
}


def test_each_type_has_its_form(shop):
    types = POSTGRESQL if shop.is_postgresql else MARIADB
    preparation = "create type mood as enum ('happy', 'sad')" if shop.is_postgresql else "set sql_mode = ''"
    if not shop.is_postgresql:
        shop.owner.execute("set time_zone = '+00:00'")
    mark = '"' if shop.is_postgresql else "`"
    columns = ", ".join(f"{mark}{name}{mark} {kind}" for name, (kind, _, _) in types.items())
    shop.owner.execute(preparation, f"create table every ({columns})")
    shop.owner.execute(f"insert into every values ({', '.join(value for _, value, _ in types.values())})")
    shop.grant()
    shop.pull(shop.source({"every": {"table": "every"}}))
    ((_, (line,)),) = shop.loads
    # The digits as sent: a number that Python reads is not told from one that is close.
    wanted = {name: json.loads(form, parse_float=str) for name, (_, _, form) in types.items()}
    assert {name: json.loads(json.dumps(value)) for name, value in line["row"].items()} == wanted


def test_numbers_keep_their_digits_on_the_way(shop):
    shop.owner.execute("create table t (id int, n decimal(40, 20))", "insert into t values (1, 0.10), (2, 1e19)")
    shop.grant()
    shop.pull(shop.source({"t": {"table": "t"}}))
    ((load, _),) = shop.loads
    assert [line.partition(',"place"')[0].replace(" ", "") for line in shop.texts(load)] == [
        '{"row":{"id":1,"n":0.10000000000000000000}',
        '{"row":{"id":2,"n":10000000000000000000.00000000000000000000}',
    ]


def test_a_time_without_a_zone_is_in_the_declared_one(shop):
    local = "timestamp" if shop.is_postgresql else "datetime"
    shop.owner.execute(f"create table t (id int, at {local})", "insert into t values (1, '2026-07-01 12:00:00')")
    shop.grant()
    # The zones that MariaDB's archive brings; PostgreSQL has an abbreviation of that name, which knows no summer.
    zone = "Europe/Berlin" if shop.is_postgresql else "MET"
    shop.pull(shop.source({"t": {"table": "t"}}, timeZone=zone))
    ((_, (line,)),) = shop.loads
    assert line["row"]["at"].startswith("2026-07-01T10:00:00")
