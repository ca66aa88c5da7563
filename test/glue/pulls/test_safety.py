"""What a pull may not do: go elsewhere, tell a token, lose a token, or forget where it was."""

import gzip
import json
import random
from datetime import timedelta

import pytest
from cdp.pulls.egress import Egress, Forbidden, address_of, checked, is_public
from cdp.pulls.loads import Store
from cdp.pulls.session import Unanswered, guarded_session, pause_after
from pulling import SECRET, Reader, at_host, preset_sources
from requests import Request, Response
from vendor_answers import VENDORS
from vendor_people import People
from vendor_server import Api, listening

SOURCES = preset_sources()
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "address",
    "10.0.0.1 127.0.0.1 169.254.169.254 192.168.1.1 100.64.0.1 0.0.0.0 224.0.0.1 240.0.0.1 ::1 fe80::1%eth0 fc00::1 "
    "::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::a00:1 2002:a00:1:: ff02::1 nonsense".split(),
)
def test_an_address_is_private(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/a",
        "https://other.example.com/a",
        "https://api.example.com:8443/a",
        "https://u:p@api.example.com/a",
        "https://api.example.com.evil.test/a",
        "ftp://api.example.com/a",
        "https://169.254.169.254/latest",
        "//api.example.com",
    ],
)
def test_a_request_elsewhere_is_refused(url):
    with pytest.raises(Forbidden) as refused:
        checked(url, Egress(frozenset({"api.example.com:443"})))
    assert "/a" not in str(refused.value) and "u:p" not in str(refused.value)


