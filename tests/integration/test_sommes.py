"""Sums between levels: what is additive adds up everywhere, what is not is never summed.

The expected values are summed here from the declarations themselves, not from the observations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.simulate import FEEDS
from schemas.catalogue import Indicator, load_catalogue
from tests.integration.house import House

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
ADDITIVE = [indicator for indicator in load_catalogue().indicateurs if indicator.additif]
UNSUMMED = [
    indicator
    for indicator in load_catalogue().indicateurs
    for measure in load_catalogue().measures_of(indicator.flux)
    if measure.mesure == indicator.numerateur and "aucune" in (measure.temps, measure.territoire)
]
PARTS = {"mois": "month", "trimestre": "quarter", "annee": "year"}

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def ask(demo: House) -> Iterator[Ask]:
    with duckdb.connect(str(demo.warehouse), read_only=True) as con:
        yield lambda query, **values: con.execute(query, values or None).fetchall()


@pytest.mark.parametrize("indicator", ADDITIVE, ids=lambda indicator: indicator.indicateur)
def test_every_level_and_period_holds_the_sum_of_its_declarations(ask: Ask, indicator: Indicator) -> None:
    both = f'and "{indicator.denominateur}" is not null' if indicator.denominateur else ""
    for granularity in set(indicator.granularites) & set(PARTS):
        compared, different = ask(
            f"""
            with attendues as (
                select ancetre_niveau, ancetre_code, date_trunc('{PARTS[granularity]}', debut)::date as periode_debut,
                    sum("{indicator.numerateur}") as valeur
                from declarations_{indicator.flux} as d
                join ancetres on ancetres.niveau = d.territoire_niveau and ancetres.code = d.territoire_code
                where "{indicator.numerateur}" is not null {both}
                group by all
            ),
            trouvees as (
                select * from observations
                where indicateur = $code and granularite = $granularity and ventilation = 'ensemble'
                  and statut in ('valeur', 'zero')
            )
            select count(*), count(*) filter (where abs(trouvees.valeur - attendues.valeur) > 1e-5
                or trouvees.valeur is null or attendues.valeur is null)
            from trouvees full join attendues
                on ancetre_niveau = territoire_niveau and ancetre_code = territoire_code
                and attendues.periode_debut = trouvees.periode_debut
            where ancetre_niveau <> 'france' or $highest = 'france'
            """,
            code=indicator.indicateur,
            granularity=granularity,
            highest=indicator.jusqua,
        )[0]
        assert compared >= 5
        assert different == 0


def test_a_territory_is_its_parts_and_what_is_declared_for_itself(ask: Ask) -> None:
    """Communes and arrondissements make their department, departments their region, unless a reporter is regional."""
    wrong = ask(
        """
        with additifs as (
            select o.* from observations as o join indicateurs using (indicateur)
            where additif and ventilation = 'ensemble' and o.valeur is not null
        ),
        enfants as (
            select indicateur, source, granularite, periode_debut, parent_niveau, parent_code, sum(valeur) as valeur
            from additifs join territoires on niveau = territoire_niveau and code = territoire_code
            group by all
        )
        select parents.source, count(*) filter (where abs(parents.valeur - enfants.valeur) > 1e-5), count(*)
        from additifs as parents
        join enfants on parents.territoire_niveau = parent_niveau and parents.territoire_code = parent_code
            and enfants.indicateur = parents.indicateur and enfants.granularite = parents.granularite
            and enfants.periode_debut = parents.periode_debut
        group by 1
        """
    )
    counts = {source: (different, compared) for source, different, compared in wrong}
    # Some reporters of these feeds stand above the others: regional schemes, metro lines, a rest space of all Paris.
    mixed = {"plan_hebergement", "plan_maraudes", "plan_espaces_repos"}
    assert {source for source, (different, _) in counts.items() if different} == mixed
    assert all(compared > 10 for _, compared in counts.values())


def test_breakdowns_add_up_to_the_whole(ask: Ask) -> None:
    """Each partition of the reporters sums to the total: services, kinds of scene, structures, funders."""
    partitions = {
        "plan_lits": "service",
        "plan_espaces_repos": "service",
        "caarud_activite": "service",
        "plan_hebergement": "service",
        "trend_scenes": "genre_scene",
        "plan_maraudes": "service",
        "plan_aval": "structure",
        "plan_budget": "financeur",
    }
    for feed, breakdown in partitions.items():
        compared, different = ask(
            """
            with additifs as (
                select o.* from observations as o join indicateurs using (indicateur)
                where additif and source = $feed and o.valeur is not null
                  and territoire_niveau = jusqua and granularite <> 'jour'
            ),
            parties as (
                select indicateur, territoire_code, granularite, periode_debut, sum(valeur) as valeur
                from additifs where ventilation = $breakdown group by all
            )
            select count(*), count(*) filter (where abs(additifs.valeur - parties.valeur) > 1e-5)
            from additifs join parties using (indicateur, territoire_code, granularite, periode_debut)
            where ventilation = 'ensemble'
            """,
            feed=feed,
            breakdown=breakdown,
        )[0]
        assert compared >= 10, feed
        assert different == 0, feed


def test_actions_of_every_status_make_the_actions_monitored(ask: Ask) -> None:
    assert ask(
        """
        select count(*) from (
            select modalite, periode,
                sum(valeur) filter (where indicateur = 'pilotage_actions_suivies') as suivies,
                sum(valeur) filter (where indicateur in (
                    'pilotage_actions_non_engagees', 'pilotage_actions_engagees', 'pilotage_actions_realisees',
                    'pilotage_actions_partiellement_realisees', 'pilotage_actions_abandonnees')) as statuts
            from observations where source = 'plan_actions' group by all
        ) where suivies is distinct from statuts
        """
    ) == [(0,)]


@pytest.mark.parametrize("indicator", UNSUMMED, ids=lambda indicator: indicator.indicateur)
def test_what_does_not_add_up_is_given_only_where_it_was_measured(ask: Ask, indicator: Indicator) -> None:
    """A median, a number of distinct people: no observation stands on more than one declaration."""
    given, summed = ask(
        "select count(*), count(*) filter (where attendues > 1) from observations where indicateur = $code",
        code=indicator.indicateur,
    )[0]
    assert given > 20
    assert summed == 0


def test_medians_and_distinct_people_are_among_them() -> None:
    assert {indicator.indicateur for indicator in UNSUMMED} >= {
        "repos_personnes",
        "lits_delai_median_jours",
        "aval_delai_median_jours",
        "maraudes_personnes",
    }


def test_an_outcome_is_never_larger_than_its_cohort(ask: Ask) -> None:
    checked, broken = ask(
        """
        select count(*), count(*) filter (where numerateur > denominateur
            or not (borne_basse <= valeur and valeur <= borne_haute) or borne_haute > 100)
        from observations
        where source = 'plan_resultats' and unite = 'pourcent' and valeur is not null
        """
    )[0]
    assert checked > 500
    assert broken == 0


def test_only_feeds_about_the_whole_country_have_a_national_figure(ask: Ask) -> None:
    national = {
        source for (source,) in ask("select distinct source from observations where territoire_niveau = 'france'")
    }
    assert national == {"caarud_profils", "sintes_analyses", "plan_aval"}


# ── Coverage ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def published(demo: House) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        files = sorted((demo.releases / "2026.3.0+demo" / "data").glob("*.parquet"))
        assert {"couverture", "actions", "budget", "trend_produits"} <= {file.stem for file in files}
        for file in files:
            con.execute(f"create view {file.stem} as from read_parquet('{file}')")
        yield con


def test_coverage_tells_the_latecomer_from_the_others(published: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select periode, attendues, recues, statut from couverture where flux = $feed and declarant = $who order by 1"
    )
    late = published.execute(query, {"feed": "plan_hebergement", "who": "sim-hebergement-92-01"}).fetchall()
    assert late[-2:] == [("2026-08", 1, 0, "aucune"), ("2026-09", 1, 0, "aucune")]
    assert late[-3] == ("2026-07", 1, 1, "complete")
    daily = published.execute(query, {"feed": "plan_espaces_repos", "who": "espace-repos-chapelle"}).fetchall()
    assert ("2026-02", 28, 28, "complete") in daily
    assert daily[0] == ("2019-11", 13, 13, "complete")
    editions = published.execute(query, {"feed": "caarud_profils", "who": "24/femmes/25_34"}).fetchall()
    assert [row[0] for row in editions] == ["2006", "2008", "2010", "2012", "2015", "2019", "2023"]
    assert editions[-1][1:] == (1, 0, "aucune")


def test_coverage_agrees_with_the_returns_behind_each_total(published: duckdb.DuckDBPyConnection) -> None:
    gaps = published.execute(
        """
        with par_mois as (
            select periode, sum(attendues) as attendues from couverture where flux = 'plan_hebergement' group by 1
        )
        select count(*), count(*) filter (where o.attendues <> par_mois.attendues)
        from observations as o join par_mois using (periode)
        where indicateur = 'hebergement_places' and territoire_niveau = 'region' and ventilation = 'ensemble'
        """
    ).fetchall()
    assert gaps[0][0] > 60
    assert gaps[0][1] == 0


def test_nothing_is_expected_of_samples(published: duckdb.DuckDBPyConnection) -> None:
    flows = {name for (name,) in published.execute("select distinct flux from couverture").fetchall()}
    assert flows == set(FEEDS) - {"sintes_analyses"}


def test_opinions_are_published_as_they_were_coded(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute(
        "select distinct disponibilite from trend_produits where disponibilite is not null order by 1"
    ).fetchall()
    assert [value for (value,) in rows] == ["absente", "disponible", "rare", "tres_disponible"]
    assert published.execute("select count(*) from observations where source = 'trend_produits'").fetchall() == [(0,)]
