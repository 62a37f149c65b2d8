"""The demonstration as it is published: what is sensitive is hidden in full, and nothing else loses a figure."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from schemas.confidentialite import secrecy_rule

KEY = "indicateur, territoire_niveau, territoire_code, periode, ventilation, modalite"
FIGURES = ("valeur", "numerateur", "denominateur", "borne_basse", "borne_haute")


@pytest.fixture(scope="module")
def both(demo) -> duckdb.DuckDBPyConnection:
    """View `telles`: the observations of the warehouse; view `publiees`: those of the release."""
    release = Path(demo.releases) / "2026.3.0+demo" / "data"
    con = duckdb.connect()
    con.execute(f"attach '{demo.warehouse}' as entrepot (read_only)")
    con.execute("create view telles as from entrepot.observations")
    for name in ("indicateurs", "mesures"):
        con.execute(f"create view {name} as from '{release}/{name}.parquet'")
    con.execute(f"create view publiees as from '{release}/observations.parquet'")
    return con


def count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return con.execute(f"select count(*) from {query}").fetchall()[0][0]


def test_a_secret_row_has_no_number_and_says_so_in_sdmx(both):
    told = " or ".join(f"{column} is not null" for column in FIGURES)
    assert count(both, "publiees where statut = 'secret'") > 0
    assert count(both, f"publiees where statut = 'secret' and ({told} or obs_status <> 'Q' or conf_status <> 'C')") == 0
    assert count(both, "publiees where conf_status = 'C' and statut <> 'secret'") == 0


def test_every_row_is_published_once(both):
    assert count(both, "publiees") == count(both, "telles") > 0
    assert count(both, f"(select {KEY} from publiees group by all having count(*) > 1)") == 0


def test_no_small_count_of_people_is_published(both):
    small = f"between 1 and {secrecy_rule().seuil - 1}"
    shown = (
        "publiees as o join indicateurs as i using (indicateur) join mesures as m on m.flux = o.source and m.sensible "
        f"and ((m.mesure = i.numerateur and if(i.genre = 'mesure', valeur, o.numerateur) {small}) "
        f"or (m.mesure = i.denominateur and o.denominateur {small}))"
    )
    assert count(both, shown) == 0
    assert count(both, shown.replace("publiees", "telles")) > 0


def test_no_small_complement_of_a_share_of_people_is_published(both):
    left = f"o.denominateur - o.numerateur between 1 and {secrecy_rule().seuil - 1}"
    shown = (
        "publiees as o join indicateurs as i on i.indicateur = o.indicateur and i.genre = 'part' "
        "join mesures as m on m.flux = o.source and m.mesure = i.numerateur and m.sensible "
        f"join mesures as w on w.flux = o.source and w.mesure = i.denominateur and w.sensible where {left}"
    )
    assert count(both, shown) == 0
    assert count(both, shown.replace("publiees", "telles")) > 0


def test_what_counts_no_person_loses_nothing(both):
    """Places, beds, euros, actions, days: every figure is published as it is."""
    people = (
        "(select 1 from indicateurs as i join mesures as m on m.flux = i.flux and m.sensible "
        "and m.mesure in (i.numerateur, i.denominateur) where i.indicateur = o.indicateur)"
    )
    assert count(both, f"telles as o where not exists {people}") > 0
    assert count(both, f"publiees as o where not exists {people} and statut = 'secret'") == 0
    lost = (
        f"(select {KEY}, valeur from telles as o where not exists {people} except select {KEY}, valeur from publiees)"
    )
    assert count(both, lost) == 0


def test_what_stays_is_told_as_it_was(both):
    columns = ", ".join((KEY, "statut", *FIGURES))
    assert (
        count(both, f"(select {columns} from publiees where statut <> 'secret' except select {columns} from telles)")
        == 0
    )


def test_most_figures_survive(both):
    """Protection that hid everything would pass every other test."""
    figures = count(both, "telles where valeur is not null")
    assert count(both, "publiees where valeur is not null") > figures / 2
