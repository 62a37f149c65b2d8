"""Questions made to break the site: addresses, filters, parameters of the API, bodies of callbacks.

Whatever is asked: an answer below 500 that tells nothing of our insides, where nothing was slipped in.
"""

from __future__ import annotations

import atexit
import base64
import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from fixtures_api import write_true_releases
from fixtures_release import VERSION, write_releases
from werkzeug.test import Client, TestResponse

from dashboard.app import Site, create_app
from dashboard.extraits import CUT_BY
from dashboard.filters import EXAMPLES, PATTERNS
from dashboard.rappels import CALLBACK
from dashboard.router import SLUGS, href
from tests.fuzz.choices import Choices

TOLD = (
    "Traceback",
    "site-packages",
    'File "',
    "duckdb.",
    "werkzeug",
    "Binder Error",
    "Parser Error",
    "Conversion Error",
)
NAMES = (*PATTERNS, "granularite", "page", "page_size", "lang", "format", "taille", "curseur")
LISTS = ("services", "indicateurs", "territoires", "themes")
OTHERS = (
    "/calendrier.ics",
    "/donnees/flux.atom",
    "/pret",
    "/sante",
    "/robots.txt",
    "/sitemap.xml",
    "/fr/recherche",
    "/",
)
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE")
HEADERS = (
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "Host",
    "If-None-Match",
    "Range",
    "X-Forwarded-For",
    "Cookie",
)

Pairs = list[tuple[str, str]]


@cache
def site(write: Callable[[Path], Path]) -> Site:
    """The site on releases that ``write`` writes, made once a process."""
    folder = tempfile.TemporaryDirectory()
    made = create_app(write(Path(folder.name)))
    atexit.register(folder.cleanup)
    atexit.register(made.releases.close)
    return made


def asker(write: Callable[[Path], Path] = write_releases) -> Client:
    """A client of that site."""
    return site(write).server.test_client()


def safe(text: str) -> str:
    """A text as one part of an address."""
    return quote(text, safe="", errors="replace")


def query_of(pairs: Pairs) -> str:
    """Names and values as a query."""
    return "&".join(f"{safe(name)}={safe(value)}" for name, value in pairs)


def sound(answer: TestResponse) -> None:
    """Judge an answer: no failure of ours, nothing of our insides, no header slipped in. Raises AssertionError."""
    text = answer.get_data().decode(errors="replace")
    assert answer.status_code < 500, f"status {answer.status_code}"
    assert not [word for word in TOLD if word in text], "insides are told"
    assert "Set-Cookie" not in answer.headers, "a header was slipped in"
    assert "root:x:0" not in text, "a file of the machine was read"
    assert "<script>alert(1)</script>" not in text or answer.mimetype != "text/html", "a script was slipped in"
    assert not answer.headers.get("Location", "/").startswith(("//", "http")), "sent elsewhere"


def site_target(data: bytes) -> None:
    """An address of the site, with filters."""
    choices = Choices(data)
    path, query = _address(choices), query_of(_pairs(choices, NAMES, EXAMPLES))
    method = choices.of(METHODS)
    answer = asker().open(path, method=method, query_string=query, headers=_headers(choices), buffered=True)
    sound(answer)


def _address(choices: Choices) -> str:
    kind = choices.number(5)
    if kind == 0:
        return href(choices.of(("fr", "en")), choices.of(SLUGS))
    if kind == 1:
        return f"/{choices.of(('fr', 'en'))}/{choices.of(LISTS)}/{safe(choices.text())}"
    version = choices.of(("latest", VERSION)) if choices.often() else safe(choices.text())
    if kind == 2:
        table = choices.of((*CUT_BY, "jours")) if choices.often() else safe(choices.text())
        return f"/extrait/{version}.csv" if choices.number(1) else f"/extrait/{version}/{table}.csv"
    if kind == 3:
        parts = [choices.text() for _ in range(1 + choices.number(2))]
        return f"/donnees/{version}/" + choices.of(
            ("/".join(map(safe, parts)), safe("/".join(parts)), quote("/".join(parts), errors="replace"))
        )
    return choices.of(OTHERS) if kind == 4 else "/" + quote(choices.text(), errors="replace")


def _pairs(choices: Choices, names: Sequence[str], good: Mapping[str, Any]) -> Pairs:
    pairs: Pairs = []
    for _ in range(choices.number(4)):
        name = choices.of(names) if choices.often() else choices.text()
        pairs.append((name, str(good[name]) if name in good and choices.number(1) else choices.text()))
    return pairs


def _headers(choices: Choices) -> Pairs:
    if choices.often():
        return []
    value = choices.text().translate(dict.fromkeys(map(ord, "\r\n"), " "))
    return [(choices.of(HEADERS), value.encode("latin-1", errors="replace").decode("latin-1"))]


@cache
def parameters() -> dict[str, list[Mapping[str, Any]]]:
    """Parameters of each address of the API, as its description lists them."""
    document = json.loads(asker(write_true_releases).get("/api/v1/openapi.json").get_data())
    shared = document.get("components", {}).get("parameters", {})
    return {
        path: [shared[one["$ref"].rsplit("/", 1)[-1]] if "$ref" in one else one for one in item["get"]["parameters"]]
        for path, item in document["paths"].items()
    }


