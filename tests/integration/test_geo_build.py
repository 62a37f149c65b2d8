"""A whole build from tiny made-up packages: same bytes twice, merged land given back, nothing replaced on failure."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.build import build
from geo.packages import Edition, Manifest, Package, PackageMismatch
from geo.sources import CANTONS_MEMBER, COMMUNES_MEMBER
from geo.territories import Key, load_neighbours, load_populations, load_territories
from schemas.errors import ContractBroken, UsageError

# A grid of squares of a tenth of a degree around Paris: name → columns and rows it covers.
CELLS = {
    "75101": (2, 1),
    "75102": (3, 1),
    "92001": (1, 1),
    "93066": (2, 2),
    "93059": (2, 3),
    "93001": (3, 2),
    "94001": (2, 0),
}
DEPARTMENTS = {"75": "11", "77": "11", "92": "11", "93": "11", "94": "11", "971": "01"}


def square(column: int, row: int) -> Any:
    x, y = 21 + column, 487 + row
    return shapely.box(x / 10, y / 10, (x + 1) / 10, (y + 1) / 10)


def boundaries(*, without: Iterable[str] = ()) -> bytes:
    """A wheel as of the later codes: 93059 has no row of its own any more and its land is nobody's."""
    cells = {code: square(*cell) for code, cell in CELLS.items()}
    around = [square(c, r) for c in range(6) for r in range(6) if (c, r) not in CELLS.values()]
    shapes = {("COM", code): shape for code, shape in cells.items() if not code.startswith("75") and code != "93059"}
    shapes |= {("ARM", code): shape for code, shape in cells.items() if code.startswith("75")}
    shapes[("COM", "75056")] = shapely.union_all([cells["75101"], cells["75102"]])
    shapes[("COM", "77001")] = shapely.union_all(around)
    shapes[("COM", "97101")] = shapely.box(-61.6, 16.1, -61.4, 16.3)
    rows = [
        f"{number},{code},{kind},{code},\\N,{shapely.to_wkb(shape, hex=True) if code not in without else chr(92) + 'N'}"
        for number, ((kind, code), shape) in enumerate(sorted(shapes.items()))
    ]
    table = "\n".join(["id,code,type,nom,commune_parent_id,geometry", *rows]) + "\n"
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(COMMUNES_MEMBER, lzma.compress(table.encode()))
        archive.writestr(CANTONS_MEMBER, lzma.compress(b"id,code,geometry\n"))
    return wheel.getvalue()


def codes(*, merged: bool) -> bytes:
    """An npm archive before or after 93059 joined 93066."""
    listed = ["75056", "77001", "92001", "93001", "93066", "94001", "97101", *([] if merged else ["93059"])]
    communes: list[dict[str, Any]] = [
        {"code": code, "nom": f"Commune {code}", "type": "commune-actuelle", "population": 1000}
        | {"departement": "971" if code == "97101" else code[:2]}
        for code in listed
    ]
    communes += [
        {"code": code, "nom": f"Paris {rank}e Arrondissement", "type": "arrondissement-municipal", "departement": "75"}
        | {"population": 500}
        for rank, code in enumerate(("75101", "75102"), start=1)
    ]
    if merged:
        communes.append({"code": "93059", "type": "commune-deleguee", "chefLieu": "93066"})
    files = {
        "communes": communes,
        "departements": [{"code": code, "nom": f"D{code}", "region": region} for code, region in DEPARTMENTS.items()],
        "regions": [{"code": "01", "nom": "Guadeloupe"}, {"code": "11", "nom": "Île-de-France"}],
        "epci": [],
    }
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, value in files.items():
            data = json.dumps(value).encode()
            member = tarfile.TarInfo(f"package/data/{name}.json")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return content.getvalue()


def pin(folder: Path, client: str, filename: str, content: bytes) -> Package:
    (folder / filename).write_bytes(content)
    return Package(client, filename, "1", filename, hashlib.sha256(content).hexdigest(), "test")


def manifest(folder: Path, wheel: bytes) -> Manifest:
    folder.mkdir(exist_ok=True)
    return Manifest(
        pin(folder, "pip", "contours.whl", wheel),
        2024,
        (
            Edition(2024, 2022, pin(folder, "npm", "codes-2024.tgz", codes(merged=False))),
            Edition(2026, 2023, pin(folder, "npm", "codes-2026.tgz", codes(merged=True))),
        ),
    )


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    return tmp_path / "packages"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_packages_same_bytes(tmp_path: Path, packages: Path) -> None:
    pins = manifest(packages, boundaries())
    first = build(tmp_path / "a", packages=packages, manifest=pins)
    second = build(tmp_path / "b", packages=packages, manifest=pins)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert first == second
    assert set(first.files) == set(contents(tmp_path / "a"))
    assert first.territories == {"france": 1, "region": 2, "departement": 6, "arrondissement": 2, "commune": 5}


def test_merged_land_is_given_back_and_its_neighbours_follow(tmp_path: Path, packages: Path) -> None:
    build(tmp_path / "out", packages=packages, manifest=manifest(packages, boundaries()))
    document = json.loads((tmp_path / "out/contours/paris_petite_couronne.geojson").read_text(encoding="utf-8"))
    shapes = {item["properties"]["code"]: shapely.geometry.shape(item["geometry"]) for item in document["features"]}
    assert shapes["93066"].contains(square(*CELLS["93059"]).centroid)
    ended = {place.code for place in load_territories(tmp_path / "out") if place.date_fin}
    assert ended == {"93059"}
    neighbours = load_neighbours(tmp_path / "out")
    assert set(neighbours[Key("arrondissement", "75101")]) == {
        ("arrondissement", "75102"),
        ("commune", "92001"),
        ("commune", "93066"),
        ("commune", "94001"),
    }
    assert load_populations(tmp_path / "out")[Key("commune", "93059")].keys() == {2024}


def test_a_wrong_package_changes_nothing(tmp_path: Path, packages: Path) -> None:
    pins = manifest(packages, boundaries())
    build(tmp_path / "out", packages=packages, manifest=pins)
    before = contents(tmp_path / "out")
    (packages / "contours.whl").write_bytes(b"something else")
    with pytest.raises(PackageMismatch, match=r"contours\.whl"):
        build(tmp_path / "out", packages=packages, manifest=pins)
    assert contents(tmp_path / "out") == before


def test_a_territory_without_boundary_is_named_and_nothing_is_written(tmp_path: Path, packages: Path) -> None:
    pins = manifest(packages, boundaries(without=["93001"]))
    with pytest.raises(ContractBroken, match="commune 93001"):
        build(tmp_path / "out", packages=packages, manifest=pins)
    assert not (tmp_path / "out").exists()


def test_packages_are_not_fetched_when_a_folder_is_given(tmp_path: Path, packages: Path) -> None:
    pins = manifest(packages, boundaries())
    (packages / "codes-2026.tgz").unlink()
    with pytest.raises(UsageError, match=r"codes-2026\.tgz"):
        build(tmp_path / "out", packages=packages, manifest=pins)
