"""A pull through the configured proxy, by TLS with the configured authority: the address is the vendor's own."""

import random
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from pulling import Reader, preset_sources
from vendor_answers import VENDORS
from vendor_people import People
from vendor_server import Api, listening

HOST = "a.klaviyo.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of the vendor's name by an authority of our own."""
    folder = tmp_path_factory.mktemp("tls")
    made = f"req -x509 -newkey rsa:2048 -nodes -days 1 -keyout {folder}/key.pem -out {folder}/cert.pem -subj /CN={HOST}"
    names = ["-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run(["openssl", *made.split(), *names], check=True, capture_output=True)
    return folder


def proxy_to(place: str, asked: list[str]) -> socket.socket:
    """A proxy that leads every CONNECT to one place."""
    server = socket.create_server(("127.0.0.1", 0))

    def copy(one: socket.socket, two: socket.socket) -> None:
        # Whoever does not trust the certificate hangs up.
        with suppress(OSError):
            while data := one.recv(65536):
                two.sendall(data)
        two.close()

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            asked.append(client.recv(65536).decode().split()[1])
            host, _, port = place.partition(":")
            there = socket.create_connection((host, int(port)))
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for pair in ((client, there), (there, client)):
                threading.Thread(target=copy, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return server


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_pull_passes_the_proxy_and_believes_only_configured_authorities(certificate, tmp_path, is_trusted):
    people = People(random.Random(1))
    for _ in range(3):
        people.now += timedelta(hours=1)
        people.add()
    people.now += timedelta(hours=1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    name, answer = VENDORS["klaviyo"]
    api, asked = Api(people, answer, trouble=0, host=HOST), []
    with listening(api, lambda plain: context.wrap_socket(plain, server_side=True)) as place:
        proxy = proxy_to(place, asked)
        source = preset_sources()["klaviyo"]
        port = proxy.getsockname()[1]
        ca = {"ca": (certificate / "cert.pem").read_text()} if is_trusted else {}
        source["egress"] = {"proxy": f"http://127.0.0.1:{port}", **ca}
        reader = Reader(source, tmp_path)
        report = reader.run(people.now)[name]
        proxy.close()
    assert set(asked) == {f"{HOST}:443"}
    if is_trusted:
        assert report["rows"] == 3 and set(api.seen) == {"Klaviyo-API-Key secret-token"}
    else:
        assert report["failed"].endswith("the certificate is not valid") and api.seen == []