def test_the_address_that_was_checked_is_the_one_that_is_connected_to():
    """The second answer of the name is private, as an attacker's would be."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    egress = Egress(frozenset({"api.example.com:443"}), lookup=lambda host, port: next(answers))
    session = guarded_session(egress, lambda _: None)
    adapter = session.get_adapter("https://api.example.com")
    prepared = session.prepare_request(Request("GET", "https://api.example.com/x"))
    host, tls = adapter.build_connection_pool_key_attributes(prepared, True)
    assert host["host"] == "93.184.216.34"
    assert (tls["server_hostname"], tls["assert_hostname"]) == ("api.example.com", "api.example.com")
    with pytest.raises(Forbidden):
        adapter.build_connection_pool_key_attributes(prepared, True)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    egress = Egress(frozenset(), lookup=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Forbidden):
        address_of("api.example.com", 443, egress)


class Fixed:
    """An API that answers everything alike."""

    def __init__(self, status: int, headers: dict | None = None, body: bytes = b"{}") -> None:
        self.answer, self.asked = (status, headers or {}, body), 0

    def respond(self, *_):
        self.asked += 1
        return self.answer


def pull_of(api, tmp_path, **changed):
    with listening(api) as place:
        source = at_host(SOURCES["pipedrive"], place, ["persons"])
        source["api"] |= changed
        reader = Reader(source, tmp_path)
        return reader.run(People(random.Random(1)).now), reader


@pytest.mark.parametrize(
    "status, headers, body, told",
    [
        (302, {"Location": "https://elsewhere.example.com/"}, b"", "sends callers elsewhere"),
        (403, {}, b'{"token": "secret-token"}', "HTTP 403"),
        (500, {}, b"secret-token", "HTTP 500 6 times"),
        (429, {"Retry-After": "86400"}, b"", "asks to wait for 86400 seconds"),
        (200, {}, b"<html>secret-token</html>", "is not JSON"),
        (200, {}, b'{"items": []}', "nothing at data"),
    ],
)
def test_a_pull_fails_with_a_reason_and_without_a_token(tmp_path, status, headers, body, told):
    report, reader = pull_of(Fixed(status, headers, body), tmp_path)
    assert told in report["persons"]["failed"]
    assert "secret-token" not in str(report) + str(reader.objects)
    assert reader.objects == {}


def test_pauses_are_those_that_the_api_asks_for():
    answer = Response()
    answer.headers = {"Retry-After": "Wed, 01 Apr 2026 10:00:30 GMT", "Date": "Wed, 01 Apr 2026 10:00:00 GMT"}
    assert pause_after(answer, 1) == 30
    answer.headers = {"Retry-After": "7"}
    assert pause_after(answer, 5) == 7
    answer.headers = {}
    assert [pause_after(answer, n) for n in (1, 2, 3)] == [2, 4, 8]
    with pytest.raises(Unanswered):
        answer.headers = {"Retry-After": "901"}
        pause_after(answer, 1)


def test_a_token_that_runs_out_is_renewed_and_a_replaced_one_is_kept_before_it_is_used(tmp_path):
    name, answer = VENDORS["pipedrive"]
    people = People(random.Random(3))
    for _ in range(20):
        people.now += HOUR
        people.add()
    api = Api(people, answer, trouble=0.4, tokens=["nobody-has-it"])
    with listening(api) as place:
        source = at_host(SOURCES["pipedrive"], place, [name])
        source["api"]["auth"] = {
            "type": "oauth-refresh",
            "tokenUrl": f"http://{place}/token",
            "name": "x-api-token",
            "prefix": "",
            "form": {},
        }
        reader = Reader(source, tmp_path, {**SECRET, "refreshToken": "refresh-0"})
        kept = []
        reader.keep = lambda secret: (kept.append(secret["refreshToken"]), setattr(reader, "secret", dict(secret)))
        for _ in range(8):
            people.now += HOUR
            report = reader.run(people.now)
    # Each refresh token is valid once: had one not been kept, every later run would fail.
    assert "failed" not in report[name] or "access token" not in report[name]["failed"], report
    assert len(kept) > 1 and kept[-1] == api.refresh and len(set(kept)) == len(kept)


def test_a_run_that_dies_at_any_write_goes_on_where_it_was(tmp_path):
    """Kills a run at each of its writes; the next run ends as one that was never killed."""
    name, answer = VENDORS["pipedrive"]

    def lived(dies_at: int | None) -> tuple[dict, int]:
        people = People(random.Random(5))
        for _ in range(30):
            people.now += 24 * HOUR
            people.add()
        api = Api(people, answer, trouble=0)
        with listening(api) as place:
            source = at_host(SOURCES["pipedrive"], place, [name])
            source["reads"][name]["windowDays"] = 10
            reader, writes = Reader(source, tmp_path), []

            def put(key: str, body: bytes) -> None:
                writes.append(key)
                if len(writes) == dies_at:
                    raise SystemExit("killed")
                reader.objects[key] = body

            people.now += HOUR
            try:
                reader.run(people.now, store=Store(put, reader.objects.get))
            except SystemExit:
                asked = len(api.asked)
                people.now += HOUR
                reader.run(people.now)
                assert len(api.asked) - asked <= 40
        rows = {line["row"]["id"]: line["row"]["email"] for _, line in reader.lines()}
        return rows, len(writes)

    whole, writes = lived(None)
    assert len(whole) == 30 and writes > 6
    for at in range(1, writes + 1):
        assert lived(at)[0] == whole, at


def test_new_fields_and_other_types_stay_as_they_are(tmp_path):
    rows = [
        {"id": 1, "updated": "2026-02-01", "name": "Ann", "score": 1.10, "tags": ["a"]},
        {"id": 2, "updated": "2026-02-01", "name": {"first": "Bo"}, "score": "none", "new": {"deep": [1, {"x": None}]}},
        {"id": None, "updated": "2026-02-01"},
        "no row",
    ]
    api = Fixed(200, body=json.dumps({"data": rows}).replace("1.1,", "1.10,").encode())
    with listening(api) as place:
        source = at_host(SOURCES["pipedrive"], place, ["persons"])
        read = {"means": "changes", "method": "GET", "path": "/x", "params": {}, "rows": "data"}
        read |= {"pages": {"type": "single"}, "positional": False, "spread": [], "drop": []}
        read |= {"newestFirst": False, "everyHours": 0}
        source["reads"]["persons"] = {"times": "iso", "lagMinutes": 15, "reads": [read]}
        reader = Reader(source, tmp_path)
        print(reader.run(People(random.Random(1)).now))
    lines = [line for _, line in reader.lines()]
    assert [line["row"] for line in lines[:2]] == rows[:2]
    reasons = [line["bad"]["reason"] for line in lines[2:]]
    assert reasons == ["it has no id", "the API gave something that is not an object"]
    piece = next(body for key, body in reader.objects.items() if key.endswith("gz"))
    assert b'"score":1.10' in gzip.decompress(piece)


def test_the_state_stays_small_however_many_rows_have_one_time(tmp_path):
    people = People(random.Random(1))
    for _ in range(300):
        people.add(people.now)
    name, answer = VENDORS["pipedrive"]
    people.now += HOUR
    with listening(Api(people, answer, trouble=0)) as place:
        reader = Reader(at_host(SOURCES["pipedrive"], place, [name]), tmp_path)
        reader.run(people.now)
    assert len(reader.lines()) == 300
    assert len(reader.objects["pulls/pipedrive/persons.json"]) < 300
