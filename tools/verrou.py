"""The lock read as data: which packages, which bytes, which of them run and which only test and build.

Of the standard library alone, so that it can choose what to install: ``python -m tools.verrou`` prints the part of the
lock that runs, hashes included.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, PROJECT = ROOT / "requirements.lock", ROOT / "pyproject.toml"
OURSELVES = "observatoire-plan-crack"
# Extras that a server of the site or a builder of releases may install.
RUNNING_EXTRAS = ("geo", "s3", "spatial")
_HEAD = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*])?==(?P<version>[^\s;\\]+)\s*(;\s*(?P<marker>[^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?(?P<name>[A-Za-z0-9._-]+)")


@dataclass(frozen=True)
class Package:
    """One entry: ``sha256`` are the files that may be installed, ``via`` what asks for it, ``text`` its lines."""

    name: str
    version: str
    marker: str
    sha256: tuple[str, ...]
    via: frozenset[str]
    text: str


def canonical(name: str) -> str:
    """The name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def packages(lock: Path = LOCK) -> tuple[Package, ...]:
    """Every entry of a lock, in its order. One package may stand twice, for two versions of Python."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return tuple(_package(block) for block in blocks if block.strip())


def _package(block: str) -> Package:
    first, *rest = block.splitlines()
    head = _HEAD.match(first)
    if head is None:
        raise SystemExit(f"requirements.lock : « {first} » n'est pas « nom==version ». Refaites-le par « make lock ».")
    via = frozenset(
        canonical(found["name"]) for line in rest if (found := _VIA.match(line)) and line.strip() != "# via"
    )
    marker = (head["marker"] or "").strip()
    return Package(canonical(head["name"]), head["version"], marker, tuple(_HASH.findall(block)), via - {"via"}, block)


def asked(*extras: str) -> frozenset[str]:
    """Names that the project asks for itself: what it always needs, and those extras."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return frozenset(canonical(re.split(r"[\[<>=!~; ]", line)[0]) for line in lines)


def running(every: Iterable[Package], *extras: str) -> tuple[Package, ...]:
    """The entries that run: those asked for with these extras, and all that they ask for in turn."""
    listed, found = tuple(every), set(asked(*extras))
    while more := {one.name for one in listed if one.via & found} - found:
        found |= more
    return tuple(one for one in listed if one.name in found)


def main() -> None:
    """Print the part of the lock that runs."""
    sys.stdout.write("".join(one.text for one in running(packages())))


if __name__ == "__main__":
    main()
