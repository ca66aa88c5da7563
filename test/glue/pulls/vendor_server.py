"""A vendor's API on loopback, with troubles: each may come instead of an answer, and people change between answers."""

import json
import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from vendor_people import People


@dataclass
class Api:
    people: People
    answer: Callable
    trouble: float = 0.3
    """How often an answer is a trouble, and people change between two answers."""
    tokens: list[str] = field(default_factory=lambda: ["secret-token"])
    """The last one is valid."""
    refresh: str = "refresh-0"
    host: str = ""
    asked: list[str] = field(default_factory=list)
    answers_left: int = 0
    """After how many questions the token runs out, if it does."""
    expired: tuple[int, dict] = (401, {})
    """What is answered to a token that ran out."""
    seen: list[str] = field(default_factory=list)
    """Headers that prove who asks."""

    def respond(self, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict, bytes]:
        parts = urlsplit(url)
        if "token" in parts.path and method == "POST":
            return self.renew(dict(parse_qsl(body.decode())))
        self.asked.append(url)
        chance = self.people.chance
        if chance.random() < self.trouble:
            self.people.change()
        busy = [(429, {"Retry-After": "7"}), (500, {}), (503, {"Retry-After": "0"}), (401, {})]
        if chance.random() < self.trouble:
            status, more = chance.choice(busy[: 4 if self.refresh != "none" else 3])
            if status == 401:
                self.tokens.append("nobody-has-it")
            return status, more, b"try again"
        proof = " ".join(value for name, value in headers.items() if name.lower() in PROOFS)
        self.seen.append(proof)
        self.answers_left -= 1
        if self.answers_left == 0:
            self.tokens.append("nobody-has-it")
        if self.tokens[-1] not in shown(proof):
            status, body = self.expired
            return status, {}, json.dumps(body).encode()
        query = {unquote(name): value for name, value in parse_qsl(parts.query)}
        asked = {"path": parts.path, "query": query, "json": json.loads(body) if body else None, "host": self.host}
        found = self.answer(self.people, asked)
        return found.get("status", 200), {}, json.dumps(found).encode()

    def renew(self, form: dict[str, str]) -> tuple[int, dict, bytes]:
        """A refresh token is valid once."""
        if form.get("grant_type") == "refresh_token":
            if form["refresh_token"] != self.refresh:
                return 400, {}, b'{"error": "invalid_grant"}'
            self.refresh = f"refresh-{len(self.tokens)}"
        self.tokens.append(f"access-{len(self.tokens)}")
        answer = {"access_token": self.tokens[-1], "expires_in": 1800, "refresh_token": self.refresh}
        return 200, {}, json.dumps(answer).encode()


def shown(proof: str) -> str:
    """A proof as it was before it was encoded."""
    kind, _, rest = proof.partition(" ")
    return b64decode(rest).decode() if kind == "Basic" else proof


PROOFS = ("authorization", "x-api-token", "x-shopify-access-token")


@contextmanager
def listening(api, wrap=lambda socket: socket):
    """Serves an API on a free port of loopback; gives `host:port`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer in two packets waits for the acknowledgement of the first.
        wbufsize = -1

        def log_message(self, *_):
            pass

        def do_GET(self):
            length = int(self.headers.get("Content-Length") or 0)
            status, headers, body = api.respond(self.command, self.path, dict(self.headers), self.rfile.read(length))
            self.send_response(status)
            said = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
            for name, value in said.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = wrap(server.socket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
