"""Releases taken elsewhere: a static host's folder, an S3-compatible bucket, the national open data portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

PORTAL = "datagouv"


@dataclass(frozen=True)
class Brought:
    """What was done, or would be where ``dry``: each thing on its line, and all of it in a few words, in French."""

    dry: bool
    text: str
    summary: str


def bring(
    releases: Path,
    target: str,
    *,
    dry: bool | None,
    environment: Mapping[str, str],
    progress: Callable[[str], None] = lambda _: None,
) -> Brought:
    """Take a folder of releases to a host, or tell the portal of the newest; the portal only where ``dry`` is False.

    Raises UsageError for a target of no known kind, and what ``carry.deposit`` and ``sync.synchronise`` raise.
    """
    if target == PORTAL:
        from publish.deposit.datagouv.http import from_environment
        from publish.deposit.datagouv.sync import synchronise

        dry = dry is not False
        organization = environment.get("DATAGOUV_ORGANISATION", "")
        told = synchronise(releases, from_environment(environment), organization=organization, dry=dry)
        return Brought(dry, told.to_text(), told.summary(dry=dry))
    from publish.deposit.carry import deposit
    from publish.deposit.target import open_target

    plan = deposit(releases, open_target(target, releases=releases), dry=bool(dry), progress=progress)
    return Brought(bool(dry), plan.to_text(), plan.summary(dry=bool(dry)))
