"""What a reader can add up, on warehouses of a few rows: each value is met once, so that values name their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from publish.disclosure import protect
from publish.disclosure.cells import describe_cells
from schemas.confidentialite import secrecy_rule
from schemas.errors import AuditFailed

PLACES = [
    ("region", "11", None, None),
    ("departement", "75", "region", "11"),
    ("arrondissement", "75118", "departement", "75"),
    ("arrondissement", "75119", "departement", "75"),
]
ANCESTORS = [
    ("departement", "75", "region", "11"),
    ("arrondissement", "75118", "departement", "75"),
    ("arrondissement", "75119", "departement", "75"),
    ("arrondissement", "75118", "region", "11"),
    ("arrondissement", "75119", "region", "11"),
]
LEVELS = {"11": "region", "75": "departement", "75118": "arrondissement", "75119": "arrondissement"}
MEASURES = [
    ("flux", "passages", "somme", "somme", True, None, None, None, None, None),
    ("flux", "personnes", "somme", "somme", True, None, None, None, None, None),
    ("flux", "femmes", "somme", "somme", True, "personnes", None, None, None, None),
    ("flux", "hors", "somme", "somme", True, "personnes", "issue", None, None, None),
    ("flux", "dedans", "somme", "somme", True, "personnes", "issue", None, None, None),
    ("flux", "delai", "aucune", "aucune", False, None, None, None, "femmes", None),
    ("flux", "presents", "maximum", "maximum", True, None, None, None, None, None),
    ("flux", "places", "somme", "somme", False, None, None, None, None, None),
    ("flux", "journees", "somme", "somme", False, None, None, None, None, None),
    ("flux", "nuitees", "somme", "somme", True, "journees", None, None, None, None),
    ("flux", "visites", "somme", "somme", True, None, None, "passages", None, None),
    ("flux", "tournees", "somme", "somme", False, None, None, None, None, None),
    ("flux", "contacts", "somme", "somme", True, None, None, None, None, "tournees"),
]
INDICATORS = [
    ("passages", "effectif", "passages", None),
    ("personnes", "effectif", "personnes", None),
    ("femmes", "effectif", "femmes", None),
    ("hors", "effectif", "hors", None),
    ("dedans", "effectif", "dedans", None),
    ("part_femmes", "part", "femmes", "personnes"),
    ("delai_median", "mesure", "delai", "personnes"),
    ("presents", "effectif", "presents", None),
    ("places", "effectif", "places", None),
    ("journees", "effectif", "journees", None),
    ("nuitees", "effectif", "nuitees", None),
    ("visites", "effectif", "visites", None),
    ("tournees", "effectif", "tournees", None),
    ("contacts", "effectif", "contacts", None),
]
KEPT = ("valeur", "numerateur", "denominateur", "borne_basse", "borne_haute")
PERIODS = {4: "annee", 6: "trimestre", 7: "mois", 10: "jour"}


def row(indicator: str, value: float, **changes: Any) -> dict[str, Any]:
    """One observation: Paris, January 2026, everybody, one declaration, unless told otherwise."""
    changes = {"code": "75", "periode": "2026-01", "recues": 1, "par": "ensemble", "modalite": "tous", **changes}
    period, code = changes["periode"], changes["code"]
    start = date(int(period[:4]), 1 + 3 * (int(period[-1]) - 1) if "T" in period else int(period[5:7] or 1), 1)
    base = changes.get("base")
    return {
        "indicateur": indicator,
        "source": "flux",
        "territoire_niveau": LEVELS[code],
        "territoire_code": code,
        "periode": period,
        "granularite": "trimestre" if "T" in period else PERIODS[len(period)],
        "periode_debut": start,
        "ventilation": changes["par"],
        "modalite": changes["modalite"],
        "valeur": 100 * value / base if indicator.startswith("part_") else value,
        "numerateur": value,
        "denominateur": base,
        "borne_basse": 0.5,
        "borne_haute": 99.5,
        "statut": "valeur",
        "obs_status": "A",
        "conf_status": "F",
        "recues": changes["recues"],
    }


def frame(rows: Sequence[tuple], columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


@dataclass
class Warehouse:
    """A warehouse of a few observations, in memory."""

    rows: Sequence[dict[str, Any]]
    services: Sequence[tuple[str, str, str]] = (("s-75", "departement", "75"),)
    con: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def __post_init__(self) -> None:
        observations = pd.DataFrame(self.rows)
        tables = {
            "indicateurs": frame(INDICATORS, "indicateur genre numerateur denominateur"),
            "mesures": frame(
                MEASURES, "flux mesure temps territoire sensible partie_de groupe identique_a borne nulle_si"
            ),
            "services": frame(self.services, "service_id territoire_niveau territoire_code"),
            "territoires": frame(PLACES, "niveau code parent_niveau parent_code"),
            "ancetres": frame(ANCESTORS, "niveau code ancetre_niveau ancetre_code"),
        }
        self.con.register("lignes_obs", observations)
        self.con.execute(
            "create table observations as select * replace (periode_debut::date as periode_debut, "
            "valeur::double as valeur, numerateur::double as numerateur, denominateur::double as denominateur) "
            "from lignes_obs"
        )
        for name, table in tables.items():
            self.con.register("arrivee", table)
            self.con.execute(f"create table {name} as from arrivee")
            self.con.unregister("arrivee")

    def sums(self) -> set[tuple[str, int, tuple[int, ...], int | None]]:
        """Every sum found, by the values of its cells: kind, whole, parts, what is left if anything is."""
        self.con.execute("create temp table observees as select row_number() over () as rang, * from observations")
        describe_cells(self.con, secrecy_rule())
        found = self.con.execute(
            "with tous as (select genre, tout, parties, reste from equations union all "
            "select genre, tout, parties, reste from attaches) "
            "select e.genre, w.valeur, p.valeur, e.reste from tous as e cross join unnest(e.parties) as u (partie) "
            "join cellules as w on w.cellule = e.tout join cellules as p on p.cellule = u.partie"
        ).fetchall()
        grouped: dict[tuple, list[int]] = {}
        for kind, whole, part, left in found:
            grouped.setdefault((kind, whole, left), []).append(part)
        return {(kind, whole, tuple(sorted(parts)), left) for (kind, whole, left), parts in grouped.items()}

    def secret(self, earlier: Sequence[Path] = ()) -> set[float]:
        """The numerators of the observations that protection makes secret."""
        self.loss = protect(self.con, earlier=earlier)
        told = self.con.execute(
            f"select o.numerateur, p.statut, p.obs_status, p.conf_status, {', '.join(f'p.{c}' for c in KEPT)} "
            "from observations as o join publiees as p using "
            "(indicateur, territoire_code, periode, ventilation, modalite, recues)"
        ).fetchall()
        assert len(told) == len(self.rows)
        hidden = [line for line in told if line[1] == "secret"]
        assert all(line[2:4] == ("Q", "C") and set(line[4:]) == {None} for line in hidden)
        assert all(line[4] is not None for line in told if line[1] != "secret")
        return {line[0] for line in hidden}


def months(*values: int, **changes: Any) -> Iterator[dict[str, Any]]:
    return (row("passages", value, periode=f"2026-0{1 + rank}", **changes) for rank, value in enumerate(values))


def test_months_add_up_to_their_quarter():
    whole = row("passages", 360, periode="2026-T1", recues=3)
    assert Warehouse([*months(100, 120, 140), whole]).sums() == {("temps", 360, (100, 120, 140), None)}


def test_a_month_that_is_shown_nowhere_is_what_is_left_of_the_quarter():
    whole = row("passages", 360, periode="2026-T1", recues=3)
    assert Warehouse([*months(100, 120), whole]).sums() == {("temps", 360, (100, 120), 140)}


def test_territories_add_up_with_those_who_report_for_the_whole():
    parts = [row("passages", 40, code="75118"), row("passages", 50, code="75119")]
    whole = row("passages", 115, recues=3)
    direct = row("passages", 25, par="service", modalite="s-75")
    assert ("territoire", 115, (40, 50), 25) in Warehouse([*parts, whole]).sums()
    found = Warehouse([*parts, whole, direct]).sums()
    assert ("territoire", 115, (25, 40, 50), None) in found
    assert ("ventilation service", 115, (25,), 90) in found


def test_a_service_of_an_arrondissement_does_not_report_for_the_department():
    parts = [row("passages", 40, code="75118"), row("passages", 50, code="75119"), row("passages", 115, recues=3)]
    elsewhere = row("passages", 25, par="service", modalite="s-75")
    found = Warehouse([*parts, elsewhere], services=[("s-75", "arrondissement", "75118")]).sums()
    assert ("territoire", 115, (40, 50), 25) in found


def test_a_breakdown_adds_up_and_its_modalities_do_between_territories():
    parts = [row("passages", 70, par="sexe", modalite="femmes"), row("passages", 45, par="sexe", modalite="hommes")]
    region = row("passages", 90, code="11", par="sexe", modalite="femmes", recues=3)
    found = Warehouse([*parts, row("passages", 115, recues=2), region]).sums()
    assert ("ventilation sexe", 115, (45, 70), None) in found
    assert ("modalite", 90, (70,), 20) in found


def test_units_add_up_to_their_service():
    units = [row("passages", value, par="unite", modalite=f"s-75/{value}") for value in (30, 33)]
    service = row("passages", 63, par="service", modalite="s-75", recues=2)
    assert ("imbrication", 63, (30, 33), None) in Warehouse([*units, service]).sums()


def test_a_share_gives_its_complement_and_a_part_holds_under_its_whole():
    found = Warehouse([row("part_femmes", 41, base=60)]).sums()
    assert ("complement", 60, (41,), 19) in found
    assert ("partie", 60, (41,), 19) in found


def test_the_measures_of_a_group_add_up_to_the_whole():
    rows = [row("personnes", 60), row("hors", 22), row("dedans", 38)]
    assert ("groupe issue", 60, (22, 38), None) in Warehouse(rows).sums()
    assert not any(kind.startswith("groupe") for kind, *_ in Warehouse(rows[:2]).sums())


def test_fewer_declarations_leave_those_of_the_others():
    rows = [row("personnes", 60, recues=3), row("part_femmes", 21, base=47, recues=2)]
    assert ("declarations", 60, (47,), 13) in Warehouse(rows).sums()


def test_a_maximum_does_not_add_up():
    rows = [row("presents", 40, code="75118"), row("presents", 50, code="75119"), row("presents", 50, recues=2)]
    assert Warehouse(rows).sums() == set()


def quarter(first: int = 5) -> Warehouse:
    """Three months and their quarter: only the second month is large enough to shield the first."""
    return Warehouse([*months(first, 115, 0), row("passages", first + 115, periode="2026-T1", recues=3)])


def test_a_small_count_hides_with_the_company_that_hides_it():
    warehouse = quarter()
    assert warehouse.secret() == {5, 115}
    assert (warehouse.loss.primaires, warehouse.loss.complementaires, warehouse.loss.observations) == (1, 1, 2)


def test_no_small_count_no_secret():
    warehouse = Warehouse([*months(11, 0, 140), row("passages", 151, periode="2026-T1", recues=3)])
    assert warehouse.secret() == set()
    assert warehouse.loss.observations == 0


@pytest.mark.parametrize(
    ("women", "base", "secret"),
    [
        pytest.param(4, 60, True, id="small numerator"),
        pytest.param(55, 60, True, id="small complement"),
        pytest.param(0, 20, True, id="nobody of a small group"),
        pytest.param(20, 20, True, id="everybody of a small group"),
        pytest.param(0, 31, False, id="nobody of a large group"),
        pytest.param(31, 31, False, id="everybody of a large group"),
        pytest.param(25, 60, False, id="enough on both sides"),
    ],
)
def test_a_share_that_tells_of_each_is_secret(women, base, secret):
    assert Warehouse([row("part_femmes", women, base=base)]).secret() == ({women} if secret else set())


def test_a_small_group_all_in_one_category_is_secret():
    alike = [row("passages", 18, par="sexe", modalite="femmes"), row("passages", 0, par="sexe", modalite="hommes")]
    hidden = Warehouse([*alike, row("passages", 18, periode="2026-01", recues=2)]).secret()
    assert 18 in hidden


def test_a_median_over_few_people_is_secret_and_over_enough_is_not():
    assert Warehouse([row("delai_median", 6, base=8)]).secret() == {6}
    assert Warehouse([row("delai_median", 6, base=80)]).secret() == set()


def test_a_median_is_secret_with_the_count_that_it_bounds():
    median = row("delai_median", 6, base=80)
    assert Warehouse([median, row("femmes", 30)]).secret() == set()
    assert Warehouse([median, row("femmes", 5)]).secret() == {5, 6}


def test_a_median_over_nobody_is_secret_where_nobody_is(tmp_path):
    months = [row("personnes", people, periode=f"2026-0{month}") for month, people in enumerate((0, 5, 115), start=1)]
    rows = [*months, row("personnes", 120, periode="2026-T1", recues=3)]
    once = published(tmp_path / "1", Warehouse(rows), known=[120], secret=[0, 5, 115])
    nobody = {**row("delai_median", 1.5, base=0), "valeur": None, "statut": "non_applicable"}
    assert Warehouse([*rows, nobody]).secret([once]) == {0, 1.5, 5, 115}


def test_nobody_met_where_no_round_was_made_shields_no_other_month():
    met = [row("contacts", people, periode=f"2026-0{month}") for month, people in enumerate((0, 5, 115), start=1)]
    rounds = [row("tournees", made, periode=f"2026-0{month}") for month, made in enumerate((0, 21, 22), start=1)]
    whole = row("contacts", 120, periode="2026-T1", recues=3)
    assert Warehouse([*met, *rounds, whole]).secret() == {5, 115}


def test_what_counts_no_person_stays_whole():
    assert (
        Warehouse([row("places", 3), row("places", 1, code="75118"), row("places", 2, code="75119")]).secret() == set()
    )


def published(folder: Path, warehouse: Warehouse, *, known: Sequence[float], secret: Sequence[float]) -> Path:
    """A release of this warehouse that shows the numerators ``known`` and keeps ``secret``; nothing else is in it."""
    (folder / "data").mkdir(parents=True)
    told = {name: tuple(values) or (-1,) for name, values in (("known", known), ("secret", secret))}
    hidden = f"numerateur in {(*told['secret'], -1)}"
    empty = ", ".join(f"if({hidden}, null, {column}) as {column}" for column in KEPT)
    warehouse.con.execute(
        f"copy (select * replace ({empty}, if({hidden}, 'secret', statut) as statut) from observations "
        f"where numerateur in {(*told['known'], *told['secret'])}) to '{folder}/data/observations.parquet'"
    )
    for name in ("indicateurs", "mesures", "services", "territoires"):
        warehouse.con.execute(f"copy {name} to '{folder}/data/{name}.parquet'")
    return folder


def test_what_an_earlier_release_kept_secret_stays_secret(tmp_path):
    once = published(tmp_path / "1", quarter(30), known=[115], secret=[30, 145])
    assert quarter(30).secret() == set()
    assert quarter(30).secret([once]) == {30, 145}


def test_what_was_secret_and_is_given_away_by_what_is_shown_is_shown_where_the_rule_allows(tmp_path):
    once = published(tmp_path / "1", quarter(30), known=[115], secret=[30])
    assert quarter(30).secret([once]) == set()
    with pytest.raises(AuditFailed):
        quarter(5).secret([published(tmp_path / "2", quarter(5), known=[115, 120], secret=[5])])


@pytest.mark.parametrize(("january", "enough"), [(14, True), (11, False)])
def test_a_part_moves_no_further_than_the_whole_that_everyone_sees(january, enough):
    nights = [row("nuitees", nights, periode=f"2026-0{month}") for month, nights in enumerate((5, 115, 0), start=1)]
    offered = [row("journees", days, periode=f"2026-0{month}") for month, days in ((1, january), (2, 118), (3, 90))]
    secret = Warehouse([*nights, *offered, row("nuitees", 120, periode="2026-T1", recues=3)]).secret()
    assert (secret == {5, 115}) is enough
    assert secret >= {5}
    assert not secret & {january, 118, 90}


def test_what_an_earlier_release_showed_is_known_and_another_shields_in_its_place(tmp_path):
    assert quarter().secret() == {5, 115}
    once = published(tmp_path / "1", quarter(), known=[115], secret=[])
    assert quarter().secret([once]) == {5, 120}


def test_an_older_release_without_observations_tells_nothing(tmp_path):
    (tmp_path / "vide").mkdir()
    assert quarter().secret([tmp_path / "vide"]) == {5, 115}


def test_a_secret_that_all_else_gives_away_is_refused_in_french(tmp_path):
    once = published(tmp_path / "1", quarter(), known=[115, 0, 120], secret=[])
    with pytest.raises(AuditFailed, match=r"déjà été\s+publiés?\. Retirez ces valeurs") as refused:
        quarter().secret([once])
    assert not any(value in str(refused.value) for value in ("5", "115", "120"))


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [((100, 3), (105, 4), True), ((100, 3), (111, 4), False), ((107, 4), (100, 3), True), ((107, 4), (96, 3), False)],
)
def test_what_a_few_told_between_two_releases_is_not_left_between_their_totals(tmp_path, before, now, told):
    once = published(tmp_path / "1", Warehouse([row("passages", before[0], recues=before[1])]), known=before, secret=[])
    assert Warehouse([row("passages", now[0], recues=now[1])]).secret([once]) == ({now[0]} if told else set())


@pytest.mark.parametrize(("changed", "hidden"), [(6, set()), (5, {105})])
def test_a_feed_most_of_whose_figures_were_redone_leaves_nothing_between_two_releases(tmp_path, changed, hidden):
    def warehouse(people: int, returns: int, more: int) -> Warehouse:
        services = [200 + rank + more * (rank < changed) for rank in range(11)]
        shown = [row("passages", one, par="service", modalite=f"s-{rank}") for rank, one in enumerate(services)]
        return Warehouse([*shown, row("personnes", people, recues=returns)])

    once = published(tmp_path / "1", warehouse(100, 3, 0), known=[100, *range(200, 211)], secret=[])
    assert warehouse(105, 4, 1000).secret([once]) == hidden
