"""The job that reads an API: everything of one object, whose rows are events, from a server in a process of its own."""

import json
import os
import random
import tempfile
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

from cdp.pulls.client import client_of  # noqa: E402
from cdp.pulls.loads import Store  # noqa: E402
from cdp.pulls.pull import Pull, pull_source  # noqa: E402
from contacts import START, contact, timed  # noqa: E402

ROWS_OF_PAGE = 200
"""As many as HubSpot gives."""
READ = {
    "means": "all",
    "everyHours": 0,
    "method": "GET",
    "path": "/contacts",
    "params": {},
    "rows": "items",
    "pages": {"type": "cursor", "at": "next", "param": "after"},
    "positional": False,
    "newestFirst": False,
    "spread": [],
    "drop": [],
}
CONTACTS = {"object": "contacts", "rows": "events", "key": ["id"]}


def api(count: int, seed: int) -> dict:
    with serving(count, seed) as place, tempfile.TemporaryDirectory() as folder:
        source = {
            "api": {"baseUrl": f"http://{place}", "auth": {"type": "header", "name": "authorization"}, "headers": {}},
            "allowedPrivateHosts": [place],
            "egress": {},
        }
        secret = {"token": "a-token"}
        client = client_of(source, secret, keep=lambda _: None, wait=time.sleep, folder=Path(folder))
        store = Store(put=lambda *_: None, get=lambda _: None)
        reads = {"contacts": {"times": "iso", "lagMinutes": 15, "reads": [READ]}}
        pull = Pull("crm", START, "2026-01-01", reads, client, store, lambda *_: True)
        seconds, end = timed(lambda: pull_source(pull, [CONTACTS])["contacts"])
    return {"api": seconds, "api_rows": end.get("rows", end.get("failed"))}


@contextmanager
def serving(count: int, seed: int):
    """Serves the contacts in pages that are there already; gives `host:port`."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(count, seed, theirs), daemon=True)
    server.start()
    try:
        yield f"127.0.0.1:{ours.recv()}"
    finally:
        server.terminate()
        server.join()


def serve(count: int, seed: int, ready: Connection) -> None:
    chance = random.Random(seed)
    rows = [contact(chance, number) for number in range(count)]
    begins = range(0, count, ROWS_OF_PAGE)
    nexts = [*map(str, begins[1:]), None]
    pages = {
        str(at): json.dumps({"items": rows[at : at + ROWS_OF_PAGE], "next": after}).encode()
        for at, after in zip(begins, nexts, strict=True)
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer in two packets waits for the acknowledgement of the first.
        wbufsize = -1

        def log_message(self, *_):
            pass

        def do_GET(self):
            (at,) = parse_qs(urlsplit(self.path).query).get("after", ["0"])
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(pages[at])))
            self.end_headers()
            self.wfile.write(pages[at])

    server = HTTPServer(("127.0.0.1", 0), Handler)
    ready.send(server.server_port)
    server.serve_forever()
