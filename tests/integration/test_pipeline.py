"""From a feed file to a release: what enters, what is refused, what is rebuilt, what is published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from etl.build import outdated
from etl.files import sha256
from etl.simulate import simulate
from etl.snapshots import snapshots_of
from publish.index import read_index
from publish.release import BEGUN, warehouse_print
from publish.version import parse_version
from schemas.contract import load_contract
from schemas.errors import ReleaseConflict, UsageError
from tests.integration.house import REFERENCE, House

ROOT = Path(__file__).resolve().parents[2]


def caarud(path: Path, *rows: dict[str, object]) -> Path:
    """A caarud_activite file with these cells, the others left empty."""
    names = load_contract("caarud_activite").names
    lines = [",".join(str(row.get(name, "")) for name in names) for row in rows]
    path.write_text("\n".join([",".join(names), *lines]) + "\n", encoding="utf-8")
    return path


def line(number: int, annee: int, **cells: object) -> dict[str, object]:
    return {"service_id": f"sim-caarud-75-0{number}", "annee": annee, "origine": "simule", **cells}


def beds(folder: Path, *rows: str) -> Path:
    """A plan_lits file of simulated rows, each without its origin."""
    head = (
        "etablissement_id,unite,mois,lits_finances,lits_identifies,lits_ouverts,journees_disponibles,"
        "journees_utilisees,journees_attribuees,demandes,admissions,admissions_5_jours,delai_median_jours,"
        "delai_p90_jours,sorties_precoces,revus_j8,origine"
    )
    file = folder / "lits.csv"
    file.write_text("\n".join([head, *(f"{row},simule" for row in rows)]) + "\n")
    return file


# ── Ingest ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_accepted_file_is_kept_whole_with_its_sidecar(house: House, tmp_path: Path) -> None:
    file = caarud(tmp_path / "envoi.csv", line(1, 2024, file_active=500, femmes=100))
    done = house.ingest("caarud_activite", file)
    assert done.etat == "accepte"
    assert (done.dossier / "original.csv").read_bytes() == file.read_bytes()
    sidecar = json.loads((done.dossier / "sidecar.json").read_text())
    assert sidecar["sha256"] == sha256(file) == done.dossier.name
    assert (sidecar["feed"], sidecar["lignes"], sidecar["sequence"]) == ("caarud_activite", 1, 1)
    assert sidecar["recu_le"]
    assert sidecar["validateur_version"]


def test_a_rejected_file_changes_nothing_and_is_set_aside_with_its_report(house: House, tmp_path: Path) -> None:
    house.ingest("caarud_activite", caarud(tmp_path / "bon.csv", line(1, 2024, file_active=500, femmes=100)))
    before = snapshots_of("caarud_activite", house.data / "snapshots")
    bad = caarud(tmp_path / "faux.csv", line(1, 2024, file_active=500, femmes=501), line(2, 2024, file_active=10))
    done = house.ingest("caarud_activite", bad)
    assert done.etat == "rejete"
    assert snapshots_of("caarud_activite", house.data / "snapshots") == before
    assert (done.dossier / "original.csv").read_bytes() == bad.read_bytes()
    report = json.loads((done.dossier / "rapport.json").read_text())
    assert report["valid"] is False
    assert any(error["rule"] == "femmes_max_file_active" and error["row"] == 2 for error in report["errors"])


def test_the_same_file_twice_changes_nothing(house: House, tmp_path: Path) -> None:
    file = caarud(tmp_path / "a.csv", line(1, 2024, file_active=500))
    house.ingest("caarud_activite", file)
    before = snapshots_of("caarud_activite", house.data / "snapshots")
    assert house.ingest("caarud_activite", file).etat == "deja_recu"
    assert snapshots_of("caarud_activite", house.data / "snapshots") == before


def test_a_newer_file_replaces_the_rows_of_its_keys_and_the_older_stay_in_history(house: House, tmp_path: Path) -> None:
    first = caarud(tmp_path / "a.csv", line(1, 2024, file_active=500), line(2, 2024, file_active=300))
    second = caarud(tmp_path / "b.csv", line(1, 2024, file_active=520))
    query = "select service_id, file_active from flux_caarud_activite order by all"
    house.ingest("caarud_activite", first)
    house.ingest("caarud_activite", second)
    house.build()
    assert house.ask(query) == [("sim-caarud-75-01", 520), ("sim-caarud-75-02", 300)]
    assert len(snapshots_of("caarud_activite", house.data / "snapshots")) == 2
    # The first file sent again is the newest word.
    again = house.ingest("caarud_activite", first)
    assert (again.etat, [other.fichier for other in again.depuis]) == ("repris", ["b.csv"])
    house.build()
    assert house.ask(query) == [("sim-caarud-75-01", 500), ("sim-caarud-75-02", 300)]


def test_a_file_without_a_row_is_refused(house: House, tmp_path: Path) -> None:
    done = house.ingest("caarud_activite", caarud(tmp_path / "vide.csv"))
    assert done.etat == "rejete"
    report = json.loads((done.dossier / "rapport.json").read_text())
    assert [(error["row"], error["rule"]) for error in report["errors"]] == [(None, "no-rows")]
    assert snapshots_of("caarud_activite", house.data / "snapshots") == ()


def test_what_killed_processes_left_is_swept(house: House, tmp_path: Path) -> None:
    house.ingest("caarud_activite", caarud(tmp_path / "a.csv", line(1, 2024, file_active=500)))
    left = [house.data / "snapshots" / ".lecture.x", house.releases / ".2026.3.0+demo.x"]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "reste").write_text("x")
    draft = house.data / ".warehouse.duckdb.x"
    draft.write_text("x")
    house.ingest("caarud_activite", caarud(tmp_path / "b.csv", line(2, 2024, file_active=500)))
    house.build()
    house.release("2026.3.0+demo")
    assert not any(path.exists() for path in (*left, draft))


# ── Build ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_build_remakes_only_what_changed(house: House, tmp_path: Path) -> None:
    house.ingest("caarud_activite", caarud(tmp_path / "a.csv", line(1, 2024, file_active=500)))
    house.ingest("trend_scenes", simulate("trend_scenes", tmp_path, seed=1))
    assert all(result.secondes is not None for result in house.build())
    stamp = house.warehouse.stat().st_mtime_ns
    assert all(result.secondes is None for result in house.build())
    assert house.warehouse.stat().st_mtime_ns == stamp
    house.ingest("caarud_activite", caarud(tmp_path / "b.csv", line(2, 2024, file_active=100)))
    changed = {result.table for result in house.build() if result.secondes is not None}
    assert changed == {"flux_caarud_activite", "declarations_caarud_activite", "observations_caarud_activite"}


def test_a_build_without_a_change_computes_nothing_and_imports_nothing_to_compute_with(house: House) -> None:
    house.build()
    code = (
        "import sys; from pathlib import Path; from etl.build import build\n"
        "warehouse, snapshots, reference = map(Path, sys.argv[1:])\n"
        "build(warehouse, snapshots=snapshots, reference=reference)\n"
        "sys.exit(', '.join(sorted({'pandas', 'scipy', 'openpyxl', 'frictionless'} & set(sys.modules))) or 0)"
    )
    places = map(str, (house.warehouse, house.data / "snapshots", REFERENCE))
    done = subprocess.run([sys.executable, "-c", code, *places], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_share_is_taken_over_the_declarations_that_carry_both_counts(house: House, tmp_path: Path) -> None:
    rows = (line(1, 2024, file_active=100, femmes=30), line(2, 2024, file_active=900, femmes="ND"))
    house.ingest("caarud_activite", caarud(tmp_path / "a.csv", *rows))
    house.build()
    found = house.ask(
        "select numerateur, denominateur, valeur, attendues, recues from observations "
        "where indicateur = 'caarud_part_femmes' and territoire_niveau = 'region' and ventilation = 'ensemble'"
    )
    assert found == [(30, 100, 30.0, 2, 1)]


def test_a_delay_over_nobody_counts_the_returns_that_its_admissions_count(house: House, tmp_path: Path) -> None:
    months = ("2026-01,4,4,4,110,102,78,19,0,0,NC,NC,0,0", "2026-02,4,4,4,110,102,78,19,15,7,NC,,2,5")
    house.ingest("plan_lits", beds(tmp_path, *(f"sim-hopital-75-01,sevrage,{month}" for month in months)))
    house.build()
    found = house.ask(
        "select indicateur, periode, statut, denominateur, attendues, recues from observations "
        "where granularite = 'mois' and indicateur like 'lits_delai%' and territoire_niveau = 'departement' "
        "and ventilation = 'unite' order by all"
    )
    assert found == [
        ("lits_delai_median_jours", "2026-01", "non_applicable", 0, 1, 1),
        ("lits_delai_median_jours", "2026-02", "non_rapporte", None, 1, 0),
        ("lits_delai_p90_jours", "2026-01", "non_applicable", 0, 1, 1),
        ("lits_delai_p90_jours", "2026-02", "non_rapporte", None, 1, 0),
    ]


def test_a_measure_that_does_not_add_up_is_given_only_where_one_reporter_always_stood_behind_it(
    house: House, tmp_path: Path
) -> None:
    """The delay of a hospital would stop the month it opens a second unit: it is told unit by unit, from the first."""
    cells = "4,4,4,110,102,78,19,15,9,4,8,2,5"
    rows = (
        *(f"sim-hopital-75-01,sevrage,2026-0{month},{cells}" for month in (1, 2, 3)),
        f"sim-hopital-75-01,observation-orientation-1,2026-03,{cells}",
        *(f"sim-hopital-93-01,sevrage,2026-0{month},{cells}" for month in (1, 2, 3)),
    )
    assert house.ingest("plan_lits", beds(tmp_path, *rows)).etat == "accepte"
    house.build()
    found = house.ask(
        "select ventilation, modalite, count(*) from observations where indicateur = 'lits_delai_median_jours' "
        "and (territoire_niveau, territoire_code) = ('region', '11') group by all order by all"
    )
    assert found == [
        ("service", "sim-hopital-93-01", 3),
        ("unite", "sim-hopital-75-01/observation-orientation-1", 1),
        ("unite", "sim-hopital-75-01/sevrage", 3),
        ("unite", "sim-hopital-93-01/sevrage", 3),
    ]
    whole = house.ask(
        "select distinct territoire_code from observations where indicateur = 'lits_delai_median_jours' "
        "and ventilation = 'ensemble'"
    )
    assert whole == [("93",)]


def test_an_outcome_is_expected_once_its_follow_up_has_passed(house: House, tmp_path: Path) -> None:
    file = tmp_path / "resultats.csv"
    cohorts = {"2025-T3": ("ND", "ND"), "2025-T4": (30, "ND"), "2026-T1": (31, "ND"), "2026-T2": ("ND", "ND")}
    rows = [
        f"75,{outcome},{quarter},100,{found},simule\n"
        for quarter, counts in cohorts.items()
        for outcome, found in zip(("revu_j8", "soins_6_mois"), counts, strict=True)
    ]
    file.write_text("departement_code,resultat,trimestre,effectif_cohorte,effectif_resultat,origine\n" + "".join(rows))
    house.ingest("plan_resultats", file)
    house.build()
    found = house.ask(
        "select indicateur[16:], periode, statut, attendues, recues, provisoire from observations "
        "where indicateur in ('resultats_part_revu_j8', 'resultats_part_soins_6_mois') "
        "and territoire_niveau = 'departement' and granularite = 'trimestre' order by all"
    )
    assert found == [
        ("revu_j8", "2025-T3", "non_rapporte", 1, 0, False),
        ("revu_j8", "2025-T4", "valeur", 1, 1, False),
        ("revu_j8", "2026-T1", "valeur", 1, 1, False),
        ("revu_j8", "2026-T2", "non_applicable", 0, 0, True),
        ("soins_6_mois", "2025-T3", "non_rapporte", 1, 0, False),
        ("soins_6_mois", "2025-T4", "non_rapporte", 1, 0, False),
        ("soins_6_mois", "2026-T1", "non_applicable", 0, 0, True),
        ("soins_6_mois", "2026-T2", "non_applicable", 0, 0, True),
    ]


def test_zero_not_reported_and_not_applicable_are_told_apart(house: House, tmp_path: Path) -> None:
    rows = (
        line(1, 2023, file_active=100, tests_vih=0, tests_vhc="NC", maraudes="ND"),
        line(1, 2024, file_active=100),
        line(2, 2023, file_active=50),
        line(3, 2025, file_active=50),
    )
    house.ingest("caarud_activite", caarud(tmp_path / "a.csv", *rows))
    house.build()
    found = dict(
        house.ask(
            "select indicateur, statut from observations where modalite = 'sim-caarud-75-01' and periode = '2023' "
            "and territoire_niveau = 'departement' "
            "and indicateur in ('caarud_tests_vih', 'caarud_tests_vhc', 'caarud_maraudes')"
        )
    )
    assert found == {
        "caarud_tests_vih": "zero",
        "caarud_tests_vhc": "non_applicable",
        "caarud_maraudes": "non_rapporte",
    }
    # A reporter that sent 2023 and nothing since is expected in 2024 and 2025, and missed.
    missed = house.ask(
        "select periode, statut, attendues, recues from observations where modalite = 'sim-caarud-75-02' "
        "and indicateur = 'caarud_file_active' and territoire_niveau = 'departement' order by periode"
    )
    assert missed == [("2023", "valeur", 1, 1), ("2024", "non_rapporte", 1, 0), ("2025", "non_rapporte", 1, 0)]


def test_every_indicator_of_the_catalogue_has_observations(demo: House) -> None:
    assert demo.ask("select indicateur from indicateurs except select indicateur from observations") == []


def test_a_build_killed_at_any_moment_leaves_the_last_good_warehouse(house: House, tmp_path: Path) -> None:
    house.ingest("caarud_activite", caarud(tmp_path / "a.csv", line(1, 2024, file_active=500)))
    house.build()
    good = house.warehouse.read_bytes()
    house.ingest("trend_scenes", simulate("trend_scenes", tmp_path, seed=1))
    command = [sys.executable, "-m", "observatoire", "build", "--data", str(house.data)]
    for seconds in (0.8, 1.1, 1.4, 1.7):
        worker = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            worker.wait(seconds)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
            if house.warehouse.read_bytes() != good:  # killed between its last step and its end
                assert outdated(house.warehouse, snapshots=house.data / "snapshots", reference=REFERENCE) == ()
                break
        else:
            break
    house.build()
    assert house.ask("select count(*) > 0 from observations where source = 'trend_scenes'") == [(True,)]


# ── Release ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_release_has_the_promised_layout_and_its_sums_hold(demo: House) -> None:
    folder = demo.releases / "2026.3.0+demo"
    for name in ("datapackage.json", "README.md", "LICENCE.txt", "SHA256SUMS", "data/territoires.geojson"):
        assert (folder / name).is_file(), name
    sums = dict(reversed(row.split("  ")) for row in (folder / "SHA256SUMS").read_text().splitlines())
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    archive = "observatoire-plan-crack-2026.3.0+demo.zip"
    assert set(sums) == files - {archive, f"{archive}.sha256"}
    assert all(sha256(folder / name) == digest for name, digest in sums.items())
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        assert resource["bytes"] == (folder / resource["path"]).stat().st_size
        assert resource["hash"] == f"sha256:{sums[resource['path']]}"
        assert "schema" not in resource or (folder / resource["schema"]).is_file()


def test_no_count_of_persons_from_one_to_ten_is_published(demo: House) -> None:
    with duckdb.connect() as con:
        con.execute(f"create view o as from read_csv('{demo.releases}/2026.3.0+demo/data/observations.csv')")
        persons = ("personnes", "passages", "admissions", "demandes", "actes", "orientations", "tests", "entretiens")
        small = con.execute(
            "select count(*) from o where list_contains($units, unite) and valeur > 0 and valeur < 11",
            {"units": persons},
        ).fetchall()
        secret = con.execute(
            "select count(*), count(valeur), count(numerateur), count(denominateur), count(borne_basse), "
            "count(*) filter (where conf_status = 'C' and obs_status = 'Q') from o where statut = 'secret'"
        ).fetchall()[0]
        shares = con.execute(
            "select count(*) from o where indicateur in ('caarud_part_femmes', 'lits_part_admis_5_jours') and "
            "(numerateur between 1 and 10 or denominateur between 1 and 10 "
            "or denominateur - numerateur between 1 and 10)"
        ).fetchall()
    assert small == [(0,)]
    assert shares == [(0,)]
    assert secret[0] > 100
    assert secret[1:5] == (0, 0, 0, 0)
    assert secret[5] == secret[0]


def test_a_share_of_nobody_or_everybody_in_a_small_group_is_secret(demo: House) -> None:
    data = demo.releases / "2026.3.0+demo" / "data"
    with duckdb.connect() as con:
        con.execute(f"create view o as from '{data}/observations.parquet'")
        told = con.execute(
            "select count(*) from o where indicateur like 'resultats_part_%' and numerateur in (0, denominateur) "
            "and denominateur < 30 and statut <> 'non_applicable'"
        ).fetchall()
    hidden = demo.ask(
        "select count(*) from observations where indicateur like 'resultats_part_%' "
        "and numerateur in (0, denominateur) and denominateur between 11 and 29"
    )
    assert told == [(0,)]
    assert hidden[0][0] > 0


def test_places_and_beds_lose_nothing(demo: House) -> None:
    harmless = (
        "('lits_finances', 'lits_identifies', 'lits_ouverts', 'lits_journees_disponibles', 'repos_jours_ouverts')"
    )
    with duckdb.connect() as con:
        con.execute(f"create view o as from read_csv('{demo.releases}/2026.3.0+demo/data/observations.csv')")
        found = con.execute(
            f"select count(*) filter (where statut = 'secret'), count(*) from o where indicateur in {harmless}"
        ).fetchall()[0]
    assert found[0] == 0
    assert found[1] > 100


def test_csv_and_parquet_hold_the_same_rows(demo: House) -> None:
    data = demo.releases / "2026.3.0+demo" / "data"
    with duckdb.connect() as con:
        for parquet in sorted(data.glob("*.parquet")):
            schema = json.loads((data.parent / "schemas" / f"{parquet.stem}.json").read_text())
            # The schema names the columns of the CSV: the Parquet of territories has their geometry besides.
            names = ", ".join(f'"{field["name"]}"' for field in schema["fields"])
            con.execute(f"create or replace view p as select {names} from '{parquet}'")
            described = con.execute("describe p").fetchall()
            columns = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind, *_ in described)
            file = parquet.with_suffix(".csv")
            con.execute(f"create or replace view c as select {columns} from read_csv('{file}', all_varchar = true)")
            assert con.execute("(from p except all from c) union all (from c except all from p)").fetchall() == []


def test_demo_is_said_wherever_a_row_is_simulated(demo: House) -> None:
    with pytest.raises(ReleaseConflict, match=r"2026\.3\.1\+demo"):
        demo.release("2026.3.1")
    text = (demo.releases / "2026.3.0+demo" / "README.md").read_text()
    assert "simulées" in text
    assert "simulated" in text


def test_a_release_never_changes(demo: House) -> None:
    with pytest.raises(ReleaseConflict, match=r"2026\.3\.1\+demo"):
        demo.release("2026.3.0+demo")


@pytest.fixture(scope="module")
def again(demo: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The same warehouse released a second time elsewhere, over what an interrupted release left there."""
    house = House(tmp_path_factory.mktemp("encore"))
    house.warehouse = demo.warehouse
    (house.releases / "2026.3.0+demo").mkdir(parents=True)
    (house.releases / "2026.3.0+demo" / "moitié.csv").write_text("a\n")
    (house.releases / BEGUN).write_text("2026.3.0+demo")
    house.release("2026.3.0+demo")
    return house


