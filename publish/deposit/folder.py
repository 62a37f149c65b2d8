"""A folder that a web server gives to all: the simplest host."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from etl.files import sha256, sync
from publish.deposit.contents import Item
from publish.deposit.target import HostFailed

DRAFTS = ".envoi"


@contextmanager
def _told(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HostFailed(
            f"{root} : la cible ne peut pas être lue ou écrite ({error.strerror or error}). "
            "Vérifiez la place libre et les droits, puis relancez : l'envoi reprendra où il en était."
        ) from error


class FolderTarget:
    """Files are written beside, synced, then take their name in one step; a folder served is never half of itself."""

    parallel = 1

    def __init__(self, root: Path) -> None:
        self.root = root

    def describe(self) -> str:
        """The folder."""
        return str(self.root)

    def sizes(self, tops: Iterable[str]) -> Mapping[str, int]:
        """Bytes of each file below those folders."""
        with _told(self.root):
            files = (path for top in tops for path in sorted((self.root / top).rglob("*")) if not path.is_dir())
            return {path.relative_to(self.root).as_posix(): path.lstat().st_size for path in files}

    def digest(self, name: str) -> str:
        """SHA-256 of the bytes that are there, read again; empty for a link, which is no file of ours."""
        path = self.root / name
        with _told(self.root):
            return "" if path.is_symlink() else sha256(path)

    def send(self, item: Item) -> None:
        """Copy a file."""
        with _told(self.root), self._draft(item.name) as draft:
            shutil.copyfile(item.path, draft)

    def write(self, name: str, body: bytes) -> None:
        """Replace a file."""
        with _told(self.root), self._draft(name) as draft:
            draft.write_bytes(body)

    @contextmanager
    def _draft(self, name: str) -> Iterator[Path]:
        """A file to fill, which takes its name once its bytes are on the disk."""
        target, drafts = self.root / name, self.root / DRAFTS
        drafts.mkdir(parents=True, exist_ok=True)
        _make(target.parent, self.root)
        handle, text = tempfile.mkstemp(dir=drafts)
        os.close(handle)
        draft = Path(text)
        yield draft
        draft.chmod(0o644)
        sync(draft)
        draft.replace(target)
        sync(target.parent)

    def read(self, name: str) -> bytes | None:
        """A file; None where there is none."""
        path = self.root / name
        with _told(self.root):
            return path.read_bytes() if path.is_file() else None

    def remove(self, name: str) -> None:
        """Delete a file, and the folders it leaves empty."""
        path = self.root / name
        with _told(self.root):
            path.unlink(missing_ok=True)
            for folder in path.parents:
                if folder == self.root or any(folder.iterdir()):
                    break
                folder.rmdir()

    def finish(self, tops: Iterable[str]) -> None:  # noqa: ARG002 (a host's method: drafts stand elsewhere here)
        """Remove drafts, those of killed runs included."""
        shutil.rmtree(self.root / DRAFTS, ignore_errors=True)


def _make(folder: Path, root: Path) -> None:
    """Make a folder that a web server may read, whatever the umask, and those above it up to the root."""
    if folder.is_dir():
        return
    if folder != root:
        _make(folder.parent, root)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    sync(folder.parent)
