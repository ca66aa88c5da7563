"""How a source proves who it is: a token that stays, or one that is renewed by OAuth 2 and may be replaced at that."""

from collections.abc import Callable, Mapping
from typing import Any

import requests
from dlt.sources.helpers.rest_client.auth import APIKeyAuth, HttpBasicAuth
from requests.auth import AuthBase

Secret = Mapping[str, str]
Keep = Callable[[Secret], None]
"""Writes the secret with a new refresh token where the next run reads it."""


class NotAllowed(Exception):
    """The source has no usable proof of who it is; the message names the missing part and never its value."""


def auth_of(declared: Mapping[str, Any], secret: Secret, session: requests.Session, keep: Keep) -> AuthBase:
    """The proof that a declaration asks for. Raises NotAllowed when the secret lacks a part."""
    match declared["type"]:
        case "header":
            return APIKeyAuth(
                name=declared["name"], api_key=declared.get("prefix", "") + part(secret, "token"), location="header"
            )
        case "basic":
            return HttpBasicAuth(username=part(secret, "username"), password=part(secret, "password"))
        case _:
            return RenewedToken(declared, secret, session, keep)


def part(secret: Secret, name: str) -> str:
    value = secret.get(name)
    if isinstance(value, str) and value:
        return value
    raise NotAllowed(f"the secret of this source has no {name}")


class RenewedToken(AuthBase):
    """An access token that is fetched when needed, and again when the API takes it no more."""

    def __init__(self, declared: Mapping[str, Any], secret: Secret, session: requests.Session, keep: Keep) -> None:
        self.declared, self.secret, self.session, self.keep = declared, dict(secret), session, keep
        self.token: str | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token is None:
            self.token = self._renewed()
        request.register_hook("response", self._once_more)
        return self._signed(request, self.token)

    def _signed(self, request: requests.PreparedRequest, token: str) -> requests.PreparedRequest:
        request.headers[self.declared.get("name", "Authorization")] = self.declared.get("prefix", "Bearer ") + token
        return request

    def _once_more(self, answer: requests.Response, **given: Any) -> requests.Response:
        if answer.status_code != 401:
            return answer
        self.token = self._renewed()
        again = answer.connection.send(self._signed(answer.request.copy(), self.token), **given)
        again.history.append(answer)
        return again

    def _renewed(self) -> str:
        answer = self.session.post(self.declared["tokenUrl"], data=self._question())
        found = fields_of(answer)
        if answer.status_code != 200 or not isinstance(found.get("access_token"), str):
            raise NotAllowed(f"the API gave no access token: HTTP {answer.status_code}")
        replaced = found.get("refresh_token")
        if isinstance(replaced, str) and replaced and replaced != self.secret.get("refreshToken"):
            # Kept before anything uses it: the API may refuse the one before from now on.
            self.secret["refreshToken"] = replaced
            self.keep(self.secret)
        return found["access_token"]

    def _question(self) -> dict[str, str]:
        who = {"client_id": part(self.secret, "clientId"), "client_secret": part(self.secret, "clientSecret")}
        if self.declared["type"] == "oauth-client":
            return {"grant_type": "client_credentials", **who, **self.declared.get("form", {})}
        return {
            "grant_type": "refresh_token",
            "refresh_token": part(self.secret, "refreshToken"),
            **who,
            **self.declared.get("form", {}),
        }


def fields_of(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
