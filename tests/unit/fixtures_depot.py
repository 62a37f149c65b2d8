"""Releases of a few bytes: all that checking and copying them needs."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from publish.verify import archive_of, checksum_of

FILES = {
    "data/observations.csv": b"indicateur,valeur\nlits_ouverts,4\n",
    "data/observations.parquet": b"PAR1" + bytes(range(256)) + b"PAR1",
    "schemas/observations.json": b'{"fields": []}\n',
    "site/index.html": b"<!doctype html>\n<title>Observatoire</title>\n",
    "README.md": "# Lisez-moi — à lire\n".encode(),
}
MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def write_release(releases: Path, version: str, files: Mapping[str, bytes] = FILES, *, archive: bool = True) -> Path:
    """One release folder with its descriptor, its list and its archive; the index is left as it is."""
    folder = releases / version
    bodies = {**files, "datapackage.json": descriptor(version, files)}
    bodies["SHA256SUMS"] = "".join(f"{sha(body)}  {name}\n" for name, body in sorted(bodies.items())).encode()
    for name, body in bodies.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    if archive:
        path = archive_of(releases, version)
        with zipfile.ZipFile(path, "w") as opened:
            for name, body in bodies.items():
                opened.writestr(f"{path.stem}/{name}", body)
        checksum_of(path).write_text(f"{sha(path.read_bytes())}  {path.name}\n")
    return folder


def descriptor(version: str, files: Mapping[str, bytes]) -> bytes:
    resources = [
        {
            "name": Path(name).stem if name.endswith("csv") else f"{Path(name).stem}-{Path(name).suffix[1:]}",
            "path": name,
            "title": Path(name).stem.capitalize(),
            "description": "Ce que dit la table.",
            "format": Path(name).suffix[1:],
            "mediatype": MEDIA.get(Path(name).suffix[1:], "application/octet-stream"),
            "bytes": len(body),
            "hash": f"sha256:{sha(body)}",
            "schema": "schemas/observations.json",
        }
        for name, body in files.items()
        if name.startswith("data/")
    ]
    return json.dumps(
        {
            "name": "observatoire-plan-crack",
            "title": "Observatoire",
            "description": "Indicateurs.",
            "homepage": "https://observatoire.example",
            "version": version,
            "temporal": {"start": "2019-01-01", "end": "2026-09-30"},
            "spatial": [{"level": "france", "code": "FR"}, {"level": "region", "code": "11"}],
            "resources": resources,
        }
    ).encode()


def write_index(releases: Path, versions: Sequence[str]) -> None:
    entries = [
        {
            "version": version,
            "date": "2026-11-22",
            "statut": "publie",
            "simule": version.endswith("+demo"),
        }
        for version in versions
    ]
    document = {"latest": max(versions), "releases": entries}
    (releases / "index.json").write_text(json.dumps(document))


def write_releases(releases: Path, *versions: str, files: Mapping[str, bytes] = FILES) -> Path:
    """A folder of such releases and their index."""
    for version in versions:
        write_release(releases, version, files)
    write_index(releases, versions)
    return releases
