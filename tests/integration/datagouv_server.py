"""A local server that speaks the portal's API as its software publishes it, strict where the portal is lenient.

Transcribed from udata 17.18.0 (AGPL-3.0, ``opendatateam/udata``), names and limits only: fields and ``readonly`` from
``udata/core/dataset/api_fields.py``; required fields, lengths and choices from ``udata/core/dataset/forms.py``,
``constants.py`` and ``udata/core/spatial/``; routes, statuses and order of resources from ``udata/core/dataset/api.py``
and ``models.py``; the header and the 401 answers from ``udata/api/__init__.py``; the quality score from
``Dataset.compute_quality``. What the description gives as read only, or does not give, is refused here with 400.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from jsonschema import Draft202012Validator

KEY = "cle-secrete-d-essai"
TEXT = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "pattern": r"^https?://[^\s/]+\.[a-z]{2,}(/\S*)?$"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
FREQUENCIES = (
    *("continuous", "oneMinute", "fiveMinutes", "tenMinutes", "fifteenMinutes", "thirtyMinutes", "hourly", "bihourly"),
    *("trihourly", "twelveHours", "severalTimesADay", "threeTimesADay", "semidaily", "daily", "fiveTimesAWeek"),
    *("threeTimesAWeek", "semiweekly", "weekly", "biweekly", "threeTimesAMonth", "semimonthly", "monthly"),
    *("bimonthly", "quarterly", "threeTimesAYear", "semiannual", "annual", "biennial", "triennial", "quadrennial"),
    *("quinquennial", "decennial", "bidecennial", "tridecennial", "punctual", "irregular", "never", "notPlanned"),
    *("other", "unknown"),
)
EXTRAS = {"type": "object", "propertyNames": {"pattern": r"^[^.$]+$"}}
RESOURCE = {
    "type": "object",
    "required": ["title", "filetype", "type", "format", "url"],
    "additionalProperties": False,
    "properties": {
        "title": {**TEXT, "maxLength": 350},
        "description": {"type": "string", "maxLength": 100_000},
        "filetype": {"const": "remote"},
        "type": {"enum": ["main", "documentation", "update", "api", "code", "other"]},
        "format": TEXT,
        "url": ADDRESS,
        "checksum": {
            "type": "object",
            "required": ["value"],
            "additionalProperties": False,
            "properties": {"type": {"enum": ["sha1", "sha2", "sha256", "md5", "crc"]}, "value": TEXT},
        },
        "filesize": {"type": "integer", "minimum": 0},
        "mime": TEXT,
        "extras": EXTRAS,
        "schema": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {"name": TEXT, "version": TEXT, "url": ADDRESS},
        },
    },
}
DATASET = {
    "type": "object",
    "required": ["title", "description", "frequency"],
    "additionalProperties": False,
    "properties": {
        "title": {**TEXT, "maxLength": 350},
        "acronym": {"type": "string"},
        "description": {**TEXT, "maxLength": 100_000},
        "description_short": {"type": "string", "maxLength": 200},
        "license": {"enum": ["lov2", "fr-lo", "odc-odbl", "notspecified"]},
        "frequency": {"enum": list(FREQUENCIES)},
        "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z0-9-]{3,96}$"}},
        "temporal_coverage": {
            "type": "object",
            "required": ["start"],
            "additionalProperties": False,
            "properties": {"start": DAY, "end": DAY},
        },
        "spatial": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "zones": {"type": "array", "items": {"pattern": "^(fr:region:[0-9]{2}|country:fr)$"}},
                "granularity": {"enum": ["fr:commune", "fr:departement", "fr:region", "country", "poi", "other"]},
            },
        },
        "organization": {"type": "string", "pattern": "^[0-9a-f]{24}$"},
        "extras": EXTRAS,
        "private": {"type": "boolean"},
    },
}
REQUIRED_OF_PUT = {"dataset": {**DATASET, "required": []}, "resource": {**RESOURCE, "required": []}}


def quality(dataset: dict[str, Any]) -> dict[str, bool]:
    """The criteria of the portal's score that a description decides, all but the two that time and the web decide."""
    resources = dataset["resources"]
    return {
        "license": bool(dataset.get("license")),
        "temporal_coverage": bool(dataset.get("temporal_coverage")),
        "spatial": bool(dataset.get("spatial")),
        "update_frequency": dataset.get("frequency") not in (None, "unknown"),
        "dataset_description_quality": len(dataset["description"]) > 100,
        "has_open_format": any(item["format"] not in ("", "pdf", "doc", "docx", "xls", "xlsx") for item in resources),
        "resources_documentation": any(item["type"] == "documentation" for item in resources),
    }


