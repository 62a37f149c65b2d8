"""The red team: leaks planted one at a time in a release that had none. Each must be found, none may be told."""

from __future__ import annotations

import json
import struct
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from publish.audit import Verdict, audit, audit_published, inspect
from publish.formats.xlsx import write_workbook
from schemas.errors import AuditFailed
from tests.integration import fabrique
from tests.integration.fabrique import HIDDEN, MONTHS, QUARTER, REGION, SECRET, Fabrique, safe

SERVICE, MONTH = "service-01-a", "2026-01"
DAY = date(2026, 5, 1)
OTHER = "service-01-b"


def judged(made: Fabrique, folder: Path, *earlier: Fabrique) -> Verdict:
    """The verdict on a release, the earlier ones known."""
    known = [one.write(folder / f"2026.1.{rank}") for rank, one in enumerate(earlier)]
    release = made.write(folder / "2026.2.0")
    return audit(release, known, version="2026.2.0", day="2026-05-01")


def reasons(verdict: Verdict) -> set[str]:
    return {leak.raison for leak in verdict.fuites}


def modalities(verdict: Verdict) -> set[str]:
    return {leak.cellule.get("modalite", "") for leak in verdict.fuites}


def test_the_release_without_a_leak_passes(tmp_path):
    verdict = judged(safe(), tmp_path)
    assert verdict.sure
    assert verdict.rapport["cellules"]["secretes"] == 24
    assert verdict.rapport["quantites"]["inconnues"] == len(HIDDEN)


def test_primary_suppression_alone_is_undone(tmp_path):
    made = Fabrique(fabrique.whole(), fabrique.references())
    cell = made.cells(modalite=SERVICE, periode=MONTH)
    made.hide(cell & made.observations["indicateur"].str.startswith("visites"))
    verdict = judged(made, tmp_path)
    assert "intervalle" in reasons(verdict)
    assert SERVICE in modalities(verdict)


# ── Figures that give another away ────────────────────────────────────────────────────────────────────────────────────


def test_a_margin_left(tmp_path):
    made = safe()
    for service, month in HIDDEN:
        if service == OTHER:
            made.reveal(indicateur="visites", modalite=service, periode=month)
    leaks = judged(made, tmp_path)
    assert not leaks.sure
    assert SERVICE in modalities(leaks)
    assert any("departement 01 2026-01 ensemble tous" in text for leak in leaks.fuites for text in leak.equations)


def test_a_month_against_its_quarter(tmp_path):
    made = safe()
    for service, month in HIDDEN:
        if month == "2026-02":
            made.reveal(indicateur="visites", modalite=service, periode=month)
    # The months of the department are hidden, so that only the quarter can tell.
    months = made.observations["periode"].isin(MONTHS[:2]) & (made.observations["ventilation"] == "ensemble")
    made.hide(months & made.observations["indicateur"].str.startswith("visites"))
    verdict = judged(made, tmp_path)
    assert {SERVICE} <= modalities(verdict)
    assert any(QUARTER in text for leak in verdict.fuites for text in leak.equations)


def test_a_rate_with_its_denominator(tmp_path):
    made = safe()
    rate = made.cells(indicateur="visites_par_place", modalite=SERVICE, periode=MONTH)
    truth = fabrique.whole().loc[rate]
    made.observations.loc[rate, ["valeur", "statut"]] = truth[["valeur", "statut"]]
    assert "intervalle" in reasons(judged(made, tmp_path))


def test_a_mean_with_its_base(tmp_path):
    made = safe()
    mean = made.cells(indicateur="visites_par_personne", modalite=SERVICE, periode=MONTH, territoire_niveau="region")
    truth = fabrique.whole().loc[mean]
    columns = ["valeur", "denominateur", "statut"]
    made.observations.loc[mean, columns] = truth[columns]
    assert "intervalle" in reasons(judged(made, tmp_path))


