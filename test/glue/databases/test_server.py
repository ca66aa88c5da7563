"""Where a database is: what is declared, or what its secret says."""

import json

import pytest
from cdp.databases.declared import Login, Refused, Server
from jobs.pull_database import login_of

SOURCE = {
    "engine": "postgresql",
    "port": 5432,
    "database": "shop",
    "tls": "encrypt",
    "timeZone": "UTC",
    "statementTimeoutMinutes": 1,
    "fetchSize": 100,
}
SECRET = {"username": "reader", "password": "hidden", "host": "db.shop.example", "port": 5433}


def where(declared, secret):
    server = Server.of(SOURCE | declared, login_of("shop/reader", json.dumps(secret)))
    return server.host, server.port


def test_the_secret_says_where_the_server_is_unless_the_source_does():
    assert where({}, SECRET) == ("db.shop.example", 5433)
    assert where({}, SECRET | {"port": "5434"}) == ("db.shop.example", 5434)
    assert where({"host": "other.example", "port": 5432}, SECRET) == ("other.example", 5432)
    without = {name: value for name, value in SECRET.items() if name != "port"}
    assert where({}, without) == ("db.shop.example", 5432)


def test_a_server_that_nobody_names_is_refused_with_what_to_do():
    with pytest.raises(Refused, match="give the source a host"):
        Server.of(SOURCE, Login("reader", "hidden"))


@pytest.mark.parametrize("secret", [{"user": "hidden"}, ["hidden"], SECRET | {"port": "hidden"}])
def test_a_secret_in_another_form_is_refused_and_not_repeated(secret):
    with pytest.raises(Refused) as refused:
        login_of("of-the-shop", json.dumps(secret))
    assert "hidden" not in str(refused.value)
