"""Calls to the portal's API: one JSON body, one key in a header, few tries, and errors that say what to do.

Address and key come from the environment: ``DATAGOUV_API`` and ``DATAGOUV_API_KEY``. The key is never printed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from publish.deposit.target import HostFailed

PRODUCTION = "https://www.data.gouv.fr/api/1"
TIMEOUT = 60
ATTEMPTS = 4
LONGEST = 60
# Said of each refusal: what it means, what to do.
MEANINGS = {
    400: "les champs envoyés sont refusés",
    401: "la clé n'est pas reconnue. Vérifiez DATAGOUV_API_KEY : elle se crée dans les réglages de votre compte",
    403: "cette clé n'a pas le droit de modifier ce jeu de données ou cette organisation",
    404: "ce jeu de données ou cette ressource n'existe pas. Vérifiez DATAGOUV_API",
    410: "ce jeu de données a été supprimé sur le portail. Restaurez-le, ou écrivez au portail",
    413: "la description envoyée est trop longue pour le portail",
    423: "le portail n'accepte aucune modification en ce moment. Réessayez plus tard",
    429: "trop d'appels en peu de temps. Attendez quelques minutes, puis relancez : ce qui est fait ne sera pas refait",
}
PASSING = (429, 502, 503, 504)


def from_environment(environment: Mapping[str, str]) -> Api:
    """The API that the environment names: that of the portal everyone reads without ``DATAGOUV_API``."""
    return Api(base=environment.get("DATAGOUV_API", PRODUCTION), key=environment.get("DATAGOUV_API_KEY", ""))


def _opener() -> OpenerDirector:
    """Follows no redirect: it would turn a POST into a GET, and show the key to another host."""
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    return opener


@dataclass(frozen=True)
class Call:
    """One call: method, path below the API's address, and body, as JSON values."""

    method: str
    path: str
    body: Any = None


@dataclass(frozen=True)
class Api:
    """The API at an address, with a key that no message shows. ``wait`` is told seconds between two tries."""

    base: str = PRODUCTION
    key: str = field(default="", repr=False)
    wait: Callable[[float], None] = time.sleep

    @property
    def production(self) -> bool:
        """Whether this is the portal that everyone reads."""
        return self.base.rstrip("/") == PRODUCTION

    def url(self, path: str) -> str:
        """Absolute address of a path."""
        return f"{self.base.rstrip('/')}{path}"

    def __call__(self, call: Call) -> Any:
        """The JSON answer to a call, tried again where the failure passes and trying twice does no harm.

        Raises HostFailed with what the portal said and what to do.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._once(call)
            except HTTPError as error:
                refusal = self._refusal(call, error)
                # What was asked for may have been done before a 5xx: a creation is not asked twice.
                again = error.code == 429 or (error.code in PASSING and call.method != "POST")
                after = error.headers.get("Retry-After", "")
            except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
                refusal = HostFailed(
                    f"{self.url(call.path)} ne répond pas ({getattr(error, 'reason', error)}). "
                    "Vérifiez le réseau et DATAGOUV_API, puis relancez : ce qui est fait ne sera pas refait."
                )
                again, after = call.method != "POST", ""
            if not again or attempt == ATTEMPTS:
                raise refusal
            self.wait(min(float(after) if after.isdigit() else 2.0 ** (attempt - 1), LONGEST))
        raise AssertionError("unreachable")

    def _once(self, call: Call) -> Any:
        body = None if call.body is None else json.dumps(call.body, ensure_ascii=False).encode()
        headers = {"Accept": "application/json", "Content-Type": "application/json", "X-API-KEY": self.key}
        request = Request(self.url(call.path), data=body, method=call.method, headers=headers)
        with _opener().open(request, timeout=TIMEOUT) as answer:
            text = answer.read()
        try:
            return json.loads(text) if text else None
        except ValueError as error:
            raise HostFailed(f"{request.full_url} ne répond pas en JSON. Vérifiez DATAGOUV_API.") from error

    def _refusal(self, call: Call, error: HTTPError) -> HostFailed:
        with error:
            said = _said(error.read())
        if 300 <= error.code < 400:
            meaning = f"l'adresse a changé pour {error.headers.get('Location')}. Corrigez DATAGOUV_API"
        else:
            meaning = MEANINGS.get(error.code, "le portail a échoué. Réessayez plus tard")
        text = f"{call.method} {self.url(call.path)} : {error.code}, {meaning}.{f' Réponse : {said}' if said else ''}"
        return HostFailed(text.replace(self.key, "…") if self.key else text)


def _said(body: bytes) -> str:
    """What the portal answered, in one short line: its message and the fields it names."""
    try:
        answer = json.loads(body)
        fields = "; ".join(f"{name} : {json.dumps(why, ensure_ascii=False)}" for name, why in _errors(answer))
        return " ".join(part for part in (str(answer.get("message") or ""), fields) if part)[:1000]
    except (ValueError, AttributeError):
        return ""


def _errors(answer: dict[str, Any]) -> list[tuple[str, Any]]:
    errors = answer.get("errors")
    return list(errors.items()) if isinstance(errors, dict) else []