def test_an_interval_that_gives_the_count_away(tmp_path):
    made = safe()
    chosen = made.cells(indicateur="part_femmes", modalite=SERVICE, periode=MONTH)
    truth = made.observations.loc[chosen].copy()
    small = 6.0
    low, high = fabrique._interval("wilson", small, 80.0, 100.0)
    made.hide(
        made.cells(modalite=SERVICE, periode=MONTH) & made.observations["indicateur"].isin(["femmes", "personnes"])
    )
    made.observations.loc[chosen, list(SECRET)] = [100 * small / 80, None, None, low, high]
    verdict = judged(made, tmp_path)
    assert "intervalle" in reasons(verdict)
    assert "essai.femmes" in {leak.cellule.get("mesure") for leak in verdict.fuites}
    assert not truth.empty


def test_a_population_weighted_rate(tmp_path):
    made = safe()
    # The department's January is hidden with its services: only its rate is left, and its population is known.
    january = made.observations["periode"].isin(MONTHS[:2]) & (made.observations["ventilation"] == "ensemble")
    made.hide(january & made.observations["indicateur"].str.startswith("visites"))
    for code in ("01", REGION):
        for month in MONTHS[:2]:
            rate = made.cells(indicateur="visites_taux", territoire_code=code, periode=month)
            made.observations.loc[rate, ["valeur", "statut"]] = fabrique.whole().loc[rate, ["valeur", "statut"]]
    made.observations[["borne_basse", "borne_haute"]] = float("nan")
    # Without the second service's cells the department's total is the first one's, less what is known.
    made.reveal(indicateur="visites", modalite=OTHER, periode=MONTH)
    verdict = judged(made, tmp_path)
    assert SERVICE in modalities(verdict)


def test_a_share_with_its_complement(tmp_path):
    # Two indicators show the women and the people of a service; their share is hidden, since four are left.
    made = safe({(SERVICE, MONTH): {"femmes": 56, "personnes": 60}})
    made.hide(made.cells(indicateur="part_femmes", modalite=SERVICE, periode=MONTH))
    leaks = [leak for leak in judged(made, tmp_path).fuites if leak.raison == "reste"]
    assert {leak.cellule["mesure"] for leak in leaks} == {"essai.personnes"}
    assert {leak.cellule["modalite"] for leak in leaks} == {SERVICE}


def test_a_share_published_with_a_small_complement(tmp_path):
    made = safe()
    made.show(
        {"numerateur": 58.0, "denominateur": 60.0, "valeur": 96.666667},
        indicateur="part_femmes",
        modalite=SERVICE,
        periode=MONTH,
    )
    assert "complement" in reasons(judged(made, tmp_path))


def test_everybody_in_a_small_group(tmp_path):
    made = safe()
    made.show(
        {"numerateur": 20.0, "denominateur": 20.0, "valeur": 100.0},
        indicateur="part_femmes",
        modalite=SERVICE,
        periode=MONTH,
    )
    assert "unanimite" in reasons(judged(made, tmp_path))


def with_delay(made: Fabrique, **told: object) -> Fabrique:
    """The same release with the median delay of the people of a service in a month, which bounds the count of women."""
    tables = made.tables
    delay = {"indicateur": "attente", "genre": "mesure", "numerateur": "attente", "denominateur": "personnes"}
    tables["indicateurs"] = pd.concat([tables["indicateurs"], pd.DataFrame([{**delay, "flux": "essai"}])])
    measure = {"flux": "essai", "mesure": "attente", "temps": "aucune", "territoire": "aucune", "sensible": False}
    tables["mesures"] = pd.concat([tables["mesures"], pd.DataFrame([{**measure, "borne": "femmes"}])])
    row = made.observations[made.cells(indicateur="personnes", modalite=SERVICE, periode=MONTH)].head(1)
    row = row.assign(indicateur="attente", numerateur=None, **told)
    made.observations = pd.concat([made.observations, row.astype(made.observations.dtypes)], ignore_index=True)
    return made


def test_a_median_beside_the_hidden_count_that_it_bounds(tmp_path):
    made = with_delay(safe(), valeur=4.0, denominateur=60.0)
    assert judged(made, tmp_path / "ensemble").sure
    women = made.observations["indicateur"].isin(["femmes", "part_femmes"])
    made.hide(women & made.cells(modalite=SERVICE, periode=MONTH))
    assert "quantile" in reasons(judged(made, tmp_path / "seule"))


