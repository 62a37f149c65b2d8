"""The published scoring rules of the MDN HTTP Observatory, as a table, to grade an answer by.

Rules and modifiers: https://github.com/mdn/mdn-http-observatory, ``src/grader/charts.js`` and ``src/analyzer/tests``,
read in November 2026. What needs a second request (redirection from HTTP, the list of preloaded hosts) is left out: the
first is the business of the server in front, the second can only add.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Headers = Mapping[str, str]
BASE, EXTRA_CREDIT_FROM = 100, 90
GRADES = ((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"), (45, "C-"))
MODIFIERS = {
    "csp-implemented-with-no-unsafe-default-src-none": 10,
    "csp-implemented-with-no-unsafe": 5,
    "csp-implemented-with-unsafe-inline-in-style-src-only": 0,
    "csp-implemented-with-insecure-scheme-in-passive-content-only": -10,
    "csp-implemented-with-unsafe-eval": -10,
    "csp-implemented-with-unsafe-inline": -20,
    "csp-implemented-with-insecure-scheme": -20,
    "csp-not-implemented": -25,
    "cookies-not-found": 0,
    "cookies-found": -20,
    "cross-origin-resource-sharing-not-implemented": 0,
    "cross-origin-resource-sharing-implemented-with-public-access": 0,
    "cross-origin-resource-sharing-implemented-with-universal-access": -50,
    "referrer-policy-private": 5,
    "referrer-policy-not-implemented": 0,
    "referrer-policy-unsafe": -5,
    "hsts-implemented-max-age-at-least-six-months": 0,
    "hsts-implemented-max-age-less-than-six-months": -10,
    "hsts-not-implemented": -20,
    "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": 0,
    "sri-not-implemented-but-external-scripts-loaded-securely": -5,
    "sri-not-implemented-and-external-scripts-not-loaded-securely": -50,
    "x-content-type-options-nosniff": 0,
    "x-content-type-options-not-implemented": -5,
    "x-frame-options-implemented-via-csp": 5,
    "x-frame-options-sameorigin-or-deny": 0,
    "x-frame-options-not-implemented": -20,
    "cross-origin-resource-policy-not-implemented": 0,
    "cross-origin-resource-policy-implemented-with-same-origin": 10,
    "cross-origin-resource-policy-implemented-with-same-site": 10,
    "cross-origin-resource-policy-implemented-with-cross-origin": 0,
    "cross-origin-resource-policy-header-invalid": -5,
}
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15_768_000


def policy_of(headers: Headers) -> dict[str, set[str]]:
    """The directives of a policy, with their sources."""
    parts = (part.split() for part in headers.get("Content-Security-Policy", "").split(";"))
    return {part[0].lower(): {source.lower() for source in part[1:]} for part in parts if part}


def contents(headers: Headers, _body: str) -> str:
    found = policy_of(headers)
    if not found:
        return "csp-not-implemented"
    default = found.get("default-src", {"*"})
    script, style, objects = (found.get(name, default) for name in ("script-src", "style-src", "object-src"))
    images = found.get("img-src", default) | found.get("media-src", default)
    for sources in (script, style):
        if any(source.startswith(("'sha", "'nonce-")) for source in sources):
            sources.discard("'unsafe-inline'")
    active = set().union(*(sources for name, sources in found.items() if name not in ("img-src", "media-src")))
    if script & (BROAD | INLINE) or objects & BROAD:
        return "csp-implemented-with-unsafe-inline"
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return "csp-implemented-with-insecure-scheme"
    if "'unsafe-eval'" in script | style:
        return "csp-implemented-with-unsafe-eval"
    if any(source.startswith(("http:", "ftp:")) for source in images):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only"
    if style & (BROAD | INLINE):
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    return "csp-implemented-with-no-unsafe" + ("-default-src-none" if default == {"'none'"} else "")


def cookies(headers: Headers, _body: str) -> str:
    return "cookies-found" if "Set-Cookie" in headers else "cookies-not-found"


def sharing(headers: Headers, _body: str) -> str:
    if headers.get("Access-Control-Allow-Credentials", "").lower() == "true":
        return "cross-origin-resource-sharing-implemented-with-universal-access"
    public = "Access-Control-Allow-Origin" in headers
    return f"cross-origin-resource-sharing-{'implemented-with-public-access' if public else 'not-implemented'}"


def referrers(headers: Headers, _body: str) -> str:
    said = headers.get("Referrer-Policy")
    return f"referrer-policy-{'not-implemented' if said is None else 'private' if said in PRIVATE else 'unsafe'}"


def transport(headers: Headers, _body: str) -> str:
    found = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    if not found:
        return "hsts-not-implemented"
    return f"hsts-implemented-max-age-{'at-least' if int(found[1]) >= SIX_MONTHS else 'less-than'}-six-months"


def integrity(_headers: Headers, body: str) -> str:
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', body)
    if any(script.startswith(("//", "http://")) for script in scripts):
        return "sri-not-implemented-and-external-scripts-not-loaded-securely"
    if any(script.startswith("https://") for script in scripts):
        return "sri-not-implemented-but-external-scripts-loaded-securely"
    return "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"


def types(headers: Headers, _body: str) -> str:
    said = headers.get("X-Content-Type-Options") == "nosniff"
    return f"x-content-type-options-{'nosniff' if said else 'not-implemented'}"


def frames(headers: Headers, _body: str) -> str:
    if "frame-ancestors" in policy_of(headers):
        return "x-frame-options-implemented-via-csp"
    said = headers.get("X-Frame-Options", "").lower() in ("deny", "sameorigin")
    return f"x-frame-options-{'sameorigin-or-deny' if said else 'not-implemented'}"


def resources(headers: Headers, _body: str) -> str:
    said = headers.get("Cross-Origin-Resource-Policy")
    if said is None:
        return "cross-origin-resource-policy-not-implemented"
    known = said in ("same-origin", "same-site", "cross-origin")
    return f"cross-origin-resource-policy-{f'implemented-with-{said}' if known else 'header-invalid'}"


RULES: tuple[Callable[[Headers, str], str], ...] = (
    *(contents, cookies, sharing, referrers, transport, integrity, types, frames, resources),
)


def score(headers: Headers, body: str = "") -> int:
    """The score of an answer served over HTTPS: bonuses count only where it is 90 or more without them."""
    changes = [MODIFIERS[rule(headers, body)] for rule in RULES]
    without = BASE + sum(change for change in changes if change < 0)
    return max(0, without + (sum(change for change in changes if change > 0) if without >= EXTRA_CREDIT_FROM else 0))


def grade(points: int) -> str:
    """The letter of a score."""
    return next((letter for least, letter in GRADES if points >= least), "D+ or less")
