"""The names of identifiers that were released, as the stream gives them."""

import pytest
from cdp.identity.former_names import former_name, is_former, named_among, plain, released_by
from cdp.identity.placement import by_trust
from people import RULES


def test_a_former_name_has_the_time_in_its_type_and_gives_its_identifier_back():
    assert former_name("crm:00:31", 5) == "crm~5:00:31"
    assert plain("crm~5:00:31") == "crm:00:31"
    assert not any(map(is_former, ("note:a~1:b", "email:a~b@c.d", "crm_id:~1")))


@pytest.mark.parametrize(
    ("at", "name"), [(4, "crm~5:1"), (5, "crm~5:1"), (6, "crm~9:1"), (9, "crm~9:1"), (10, "crm:1")]
)
def test_an_identifier_has_the_name_of_the_next_release(at, name):
    assert named_among(["crm:1", "email:e"], ["crm~5:1", "crm~9:1"], at) == [name, "email:e"]


def test_a_former_name_is_trusted_like_its_identifier():
    assert by_trust(["email:e", "user_id~5:z", "user_id:b"], RULES) == ["user_id:b", "user_id~5:z", "email:e"]


@pytest.mark.parametrize(
    ("properties", "released"),
    [
        ('{"release":"crm:1","source":"contacts"}', "crm:1"),
        ('{"release":"crm~5:1","source":"contacts"}', None),
        ('{"release":"crm:null","source":"contacts"}', None),
        ('{"release":"crm:1"}', None),
        ("[]", None),
    ],
)
def test_the_platform_releases_identifiers_that_can_link(properties, released):
    said = {"source_id": "@platform", "type": "track", "properties": properties}
    assert released_by(said, RULES) == released
    assert released_by(said | {"source_id": "shop"}, RULES) is None