def test_a_median_without_object_beside_a_hidden_count(tmp_path):
    people = ["personnes", "part_femmes", "visites_par_personne"]
    made = with_delay(safe(), valeur=None, denominateur=None, recues=0, statut="non_applicable")
    made.hide(made.observations["indicateur"].isin(people) & made.cells(modalite=SERVICE, periode=MONTH))
    leaks = judged(made, tmp_path).fuites
    assert "essai.personnes" in {leak.cellule.get("mesure") for leak in leaks}


def test_a_zero_that_another_measure_tells(tmp_path):
    made = safe()
    made.show({"valeur": 0.0, "numerateur": 0.0}, indicateur="places", modalite=SERVICE, periode=MONTH)
    assert judged(made, tmp_path / "sans").sure
    made.tables["mesures"].loc[made.tables["mesures"]["mesure"] == "visites", "nulle_si"] = "places"
    assert SERVICE in modalities(judged(made, tmp_path / "avec"))


def test_a_small_count_in_the_open(tmp_path):
    made = safe()
    made.show({"numerateur": 7.0, "valeur": 7.0}, indicateur="personnes", modalite=SERVICE, periode=MONTH)
    assert "petit_effectif" in reasons(judged(made, tmp_path))


@pytest.mark.parametrize("column", SECRET)
def test_a_secret_row_that_shows_any_of_its_figures(tmp_path, column):
    made = safe()
    made.show({column: 12.5}, indicateur="visites_par_place", modalite=SERVICE, periode=MONTH)
    assert "ligne_secrete" in reasons(judged(made, tmp_path))


def test_a_service_shown_at_region_level_but_hidden_in_its_department(tmp_path):
    made = safe()
    made.reveal(indicateur="visites", modalite=SERVICE, periode=MONTH, territoire_niveau="region")
    verdict = judged(made, tmp_path)
    assert "petit_effectif" in reasons(verdict)
    assert "intervalle" in reasons(verdict)


def test_a_territory_total_with_a_single_direct_reporter(tmp_path):
    made = safe()
    # The department's total is whole, and the lines of one of its three services are withheld: the rest is that one.
    gone = made.observations["modalite"] == "service-26-c"
    made.observations = made.observations[~gone].reset_index(drop=True)
    total = made.cells(indicateur="visites", territoire_code="26", periode=MONTH, ventilation="ensemble")
    others = made.cells(indicateur="visites", territoire_code="26", periode=MONTH, ventilation="service")
    made.observations.loc[total, ["valeur", "numerateur"]] = made.observations.loc[others, "valeur"].sum() + 3
    leaks = judged(made, tmp_path).fuites
    assert ("reste", "26") in {(leak.raison, leak.cellule.get("code")) for leak in leaks}


# ── Several releases ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_releases_of_the_same_figures_give_nothing_more(tmp_path):
    assert judged(safe(), tmp_path, safe(), safe()).sure


def test_a_pattern_that_changes_between_releases(tmp_path):
    before = safe()
    for service, month in HIDDEN:
        before.reveal(indicateur="visites", modalite=service, periode=month)
    first = judged(safe(), tmp_path, before)
    assert "intervalle" in reasons(first)


def test_a_revised_total_with_unrevised_parts(tmp_path):
    before, after = safe(), safe()
    # A late report adds 4 visits to the total of the department and of the region: the parts stay as they were.
    for code in ("01", REGION):
        cell = after.cells(indicateur="visites", territoire_code=code, periode=MONTH, ventilation="ensemble")
        after.observations.loc[cell, ["valeur", "numerateur"]] += 4
        after.observations.loc[cell, ["recues", "attendues"]] += 1
    verdict = judged(after, tmp_path, before)
    assert "reste" in reasons(verdict)
    assert {"01", REGION} & {leak.cellule["code"] for leak in verdict.fuites}


def test_a_revision_that_everyone_sees_is_no_leak(tmp_path):
    before, after = safe(), safe()
    for code, level in (("26", "departement"), (REGION, "region")):
        for period in (MONTH, QUARTER):
            cells = (after.observations["indicateur"] == "visites") & after.cells(
                territoire_code=code, territoire_niveau=level, periode=period
            )
            cells &= after.observations["ventilation"].eq("ensemble") | after.observations["modalite"].eq(
                "service-26-a"
            )
            after.observations.loc[cells, ["valeur", "numerateur"]] += 40
    rates = after.observations["indicateur"].isin(["visites_taux", "visites_par_personne", "visites_par_place"])
    for one in (before, after):
        one.observations = one.observations[~rates.reindex(one.observations.index)].reset_index(drop=True)
    verdict = judged(after, tmp_path, before)
    assert verdict.sure
    assert verdict.rapport["versions_connues"] == ["2026.1.0"]