@dataclass
class Portal:
    """What the portal holds, the calls it received, and the failures it is asked for: (status, headers, body) each."""

    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    failures: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    address: str = ""

    def writes(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _ in self.calls if method != "GET"]

    def answer(self, method: str, path: str, key: str, kind: str, body: Any) -> tuple[int, dict[str, str], Any]:
        self.calls.append((method, path, body))
        if self.failures:
            return self.failures.pop(0)
        if key != KEY:
            return 401, {}, {"message": f"Invalid API token {key}"}
        if body is not None and "application/json" not in kind:
            return 400, {}, {"errors": {"Content-Type": "expecting application/json"}}
        parts = [part for part in path.split("/") if part]
        if not path.endswith("/") or parts[:1] not in (["me"], ["datasets"]):
            return 404, {}, {"message": "Not found"}
        return self.route(method, parts, body)

    def route(self, method: str, parts: list[str], body: Any) -> tuple[int, dict[str, str], Any]:
        if (method, parts) == ("GET", ["me", "org_datasets"]):
            return 200, {}, list(self.datasets.values())
        if (method, parts) == ("POST", ["datasets"]):
            return self.checked(DATASET, body, self.create)
        dataset = self.datasets.get(parts[1]) if len(parts) > 1 else None
        if dataset is None:
            return 404, {}, {"message": "Dataset not found"}
        if (method, len(parts)) == ("PUT", 2):
            return self.checked(REQUIRED_OF_PUT["dataset"], body, lambda b: (200, {}, merged(dataset, b)))
        if (method, parts[2:]) == ("POST", ["resources"]):
            return self.checked(RESOURCE, body, lambda b: self.add(dataset, b))
        resource = next((item for item in dataset["resources"] if item["id"] == parts[-1]), None)
        if len(parts) != 4 or resource is None:
            return 404, {}, {"message": "Ressource does not exists"}
        if method == "PUT":
            return self.checked(REQUIRED_OF_PUT["resource"], body, lambda b: (200, {}, merged(resource, b)))
        dataset["resources"].remove(resource)
        return 204, {}, None

    def checked(self, schema: dict[str, Any], body: Any, then: Callable[[Any], Any]) -> Any:
        errors = {
            ".".join(map(str, e.path)) or e.validator: e.message for e in Draft202012Validator(schema).iter_errors(body)
        }
        self.wrong += errors.values()
        return (400, {}, {"errors": errors, "message": "Validation error"}) if errors else then(body)

    def create(self, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        identifier = uuid.uuid4().hex[:24]
        organization = body.pop("organization", None)
        self.datasets[identifier] = {
            "id": identifier,
            "slug": "jeu",
            "deleted": None,
            "resources": [],
            "organization": {"id": organization} if organization else None,
        }
        return 201, {}, merged(self.datasets[identifier], body)

    def add(self, dataset: dict[str, Any], body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        dataset["resources"].insert(0, merged({"id": str(uuid.uuid4()), "metrics": {}}, body))
        return 201, {}, dataset["resources"][0]


def merged(held: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Hold what is sent, in the words of the portal: days as instants, tags in its own order."""
    held.update(json.loads(json.dumps(body)))
    if "temporal_coverage" in body:
        held["temporal_coverage"] = {name: f"{day}T00:00:00+00:00" for name, day in body["temporal_coverage"].items()}
    if "tags" in body:
        held["tags"] = sorted(body["tags"], reverse=True)
    return held


class Handler(BaseHTTPRequestHandler):
    """One call, given to the portal below ``/api/1``."""

    portal: Portal

    def reply(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        status, headers, answer = self.portal.answer(
            self.command,
            self.path.removeprefix("/api/1"),
            self.headers.get("X-API-KEY", ""),
            self.headers.get("Content-Type", ""),
            body,
        )
        payload = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(payload))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_DELETE = reply  # noqa: N815

    def log_message(self, *args: object) -> None:
        pass


def serve() -> tuple[Portal, Callable[[], None]]:
    """A portal that answers, and what stops it."""
    portal = Portal()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"portal": portal}))
    portal.address = f"http://127.0.0.1:{server.server_port}/api/1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return portal, stop
