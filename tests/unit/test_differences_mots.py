"""The differences in words, and the usual size of revisions counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from fixtures_versions import AFTER, BEFORE, error, indicator, observation, write

from publish.differences import lines, summary
from publish.differences.diff import Snapshot, diff, no_difference
from publish.differences.sizes import usual_sizes
from publish.differences.told import changelog, first_changelog, story

PROVISIONAL = {"provisoire": True}


def test_a_changelog_tells_definitions_first(tmp_path: Path) -> None:
    before = write(tmp_path, BEFORE, observations=[observation(recues=1)])
    catalogue = [indicator(definition="Mieux."), indicator("lits_ouverts")]
    after = write(tmp_path, AFTER, observations=[observation(value=101.0)], indicateurs=catalogue)
    with duckdb.connect(":memory:") as con:
        diff(con, before, after)
        text = changelog(story(con, before, after))
    assert text.startswith(f"# Journal des changements – version {AFTER}\n")
    assert "- Indicateur « Nom de lits_demandes » (`lits_demandes`) : changement de definition\n" in text
    assert "- Indicateur « Nom de lits_ouverts » (`lits_ouverts`) : ajout\n" in text
    assert "## Révisions" not in text
    assert "- Aucune erreur corrigée." in text


def test_a_changelog_tells_each_cause_with_its_counts(tmp_path: Path) -> None:
    old = [observation(f"2025-T{quarter}") for quarter in (1, 2, 3, 4)]
    new = [
        observation("2025-T1", 101.0, recues=1),
        observation("2025-T2", 102.0, recues=1),
        observation("2025-T3", 103.0),
        observation("2025-T4", None),
        observation("2026-T1"),
    ]
    declared = error(date_debut=date(2025, 4, 1), date_fin=date(2025, 6, 30))
    before, after = (
        write(tmp_path, BEFORE, observations=old, corrections=[]),
        write(tmp_path, AFTER, observations=new, corrections=[declared]),
    )
    with duckdb.connect(":memory:") as con:
        diff(con, before, after)
        found, rows = story(con, before, after), list(lines(con))
    text, screen = changelog(found), summary(found)
    assert "- Corrections d'erreurs : 1 ligne modifiée (dont 1 dans leur valeur)." in text
    assert "- sim-CO001 : Compté deux fois. Double retiré.\n" in text
    assert "- Révisions : 1 ligne modifiée (dont 1 dans leur valeur)." in text
    assert "  - Nom de lits_demandes (`lits_demandes`) : 1 ligne modifiée (dont 1 dans leur valeur)" in text
    assert "- Révisions sans cause déclarée : 1 ligne modifiée (dont 1 dans leur valeur)." in text
    assert "- Secret statistique : 1 ligne modifiée (dont 1 dans leur valeur)." in text
    assert "- Nouvelles données : 1 ligne ajoutée." in text
    assert "Aucune erreur corrigée" not in text
    assert screen.splitlines()[0] == f"De {BEFORE} à {AFTER} :"
    assert "    observations : 1 ligne ajoutée" in screen.splitlines()
    assert len(rows) == 3 + 3 + 2 + 5 + 1 + 1  # Cells by quarter, the new row, the row of the register.
    assert all(line.startswith('{"jeu":"') for line in rows)


def test_nothing_changed_is_told_as_such(tmp_path: Path) -> None:
    rows = [observation()]
    before, after = write(tmp_path, BEFORE, observations=rows), write(tmp_path, AFTER, observations=rows)
    with duckdb.connect(":memory:") as con:
        diff(con, before, after)
        found = story(con, before, after)
    assert "Rien n'a changé." in changelog(found)
    assert summary(found) == f"Aucune différence entre {BEFORE} et {AFTER}."
    assert "pas encore de révision" in first_changelog(BEFORE)


def sizes(*releases: tuple[Path, date], differences: bool = True) -> list[dict[str, object]]:
    snapshots = [(Snapshot(folder, folder.name), day) for folder, day in releases]
    with duckdb.connect(":memory:") as con:
        if differences and len(snapshots) > 1:
            diff(con, snapshots[-2][0], snapshots[-1][0])
        else:
            no_difference(con)
        usual_sizes(con, snapshots)
        return con.execute("select * from revisions order by indicateur, age_trimestres").df().to_dict("records")


def test_one_release_has_no_revision_yet(tmp_path: Path) -> None:
    first = write(tmp_path, BEFORE, observations=[observation()])
    assert sizes((first.folder, date(2026, 12, 16))) == []


def test_sizes_are_those_counted_by_hand(tmp_path: Path) -> None:
    """Two figures of the last quarter move by +10 and -4, one stays; an older one stays."""
    places = [{"territoire_niveau": "departement", "territoire_code": code} for code in ("75", "93", "77")]
    old = [observation("2026-T3", 100.0, **PROVISIONAL, **place) for place in places]
    new = [observation("2026-T3", value, **place) for value, place in zip((110.0, 96.0, 100.0), places, strict=True)]
    before = write(tmp_path, BEFORE, observations=[*old, observation("2026-T1")])
    after = write(tmp_path, AFTER, observations=[*new, observation("2026-T1")])
    recent, older = sizes((before.folder, date(2026, 12, 16)), (after.folder, date(2027, 3, 18)))
    assert recent == {
        "indicateur": "lits_demandes",
        "age_trimestres": 0,
        "unite": "demandes",
        "comparaisons": 3,
        "revisees": 2,
        "biais": 2.0,
        "ecart_absolu_moyen": round(14 / 3, 6),
        "ecart_relatif": round(14 / 306, 6),
        "ecart_absolu_max": 10.0,
        "versions": 1,
        "origine": "simule",
    }
    assert (older["age_trimestres"], older["comparaisons"], older["revisees"]) == (2, 1, 0)


@pytest.mark.parametrize(
    ("period", "day", "age"),
    [
        ("2026-T3", date(2026, 9, 1), 0),
        ("2026-T3", date(2026, 12, 31), 0),
        ("2026-T3", date(2027, 1, 1), 1),
        ("2026-T2", date(2026, 12, 16), 1),
        ("2020-T1", date(2026, 12, 16), 8),
    ],
)
def test_age_is_counted_in_whole_quarters_from_the_end_of_the_period(
    tmp_path: Path, period: str, day: date, age: int
) -> None:
    rows = [observation(period)]
    before, after = write(tmp_path, BEFORE, observations=rows), write(tmp_path, AFTER, observations=rows)
    (row,) = sizes((before.folder, day), (after.folder, date(2027, 3, 18)))
    assert row["age_trimestres"] == age


def test_errors_definitions_secrets_and_breakdowns_are_no_revision(tmp_path: Path) -> None:
    old = [
        observation("2026-T3"),
        observation("2026-T2", None),
        observation("2026-T1"),
        observation("2025-T4", ventilation="service", modalite="a"),
        observation("2025-T4", indicateur="lits_ouverts"),
    ]
    new = [
        observation("2026-T3", 500.0),
        observation("2026-T2", 500.0),
        observation("2026-T1", None),
        observation("2025-T4", 500.0, ventilation="service", modalite="a"),
        observation("2025-T4", 500.0, indicateur="lits_ouverts"),
    ]
    catalogue = [indicator(), indicator("lits_ouverts")]
    before = write(tmp_path, BEFORE, observations=old, indicateurs=catalogue)
    redefined = [indicator(), indicator("lits_ouverts", definition="Autre chose.")]
    declared = [error(indicateur="lits_demandes", date_debut=date(2026, 7, 1))]
    after = write(tmp_path, AFTER, observations=new, indicateurs=redefined, corrections=declared)
    assert sizes((before.folder, date(2026, 12, 16)), (after.folder, date(2027, 3, 18))) == []


def test_every_pair_of_successive_releases_counts(tmp_path: Path) -> None:
    versions = ("2026.3.0+demo", "2026.4.0+demo", "2027.1.0+demo")
    values, days = (100.0, 110.0, 110.0), (date(2026, 12, 16), date(2027, 3, 18), date(2027, 6, 16))
    folders = [
        write(tmp_path, version, observations=[observation("2024-T1", value)]).folder
        for version, value in zip(versions, values, strict=True)
    ]
    (row,) = sizes(*zip(folders, days, strict=True))
    assert (row["versions"], row["comparaisons"], row["revisees"], row["biais"]) == (2, 2, 1, 5.0)


def test_what_an_earlier_release_corrected_is_read_in_its_own_file(tmp_path: Path) -> None:
    versions = ("2026.3.0+demo", "2026.4.0+demo", "2027.1.0+demo")
    days = (date(2026, 12, 16), date(2027, 3, 18), date(2027, 6, 16))
    first = write(tmp_path, versions[0], observations=[observation("2024-T1", 100.0)])
    rows = [observation("2024-T1", 110.0)]
    declared = [error(version_corrigee=versions[1])]
    with duckdb.connect(":memory:") as con:
        diff(con, first, write(tmp_path / "essai", versions[1], observations=rows, corrections=declared))
        kept = con.execute("select * from differences").df().astype(object)
    told = [{key: None if value != value else value for key, value in row.items()} for row in kept.to_dict("records")]
    second = write(tmp_path, versions[1], observations=rows, corrections=declared, differences=told)
    third = write(tmp_path, versions[2], observations=rows, corrections=declared)
    folders = (first.folder, second.folder, third.folder)
    (row,) = sizes(*zip(folders, days, strict=True))
    assert (row["comparaisons"], row["revisees"]) == (1, 0)
