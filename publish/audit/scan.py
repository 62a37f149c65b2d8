"""A scan of every file of a release: what no equation covers, because it is not where figures should be."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import duckdb
import numpy as np

from publish.audit.secrets import CELL, Secrets, secrets_of
from publish.audit.texts import speaking
from publish.audit.words import Leak
from publish.audit.workbooks import oddities, sheets

# What writers of Parquet add of their own to say how the columns are typed; anything else is not ours.
METADATA = ("ARROW:schema", "geo")
GEOMETRY = ("geometry", "bbox")
NUMERIC = ("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT")


def scan(folder: Path, con: duckdb.DuckDBPyConnection, version: int) -> list[Leak]:
    """What the files of the release show of its secret cells, and what they hold that no contract declares."""
    secrets = secrets_of(con, version)
    return [
        *_tables(folder, secrets),
        *_differences(folder, secrets),
        *_statistics(folder, con),
        *_workbooks(folder, secrets),
        *_boundaries(folder),
        *_archives(folder),
        *(_cell("texte", name, dict(zip(("mesure", "periode", "code"), cell, strict=True)))
          for name, cell in speaking(folder, secrets.named())),
    ]  # fmt: skip


def _cell(reason: str, name: str, keys: dict[str, str]) -> Leak:
    return Leak(reason, {"fichier": name, **keys})


def _keyed(name: str, cells: list[tuple[str, ...]]) -> Iterator[Leak]:
    for cell in cells:
        yield _cell("fichier", name, dict(zip(("mesure", *CELL[1:]), cell, strict=True)))


def _tables(folder: Path, secrets: Secrets) -> Iterator[Leak]:
    """Tables that show a figure of a secret cell, or a column their contract does not declare."""
    for path in sorted((folder / "data").iterdir()):
        if path.suffix not in (".csv", ".parquet"):
            continue
        name = f"data/{path.name}"
        options = ", header = true, all_varchar = true" if path.suffix == ".csv" else ""
        reader = "read_csv" if path.suffix == ".csv" else "read_parquet"
        relation = f"{reader}('{_quoted(path)}'{options})"
        columns = [row[0] for row in secrets.con.execute(f"describe select * from {relation}").fetchall()]
        for column in sorted(set(columns) - _declared(folder, path.stem, columns)):
            yield _cell("colonne", f"{name}, colonne {column}", {})
        yield from _keyed(name, secrets.shown_in(relation, columns))


def _declared(folder: Path, name: str, columns: list[str]) -> set[str]:
    """The columns the release's own contract of a table declares; all of them where it has none."""
    path = folder / "schemas" / f"{name}.json"
    if not path.exists():
        return set(columns)
    fields = json.loads(path.read_text(encoding="utf-8")).get("fields", [])
    return {field["name"] if isinstance(field, dict) else field for field in fields} | set(GEOMETRY)


def _differences(folder: Path, secrets: Secrets) -> Iterator[Leak]:
    """Differences between releases name their cell in one column: taken apart, they are a table like another."""
    path = folder / "data" / "differences.parquet"
    if not path.exists():
        return
    keys = ("indicateur", "territoire_niveau", "territoire_code", "periode", "ventilation", "modalite")
    taken = ", ".join(f"cle->>'$.{key}' as {key}" for key in keys)
    relation = (
        f"(select {taken}, avant, apres from read_parquet('{_quoted(path)}', hive_partitioning = false) "
        "where jeu = 'observations' and list_contains(['valeur', 'numerateur', 'denominateur', 'borne_basse', "
        "'borne_haute'], champ))"
    )
    yield from _keyed("data/differences.parquet", secrets.shown_in(relation, [*keys, "avant", "apres"]))


def _statistics(folder: Path, con: duckdb.DuckDBPyConnection) -> Iterator[Leak]:
    """Smallest and largest values that a Parquet file announces and does not hold; words of its maker."""
    for path in sorted(folder.rglob("*.parquet")):
        name = path.relative_to(folder).as_posix()
        words = con.execute(
            f"select distinct decode(key) from parquet_kv_metadata('{_quoted(path)}') order by all"
        ).fetchall()
        yield from (_cell("metadonnee", f"{name}, clé {key}", {}) for (key,) in words if key not in METADATA)
        yield from (_cell("statistique", f"{name}, colonne {column}", {}) for column in _untrue(path, con))


def _untrue(path: Path, con: duckdb.DuckDBPyConnection) -> list[str]:
    """Numeric columns of which a group of rows announces an extreme that it does not hold."""
    types = {
        row[0]: row[1]
        for row in con.execute(f"describe from read_parquet('{_quoted(path)}', hive_partitioning = false)").fetchall()
    }
    numeric = [name for name, kind in types.items() if kind.startswith(NUMERIC)]
    if not numeric:
        return []
    announced = con.execute(
        "select row_group_id, path_in_schema, coalesce(stats_min_value, stats_min)::double, "
        "coalesce(stats_max_value, stats_max)::double, row_group_num_rows "
        f"from parquet_metadata('{_quoted(path)}') where list_contains(?, path_in_schema) order by all",
        [numeric],
    ).fetchall()
    # The engine would answer from what the file announces, which is what is in doubt.
    con.execute("set disabled_optimizers = 'statistics_propagation'")
    sizes = {row[0]: row[4] for row in announced}
    starts = [0, *np.cumsum([sizes[group] for group in sorted(sizes)]).tolist()]
    extremes = ", ".join(f'min("{name}")::double, max("{name}")::double' for name in numeric)
    held: dict[int, Sequence[float | None]] = {}
    for group, (start, end) in enumerate(pairwise(starts)):
        query = (
            f"select {extremes} from read_parquet('{_quoted(path)}', file_row_number = true, hive_partitioning = false)"
        )
        within = f"{query} where file_row_number >= ? and file_row_number < ?"
        held[group] = con.execute(within, [start, end]).fetchall()[0]
    con.execute("reset disabled_optimizers")
    return sorted({column for group, column, *said, _ in announced if _lies(said, held[group], numeric.index(column))})


def _lies(said: Sequence[float | None], held: Sequence[float | None], place: int) -> bool:
    return any(one is not None and one != true for one, true in zip(said, held[2 * place : 2 * place + 2], strict=True))


def _workbooks(folder: Path, secrets: Secrets) -> Iterator[Leak]:
    for path in sorted((folder / "data").glob("*.xlsx")):
        name = f"data/{path.name}"
        yield from (_cell("classeur", f"{name}, {oddity}", {}) for oddity in oddities(path))
        for sheet in sheets(path):
            keys, figures, forbidden = secrets.places(sheet.header)
            if keys:
                shown = sheet.showing(keys, figures, forbidden.keys())
                yield from _keyed(name, sorted({forbidden[key] for key in shown}))


def _boundaries(folder: Path) -> Iterator[Leak]:
    """Properties of boundaries beyond those of a territory."""
    for path in sorted(folder.rglob("*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8")).get("features", [])
        held = {name for feature in features for name in feature.get("properties") or {}}
        name = path.relative_to(folder).as_posix()
        for extra in sorted(held - _declared(folder, path.stem, list(held))):
            yield _cell("propriete", f"{name}, propriété {extra}", {})


def _archives(folder: Path) -> Iterator[Leak]:
    """Members of an archive that are not the files of the release."""
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                inner = member.filename.partition("/")[2] or member.filename
                same = [folder / inner, folder / member.filename]
                file = next((one for one in same if one.is_file()), None)
                if not member.is_dir() and (file is None or crc32(file.read_bytes()) != member.CRC):
                    yield _cell("archive", f"{path.name}, {member.filename}", {})


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
