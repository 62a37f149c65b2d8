"""What may be asked, and how often: sizes of requests, the shape of callbacks, quotas of what costs.

A question whose answer is kept costs nothing and is not counted: whatever the crowd behind one address, the pages that
everybody reads are never refused.
"""

from __future__ import annotations

import ipaddress
import json
import math
import time
from collections.abc import Mapping
from typing import Any

from dash import Dash
from flask import Flask, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import BadRequest, LengthRequired, RequestURITooLarge, TooManyRequests

from dashboard.rappels import CALLBACK, outputs_of

# A callback says where its reader is; nothing else is ever sent.
LARGEST_BODY = 16 * 2**10
LONGEST_QUERY = 8_000
LONGEST_VALUE = 2_000
# By client, by process: a reader who hurries, and a program that asks for one page of rows after another, stay below.
QUOTAS: Mapping[str, str] = {"vues": "300/minute", "api": "600/minute"}
# Answered from files, or by a word.
FREE = (
    "/assets/",
    "/donnees/",
    "/_dash-component-suites/",
    "/robots.txt",
    "/sitemap.xml",
    "/favicon.ico",
    "/sante",
    "/pret",
    "/metrics",
)
KEYS = frozenset({"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"})


class Quotas:
    """How often each client asked lately. Held in memory: each process counts for itself."""

    def __init__(self, quotas: Mapping[str, str] | None = None) -> None:
        self._quotas = {kind: parse(text) for kind, text in (quotas or QUOTAS).items()}
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def wait(self, kind: str, address: str | None) -> int:
        """Seconds until a client may ask again, 0 where it may now: then counted. This machine is never refused."""
        who = client(address)
        quota = self._quotas[kind]
        if not who or self._limiter.hit(quota, kind, who):
            return 0
        ends = self._limiter.get_window_stats(quota, kind, who).reset_time
        return max(1, math.ceil(ends - time.time()))


def client(address: str | None) -> str:
    """Whom a request is counted to: an IPv4 address, the /64 of an IPv6 one, "" for this machine itself."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if found.is_loopback:
        return ""
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def install(app: Dash) -> None:
    """Refuse what is too large, too long or misshapen. To be installed before what answers again, which trusts it."""
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY

    def check() -> None:
        if len(request.query_string) > LONGEST_QUERY:
            raise RequestURITooLarge
        if "Transfer-Encoding" in request.headers:
            # No browser sends a body of unknown length, and nginx counts what it hands over.
            raise LengthRequired
        if request.method == "POST" and request.path == CALLBACK:
            check_callback(request.get_data(), app.callback_map)

    server.before_request(check)


def install_quotas(server: Flask, quotas: Quotas) -> None:
    """Refuse what is too frequent. To be installed after what answers again, which costs nothing."""

    def check() -> None:
        if not request.path.startswith(FREE) and (seconds := quotas.wait("vues", request.remote_addr)):
            raise TooManyRequests(retry_after=seconds)

    server.before_request(check)


def check_callback(body: bytes, callbacks: Mapping[str, Any]) -> None:
    """Raises BadRequest unless a body asks for what a callback of the server gives, and says where its reader is."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    if not isinstance(asked, dict) or not asked.keys() <= KEYS or not isinstance(asked.get("output"), str):
        raise BadRequest
    known = callbacks.get(asked["output"], {})
    if "callback" not in known or asked.get("outputs") != outputs_of(known["output"]):
        raise BadRequest
    if not all(_given(asked.get(part, []), known[part]) for part in ("inputs", "state")) or not _changed(asked):
        raise BadRequest


def _given(values: Any, declared: list[dict[str, Any]]) -> bool:
    """Whether values are those that a callback declares, in their order; only a path must be there."""
    if not isinstance(values, list) or len(values) != len(declared):
        return False
    return all(_fits(value, wanted) for value, wanted in zip(values, declared, strict=True))


def _fits(value: Any, wanted: Mapping[str, Any]) -> bool:
    if not isinstance(value, dict) or {**value, "value": None} != {**wanted, "value": None}:
        return False
    text = value.get("value")
    if text is None:
        return bool(wanted["property"] == "search")
    return isinstance(text, str) and len(text) <= LONGEST_VALUE and writable(text)


def writable(text: str) -> bool:
    """Whether a text can be written: JSON may name half a character, which nothing that is asked of can read."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _changed(asked: Mapping[str, Any]) -> bool:
    lists = (asked.get(name, []) for name in ("changedPropIds", "parsedChangedPropsIds"))
    return all(isinstance(one, list) and all(isinstance(name, str) for name in one) for one in lists)