def api_target(data: bytes) -> None:
    """A question to the API, of parameters that its description lists."""
    choices = Choices(data)
    path = choices.of(sorted(parameters()))
    known = {one["name"]: one for one in parameters()[path]}
    for name in (name for name, one in known.items() if one["in"] == "path"):
        path = path.replace(f"{{{name}}}", safe(_value(choices, known[name])))
    if not choices.often():
        path += choices.of((".csv", ".json", ".parquet", "/", "//", ".", safe(choices.text())))
    inside = sorted(name for name, one in known.items() if one["in"] == "query") or ["lang"]
    pairs: Pairs = []
    for _ in range(choices.number(5)):
        name = choices.of(inside) if choices.often() else choices.text()
        pairs.append((name, _value(choices, known[name]) if name in known else choices.text()))
    ask_api(path, pairs, choices.of(METHODS), _headers(choices))


@cache
def cursors() -> dict[str, list[str]]:
    """What the cursor of a first page holds, by address of the API that gives one."""
    found: dict[str, list[str]] = {}
    for path in (path for path, listed in parameters().items() if "curseur" in {one["name"] for one in listed}):
        following = (ask_api(path, [("taille", "1")]).get_json() or {}).get("suivant")
        if following:
            text = parse_qs(urlsplit(following).query)["curseur"][0]
            found[path] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def cursor_target(data: bytes) -> None:
    """A cursor that a page gave, some of it changed."""
    choices = Choices(data)
    path = choices.of(sorted(cursors()))
    parts: list[Any] = list(cursors()[path])
    parts[choices.number(len(parts) - 1)] = choices.text() if choices.often() else _anything(choices, 2)
    if not choices.often():
        parts.append(choices.text())
    forged = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    ask_api(path, [("taille", "1"), ("curseur", forged)])


def ask_api(path: str, pairs: Pairs, method: str = "GET", headers: Pairs | None = None) -> TestResponse:
    """The answer of the API, judged. Raises AssertionError."""
    path = path if path.startswith("/api/") else f"/api/v1{path}"
    answer = asker(write_true_releases).open(
        path, method=method, query_string=query_of(pairs), headers=headers, buffered=True
    )
    sound(answer)
    if answer.status_code >= 400 and method == "GET":
        assert answer.mimetype == "application/problem+json", f"{answer.status_code} is no problem of RFC 9457"
    elif answer.status_code == 200 and method == "GET":
        _check_readable(answer)
    return answer


def _check_readable(answer: TestResponse) -> None:
    text = answer.get_data()
    if answer.mimetype == "application/json":
        json.loads(text, parse_constant=_no_constant)
    elif answer.mimetype == "text/csv":
        widths = {len(row) for row in csv.reader(io.StringIO(text.decode(), newline=""), strict=True)}
        assert len(widths) == 1, f"rows of {widths} cells"


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def _value(choices: Choices, parameter: Mapping[str, Any]) -> str:
    schema = parameter.get("schema", {})
    schema = schema.get("items", schema)
    good = [*schema.get("enum", ()), *([parameter["example"]] if "example" in parameter else ())]
    return str(choices.of(good)) if good and choices.number(3) else choices.text()


def callback_target(data: bytes) -> None:
    """The body of a callback: JSON of any shape, or one that a page sends with other values, a part changed."""
    choices = Choices(data)
    body = _anything(choices, 3) if choices.number(3) == 0 else _asked(choices)
    content = json.dumps(body).encode()
    if not choices.often():
        content = content[: choices.number(len(content))] + choices.take(4)
    answer = asker().post(CALLBACK, data=content, content_type=choices.of(("application/json", "text/plain", "")))
    sound(answer)


def _asked(choices: Choices) -> Any:
    callbacks = {name: one for name, one in site(write_releases).callback_map.items() if "callback" in one}
    output = choices.of(sorted(callbacks))
    declared = callbacks[output]["output"]
    places = ("/fr/scenes", "/en/carte", "/fr/services/x", "/", "", href("fr", choices.of(SLUGS)), choices.text())
    searches = (
        "",
        "?vue=" + choices.text(),
        "?q=" + choices.text(),
        "?" + query_of(_pairs(choices, NAMES, EXAMPLES)),
        choices.text(),
    )
    values = {"search": choices.of(searches), "pathname": choices.of(places)}
    parts = {
        part: [{**one, "value": values[one["property"]]} for one in callbacks[output][part]]
        for part in ("inputs", "state")
    }
    body: dict[str, Any] = {"output": output, "outputs": _ids(declared), "changedPropIds": [], **parts}
    if not choices.often():
        body[choices.of(sorted(body))] = _anything(choices, 2)
    return body


def _ids(declared: Any) -> Any:
    if isinstance(declared, (list, tuple)):
        return [_ids(one) for one in declared]
    return {"id": declared.component_id, "property": declared.component_property}


def _anything(choices: Choices, depth: int) -> Any:
    kind = choices.number(7 if depth else 5)
    simple = (None, choices.number(1) == 1, choices.number(255) - 99, 10**400, float("nan"), choices.text())
    if kind < len(simple):
        return simple[kind]
    inside = [_anything(choices, depth - 1) for _ in range(choices.number(3))]
    return inside if kind == 6 else {choices.of(("output", "inputs", "state", choices.text())): one for one in inside}