def test_a_withdrawn_release_is_still_known(tmp_path):
    before = safe()
    before.reveal(indicateur="visites", modalite=SERVICE, periode=MONTH)
    releases = fabrique.write_releases(
        tmp_path / "releases", {"2026.1.0": before, "2026.1.1": safe()}, withdrawn=["2026.1.0"]
    )
    assert not (releases / "2026.1.0").exists()
    assert "intervalle" in reasons(audit_published("2026.1.1", releases))


# ── Other files ───────────────────────────────────────────────────────────────────────────────────────────────────────

POINT = {"indicateur": "visites", "territoire_code": "01", "periode": MONTH, "modalite": SERVICE, "y": 5}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "site/fr/indicateurs/visites.html",
            f"<html><body><script type='application/json'>[{json.dumps(POINT)}]</script></body></html>",
        ),
        (
            "site/fr/visites.svg",
            f'<svg><circle data-indicateur="visites" data-modalite="{SERVICE}" data-periode="{MONTH}" cy="1.5"/></svg>',
        ),
        ("site/en/t.html", f"<table><tr><td>visites</td><td>{SERVICE}</td><td>{MONTH}</td><td>5</td></tr></table>"),
        ("README.md", f"En {MONTH}, {SERVICE} a compté 5 visites.\n"),
        ("CHANGELOG.md", f"- visites {MONTH} {SERVICE} : 5 -> 9\n"),
    ],
)
def test_a_chart_s_data_or_a_text_beside_the_names_of_a_secret_cell(tmp_path, name, text):
    made = safe()
    made.fichiers[name] = text
    verdict = judged(made, tmp_path)
    assert [leak.raison for leak in verdict.fuites] == ["texte"]
    assert verdict.fuites[0].cellule["fichier"] == name


def test_a_text_that_says_that_a_cell_is_secret_is_no_leak(tmp_path):
    made = safe()
    made.fichiers["site/fr/visites.html"] = f"<li>visites, {SERVICE}, {MONTH} : secret statistique</li>"
    assert judged(made, tmp_path).sure


def test_a_table_that_shows_the_figure_of_a_secret_cell(tmp_path):
    made = safe()
    made.tables["controle_quotidien"] = pd.DataFrame(
        {"indicateur": ["visites"], "service_id": [SERVICE], "mois": [MONTH], "valeur": [5.0]}
    )
    leaks = judged(made, tmp_path).fuites
    assert {(leak.raison, leak.cellule["fichier"]) for leak in leaks} == {
        ("fichier", "data/controle_quotidien.csv"),
        ("fichier", "data/controle_quotidien.parquet"),
    }


def test_a_csv_that_says_more_than_its_parquet(tmp_path):
    release = safe().write(tmp_path / "2026.2.0")
    path = release / "data" / "observations.csv"
    frame = pd.read_csv(path, dtype=str)
    row = (frame["indicateur"] == "visites") & (frame["modalite"] == SERVICE) & (frame["periode"] == MONTH)
    frame.loc[row, "valeur"] = "5.0"
    frame.to_csv(path, index=False)
    verdict = audit(release, version="2026.2.0", day="2026-05-01")
    assert {leak.cellule["fichier"] for leak in verdict.fuites} == {"data/observations.csv"}


def test_a_column_no_contract_declares(tmp_path):
    release = safe().write(tmp_path / "2026.2.0")
    path = release / "data" / "services.csv"
    path.write_text(path.read_text().replace("service_id,", "service_id,visites_brutes,", 1))
    verdict = audit(release, version="2026.2.0", day="2026-05-01")
    assert "colonne" in reasons(verdict)


