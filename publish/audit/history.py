"""Which releases an attacker knows: those published before one, withdrawn ones included, and where their files are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from publish.audit.knowledge import DATA, KEPT
from publish.audit.verdict import Verdict, audit
from schemas.errors import UsageError

INDEX = "index.json"


def earlier_releases(releases: Path, version: str) -> tuple[Path, ...]:
    """Folders of every release published before ``version``, or of all where it is not published yet, oldest first.

    Raises UsageError where the figures of one are nowhere: what was public once cannot be left out of the attack.
    """
    entries = _entries(releases)
    names = [entry["version"] for entry in entries]
    before = names[: names.index(version)] if version in names else names
    return tuple(_held(releases, name) for name in before)


def audit_published(version: str, releases: Path, progress: Callable[[str], None] = lambda _: None) -> Verdict:
    """Attack a release of the folder again. Raises UsageError where the index does not name it."""
    entry = next((entry for entry in _entries(releases) if entry["version"] == version), None)
    if entry is None:
        known = ", ".join(one["version"] for one in _entries(releases)) or "aucune"
        raise UsageError(f"La version « {version} » n'existe pas : rien n'est éprouvé. Existent : {known}.")
    earlier = earlier_releases(releases, version)
    return audit(_held(releases, version), earlier, version=version, day=entry["date"], progress=progress)


def _entries(releases: Path) -> list[dict[str, Any]]:
    path = releases / INDEX
    return list(json.loads(path.read_text(encoding="utf-8"))["releases"]) if path.exists() else []


def _held(releases: Path, version: str) -> Path:
    public = releases.resolve()
    folders = (public / version, public.with_name(public.name + KEPT) / version)
    found = next((folder for folder in folders if (folder / DATA / "observations.parquet").is_file()), None)
    if found is None:
        raise UsageError(
            f"{folders[0]} : les chiffres de la version {version} manquent, et ce qui a été public ne peut pas être "
            f"ignoré de l'épreuve. Remettez son dossier data dans {folders[1].name} de {folders[1].parent.name}."
        )
    return found
