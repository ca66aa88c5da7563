"""Requests of one source: guarded, tried again as the API asks, and bounded in size. Its errors contain no address."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import requests
from requests.adapters import HTTPAdapter

from cdp.pulls.egress import PORTS, Egress, Forbidden, address_of, checked
from cdp.values.exact_json import read_json

Wait = Callable[[float], None]
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
ATTEMPTS = 6
LONGEST = 900.0
"""Seconds. Whoever asks for a longer pause is asked again at the next run."""
MOST_BYTES = 64 * 1024 * 1024
PATIENCE = (10, 120)
"""Seconds for a connection, and for the next bytes of an answer."""


class Unanswered(Exception):
    """The API gave no usable answer, for a reason that the message names."""


Says = Callable[[requests.Response], bool]


def never(_: requests.Response) -> bool:
    return False


@dataclass(frozen=True)
class Meanings:
    """What an API says in its answers' bodies where others have a status of their own."""

    is_throttled: Says = never
    """Whether an answer with status 200 means: too many requests."""
    is_expired: Says = never
    """Whether an answer means: the token is not accepted."""


class GuardedAdapter(HTTPAdapter):
    """Connects to the checked address, and sends a request again while the API is busy or broken."""

    def __init__(self, egress: Egress, wait: Wait, meanings: Meanings) -> None:
        super().__init__()
        self.egress, self.wait, self.meanings = egress, wait, meanings

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        place = checked(request.url, self.egress)
        request.headers["Host"] = request.url.split("/")[2]
        for attempt in range(1, ATTEMPTS + 1):
            answer = self._once(request, verify, cert, proxies)
            if isinstance(answer, requests.Response) and not self._is_busy(answer):
                return without_redirect(self._refused(answer), place)
            if attempt < ATTEMPTS:
                self.wait(pause_after(answer, attempt))
        raise Unanswered(f"{place} answered {said(answer)} {ATTEMPTS} times")

    def _once(self, request, verify, cert, proxies) -> requests.Response | str:
        """The answer, or why there is none."""
        try:
            return whole(super().send(request, True, PATIENCE, verify, cert, proxies))
        except requests.RequestException as error:
            if isinstance(error, requests.exceptions.SSLError):
                raise Unanswered("the certificate is not valid") from None
            return type(error).__name__

    def _is_busy(self, answer: requests.Response) -> bool:
        return answer.status_code in AGAIN or (answer.status_code == 200 and self.meanings.is_throttled(answer))

    def _refused(self, answer: requests.Response) -> requests.Response:
        """An answer that means 401 counts as one."""
        if answer.status_code not in (200, 401) and self.meanings.is_expired(answer):
            answer.status_code = 401
        return answer

    def build_connection_pool_key_attributes(self, request, verify, cert=None):
        """The address takes the place of the name, which the certificate must still have."""
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        if self.egress.proxy is not None:
            return host, tls
        name, port = host["host"].strip("[]"), host["port"] or PORTS[host["scheme"]]
        if host["scheme"] == "https":
            tls = {**tls, "server_hostname": name, "assert_hostname": name}
        return {**host, "host": address_of(name, port, self.egress), "port": port}, tls


def whole(answer: requests.Response) -> requests.Response:
    """The answer with its body, which must not be larger than memory allows. Raises Unanswered."""
    parts, size = [], 0
    for part in answer.iter_content(65536):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            answer.close()
            raise Unanswered(f"an answer is larger than {MOST_BYTES} bytes")
    answer._content, answer._content_consumed = b"".join(parts), True
    # Numbers keep the digits that were sent.
    answer.json = lambda **_: read_json(answer.content.decode("utf-8-sig"))
    answer.close()
    return answer


def without_redirect(answer: requests.Response, place: str) -> requests.Response:
    if answer.is_redirect or answer.status_code in (300, 304):
        raise Forbidden(f"{place} sends callers elsewhere")
    return answer


def pause_after(answer: requests.Response | str, attempt: int) -> float:
    """Seconds that the API asks for, or more and more of them. Raises Unanswered when it asks for too many."""
    asked = None if isinstance(answer, str) else asked_pause(answer.headers)
    if asked is not None and asked > LONGEST:
        raise Unanswered(f"the API asks to wait for {asked:.0f} seconds")
    return float(2**attempt) if asked is None else max(1.0, asked)


def asked_pause(headers) -> float | None:
    """`Retry-After` in seconds, or as a date beside the answer's own date."""
    text = headers.get("Retry-After", "").strip()
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - parsedate_to_datetime(headers["Date"])).total_seconds())
    except (ValueError, TypeError, KeyError):
        return None


def said(answer: requests.Response | str) -> str:
    return answer if isinstance(answer, str) else f"HTTP {answer.status_code}"


def guarded_session(
    egress: Egress, wait: Wait, ca: str | bool = True, meanings: Meanings = Meanings()
) -> requests.Session:
    """A session that reads nothing of the environment: no proxy, no login file."""
    session = requests.Session()
    session.trust_env = False
    session.verify = ca
    session.max_redirects = 0
    if egress.proxy is not None:
        session.proxies = {"https": egress.proxy, "http": egress.proxy}
    for scheme in ("https://", "http://"):
        session.mount(scheme, GuardedAdapter(egress, wait, meanings))
    return session