def test_the_same_inputs_version_and_date_give_the_same_bytes(demo: House, again: House) -> None:
    first, second = ((house.releases / "2026.3.0+demo" / "SHA256SUMS").read_text() for house in (demo, again))
    assert first == second


def test_what_an_interrupted_release_left_is_replaced(demo: House, again: House) -> None:
    assert not (again.releases / "2026.3.0+demo" / "moitié.csv").exists()
    entry = read_index(again.releases)[0]
    assert (entry.version, entry.simule, entry.empreinte) == ("2026.3.0+demo", True, warehouse_print(demo.warehouse))


def test_a_release_needs_a_warehouse(house: House) -> None:
    with pytest.raises(UsageError, match="observatoire build"):
        house.release("2026.3.0+demo")


def test_a_warehouse_older_than_the_contracts_is_told_so(house: House, tmp_path: Path) -> None:
    house.ingest("caarud_activite", caarud(tmp_path / "a.csv", line(1, 2024, file_active=500)))
    house.build()
    with duckdb.connect(str(house.warehouse)) as con:
        con.execute("drop table liens")
    with pytest.raises(UsageError, match=r"liens n'y est pas.*observatoire build"):
        house.release("2026.3.0+demo")
    assert read_index(house.releases) == ()


@pytest.mark.parametrize("text", ["2026.3", "2026.5.0", "../2026.3.0", "2026.3.0+autre", "v2026.3.0", "2026.3.01"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="n'est pas une version"):
        parse_version(text)


def test_reference_tables_stand_in_the_release_as_transcribed(demo: House) -> None:
    """An absent value keeps the word that says why: ND stays ND."""
    published = (demo.releases / "2026.3.0+demo" / "data" / "consultations_cocaine.csv").read_text().splitlines()
    transcribed = (REFERENCE / "consultations_cocaine.csv").read_text().splitlines()
    assert len(published) == len(transcribed)
    assert sum("ND" in row.split(",") for row in published) == sum("ND" in row.split(",") for row in transcribed) > 0
