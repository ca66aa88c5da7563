"""Each preset, with each proof that it takes, when the token runs out at any question of a run."""

import random
from datetime import timedelta

import pytest
from laws import seed_of_run
from pulling import SECRET, Reader, at_host, known, sources_by_proof, with_small_pages
from vendor_answers import EXPIRED, VENDORS
from vendor_people import People
from vendor_server import Api, listening

SOURCES = sources_by_proof()
CASES = [(preset, proof) for preset in VENDORS for proof in SOURCES[preset]]
HOUR = timedelta(hours=1)
RENEWED = ("oauth-refresh", "oauth-client")


def test_every_preset_is_among_them():
    assert SOURCES.keys() == VENDORS.keys()


@pytest.mark.parametrize("preset, proof", CASES)
def test_a_token_that_runs_out_at_any_question_costs_no_row(preset, proof, tmp_path):
    name, answer = VENDORS[preset]
    people = People(random.Random(seed_of_run()), may_change=preset != "meta-leads")
    for _ in range(8):
        people.now += HOUR
        people.add()
    people.now += HOUR
    api = Api(people, answer, trouble=0, refresh="refresh-0", expired=EXPIRED.get(preset, (401, {})))
    with listening(api) as place:
        api.host = place
        source = with_small_pages(at_host(SOURCES[preset][proof], place, [name]))
        lived(api, Reader(source, tmp_path, dict(SECRET, refreshToken=api.refresh)), people)
        questions = len(api.asked)
        assert questions >= 3
        for at in range(1, questions + 1):
            reader = Reader(source, tmp_path, dict(SECRET, refreshToken=api.refresh))
            give_token(api, reader, f"secret-token-{at}")
            api.answers_left = at
            report = lived(api, reader, people)
            if source["api"]["auth"]["type"] in RENEWED:
                assert "failed" not in report, report
                assert reader.secret["refreshToken"] == api.refresh
            else:
                assert report["failed"].startswith("NotAllowed: "), report
                assert report["failed"].endswith(": HTTP 401, the API does not accept this source's secret")
                give_token(api, reader, f"secret-token-{at}-new")
                report = lived(api, reader, people)
                assert "failed" not in report, report
            assert known(reader, source) == people.here(), at
            assert "secret-token" not in str(reader.objects) + str(report)


def give_token(api: Api, reader: Reader, token: str) -> None:
    """An operator stores what the vendor gave."""
    api.tokens.append(token)
    reader.secret = dict(reader.secret, token=token, password=token)


def lived(api: Api, reader: Reader, people: People) -> dict:
    """The report of one run."""
    api.asked.clear()
    (report,) = reader.run(people.now).values()
    return report
