"""A host where releases are copied: what every kind of host can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from publish.deposit.contents import Item
from schemas.errors import DiskRefused, UsageError


class HostFailed(DiskRefused):
    """A host refused or did not answer: nothing that its index names was touched."""


class Target(Protocol):
    """A host. Names are paths below its root, with slashes; a name appears whole or not at all.

    Every method may raise HostFailed.
    """

    def describe(self) -> str:
        """The host as the operator names it."""

    @property
    def parallel(self) -> int:
        """How many calls it takes at once."""

    def sizes(self, tops: Iterable[str]) -> Mapping[str, int]:
        """Bytes of each file held below those first names."""

    def digest(self, name: str) -> str:
        """SHA-256 of a file it holds; empty where it cannot say."""

    def send(self, item: Item) -> None:
        """Hold that file, going on with what an interrupted run sent of it."""

    def write(self, name: str, body: bytes) -> None:
        """Replace a small file that changes with each release, in one step."""

    def read(self, name: str) -> bytes | None:
        """A small file; None where there is none."""

    def remove(self, name: str) -> None:
        """Hold that file no more."""

    def finish(self, tops: Iterable[str]) -> None:
        """Leave nothing below those first names, nor any draft of ours, but what is published."""


def open_target(text: str, *, releases: Path) -> Target:
    """The host that a text names: ``s3://bucket/prefix``, ``file:///folder`` or a folder.

    Raises UsageError where it is none, or where the folder is the releases' own.
    """
    parts = urlsplit(text)
    if parts.scheme == "s3":
        from publish.deposit.s3 import S3Target

        return S3Target(parts.netloc, parts.path.strip("/"))
    if not text.strip() or ("://" in text and (parts.scheme != "file" or parts.netloc not in ("", "localhost"))):
        raise UsageError(
            f"« {text} » : cette cible n'est pas connue. "
            "Donnez un dossier, file:///dossier, s3://seau/préfixe ou datagouv."
        )
    from publish.deposit.folder import FolderTarget

    root = Path(unquote(parts.path) if parts.scheme == "file" else text).resolve()
    if root == releases.resolve() or root in releases.resolve().parents or releases.resolve() in root.parents:
        raise UsageError(
            f"{root} : la cible est le dossier des versions lui-même, ou le contient. Donnez-en une autre."
        )
    return FolderTarget(root)