def test_a_geojson_property(tmp_path):
    made = safe()
    feature = {"type": "Feature", "properties": {"niveau": "departement", "code": "01", "visites": 5}, "geometry": None}
    made.fichiers["data/territoires.geojson"] = json.dumps({"type": "FeatureCollection", "features": [feature]})
    verdict = judged(made, tmp_path)
    assert [leak.raison for leak in verdict.fuites] == ["propriete"]


def test_an_xlsx_hidden_sheet_row_comment_or_part(tmp_path):
    release = safe().write(tmp_path / "2026.2.0")
    book = Workbook()
    book.active["A1"] = "visible"
    book.create_sheet("brouillon").sheet_state = "hidden"
    book.active.row_dimensions[2].hidden = True
    book.active["A1"].comment = Comment("compte brut", "x")
    book.save(release / "data" / "services.xlsx")
    found = {leak.cellule["fichier"] for leak in audit(release, version="2026.2.0", day="2026-05-01").fuites}
    assert any("feuille masquée" in one for one in found)
    assert any("masquées dans" in one for one in found)
    assert any("comments" in one for one in found)


def test_an_xlsx_cell_of_a_secret_row(tmp_path):
    release = safe().write(tmp_path / "2026.2.0")
    book = Workbook()
    book.active.append(["indicateur", "territoire_code", "periode", "modalite", "valeur"])
    book.active.append(["visites", "01", MONTH, SERVICE, None])
    book.save(release / "data" / "observations.xlsx")
    assert audit(release, version="2026.2.0", day="2026-05-01").sure
    book.active["E2"] = 5
    book.save(release / "data" / "observations.xlsx")
    assert reasons(audit(release, version="2026.2.0", day="2026-05-01")) == {"fichier"}
    with pytest.raises(AuditFailed, match=SERVICE):
        inspect(release, version="2026.2.0")


def test_a_cell_of_a_workbook_written_as_ours(tmp_path):
    leaky = safe()
    leaky.reveal(indicateur="visites", modalite=SERVICE, periode=MONTH, territoire_niveau="departement")
    other = leaky.write(tmp_path / "other") / "data" / "observations.parquet"
    release = safe().write(tmp_path / "2026.2.0")
    target = release / "data" / "observations.xlsx"
    definitions = [["x"] * 8]
    write_workbook(release / "data" / "observations.parquet", target, title="t", day=DAY, definitions=definitions)
    inspect(release, version="2026.2.0")
    write_workbook(other, target, title="t", day=DAY, definitions=definitions)
    with pytest.raises(AuditFailed, match=f"{SERVICE}.*chiffre d'une cellule secrète") as refusal:
        inspect(release, version="2026.2.0")
    assert str(refusal.value).count("observations.xlsx") == 1


def test_a_parquet_statistic(tmp_path):
    release = safe().write(tmp_path / "2026.2.0")
    path = release / "data" / "observations.parquet"
    least = duckdb.sql(f"select min(numerateur) from read_parquet('{path}')").fetchall()[0][0]
    content = path.read_bytes()
    footer = len(content) - 8 - struct.unpack("<I", content[-8:-4])[0]
    spoiled = content[footer:].replace(struct.pack("<d", least), struct.pack("<d", 5.0))
    assert spoiled != content[footer:]
    path.write_bytes(content[:footer] + spoiled)
    assert "statistique" in reasons(audit(release, version="2026.2.0", day="2026-05-01"))


def test_a_parquet_word_of_its_maker(tmp_path):
    release = safe().write(tmp_path / "2026.2.0")
    path = release / "data" / "services.parquet"
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"brut": "visites=5"}), path)
    assert reasons(audit(release, version="2026.2.0", day="2026-05-01")) == {"metadonnee"}
    assert pa.__version__


def test_an_archive_that_holds_another_file(tmp_path):
    release = safe().write(tmp_path / "2026.2.0")
    with zipfile.ZipFile(release / "tout.zip", "w") as archive:
        archive.write(release / "data" / "services.csv", "2026.2.0/data/services.csv")
    assert audit(release, version="2026.2.0", day="2026-05-01").sure
    with zipfile.ZipFile(release / "tout.zip", "a") as archive:
        archive.writestr("2026.2.0/brouillon.csv", "visites,5")
    assert reasons(audit(release, version="2026.2.0", day="2026-05-01")) == {"archive"}
