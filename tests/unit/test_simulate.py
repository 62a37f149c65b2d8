"""Simulated feeds: never real, always the same for a seed, growing with scale, and conforming to their contracts."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from etl.simulate import EARLIEST_UNTIL, FEEDS, simulate, simulate_reference, simulate_register
from etl.simulate.register import register
from etl.simulate.scenes import NEIGHBOURS, places
from etl.validate import check
from schemas.contract import load_contract
from schemas.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = ROOT / "data" / "reference"
TODAY = date(2026, 10, 15)
LATECOMERS = {
    "trend_scenes": "93066",
    "trend_produits": "rennes",
    "caarud_activite": "sim-caarud-75-04",
    "caarud_profils": "24",
    "plan_hebergement": "sim-hebergement-92-01",
    "plan_aval": "28",
    "plan_maraudes": "sim-maraude-92-01",
    "plan_actions": "4.6",
    "plan_budget": "mildeca",
    "plan_resultats": "78",
    "plan_espaces_repos": "espace-repos-sleep-in",
    "plan_lits": "sim-hopital-93-02",
}
MARKS = ["", "ND", "NC"]
# Feeds whose reporters are a closed list (sites, regions, actions, funders): scale does not add any.
CLOSED = {"trend_produits", "caarud_profils", "plan_aval", "plan_actions", "plan_budget"}
ON_PERSONS = [feed for feed in FEEDS if any(field.sensitive for field in load_contract(feed).fields)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulated")
    for feed in FEEDS:
        simulate(feed, path, seed=7)
    return path


def read(folder: Path, feed: str) -> pd.DataFrame:
    """A simulated feed as text, marks of absence kept."""
    return pd.read_csv(folder / f"{feed}.csv", dtype=str, keep_default_na=False)


def numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column.where(~column.isin(MARKS)))


def periods(folder: Path, feed: str) -> pd.Series:
    return read(folder, feed)[load_contract(feed).descriptor["period_field"]]


@pytest.mark.parametrize("feed", FEEDS)
class TestEveryFeed:
    def test_says_it_is_simulated_in_every_row(self, folder: Path, feed: str) -> None:
        assert set(read(folder, feed)["origine"]) == {"simule"}

    def test_conforms_to_its_contract(self, folder: Path, feed: str) -> None:
        report = check(folder / f"{feed}.csv", load_contract(feed), references=REFERENCES, today=TODAY)
        assert report.errors == ()
        assert report.rows > 130

    def test_is_the_same_for_the_same_seed(self, folder: Path, feed: str, tmp_path: Path) -> None:
        again = simulate(feed, tmp_path, seed=7)
        assert again == tmp_path / f"{feed}.csv"
        assert again.read_bytes() == (folder / f"{feed}.csv").read_bytes()

    def test_is_another_one_for_another_seed(self, folder: Path, feed: str, tmp_path: Path) -> None:
        assert simulate(feed, tmp_path, seed=8).read_bytes() != (folder / f"{feed}.csv").read_bytes()

    def test_grows_with_scale_and_still_conforms(self, folder: Path, feed: str, tmp_path: Path) -> None:
        references = shutil.copytree(REFERENCES, tmp_path / "reference")
        simulate_register(references, scale=3)
        path = simulate(feed, tmp_path, seed=7, scale=3)
        report = check(path, load_contract(feed), references=references, today=TODAY)
        assert report.errors == ()
        assert report.rows >= (1 if feed in CLOSED else 1.8) * len(read(folder, feed))

    def test_stops_at_the_day_asked_for(self, feed: str, tmp_path: Path) -> None:
        simulate(feed, tmp_path, seed=7, until=date(2024, 5, 15))
        last = {"P1D": "2024-05-15", "P1M": "2024-04", "P3M": "2024-T1", "P6M": "2023-S2", "P1Y": "2023"}
        assert periods(tmp_path, feed).max() == last[load_contract(feed).descriptor["frequency"]]

    def test_is_utf8_with_commas_and_line_feeds(self, folder: Path, feed: str) -> None:
        raw = (folder / f"{feed}.csv").read_bytes()
        assert raw.startswith(",".join(load_contract(feed).names).encode() + b"\n")
        assert b"\r" not in raw


@pytest.mark.parametrize("feed", ON_PERSONS)
def test_feeds_on_persons_hold_small_counts_zeros_and_absences(folder: Path, feed: str) -> None:
    rows = read(folder, feed)
    sensitive = [field.name for field in load_contract(feed).fields if field.sensitive]
    values = pd.concat([rows[name] for name in sensitive])
    assert numbers(values).between(1, 10).any()
    assert values.isin(MARKS).any()
    assert (feed == "caarud_activite") or (values == "0").any()


@pytest.mark.parametrize("feed", LATECOMERS)
def test_a_latecomer_is_missing_from_the_last_period(folder: Path, feed: str) -> None:
    rows = read(folder, feed)
    period, reporter = load_contract(feed).descriptor["period_field"], load_contract(feed).primary_key[0]
    sent = rows[period][rows[reporter] == LATECOMERS[feed]]
    assert sent.nunique() > 1
    assert sent.max() < rows[period].max()


def test_every_feed_that_expects_returns_has_a_latecomer() -> None:
    assert set(FEEDS) - set(LATECOMERS) == {
        feed for feed in FEEDS if load_contract(feed).descriptor.get("expected") == "aucune"
    }


class TestMistakes:
    def test_unknown_feed_is_refused_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="« sintes » n'est pas un flux simulé"):
            simulate("sintes", tmp_path, seed=1)

    @pytest.mark.parametrize("scale", [0, -2])
    def test_scale_below_one_is_refused(self, tmp_path: Path, scale: int) -> None:
        with pytest.raises(UsageError, match=f"Échelle {scale}"):
            simulate("plan_lits", tmp_path, seed=1, scale=scale)
        with pytest.raises(UsageError, match=f"Échelle {scale}"):
            simulate_register(tmp_path, scale=scale)

    def test_last_day_before_the_first_rows_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="2023-07-31"):
            simulate("plan_lits", tmp_path, seed=1, until=date(2023, 7, 30))

    @pytest.mark.parametrize("feed", FEEDS)
    def test_earliest_last_day_gives_rows(self, tmp_path: Path, feed: str) -> None:
        simulate(feed, tmp_path, seed=1, until=EARLIEST_UNTIL)
        assert len(read(tmp_path, feed)) > 0


class TestReference:
    def test_a_larger_scale_comes_with_all_the_tables_it_needs(self, tmp_path: Path) -> None:
        folder = simulate_reference(tmp_path / "reference", reference=REFERENCES, scale=2)
        assert {path.name for path in REFERENCES.glob("*.csv")} == {path.name for path in folder.glob("*.csv")}
        assert (folder / "contours" / "territoires.geojson").is_file()
        held = pd.read_csv(folder / "services_demo.csv")["service_id"]
        assert set(held) > set(pd.read_csv(REFERENCES / "services_demo.csv")["service_id"])
        again = simulate_reference(folder, reference=REFERENCES, scale=1)
        assert (again / "services_demo.csv").read_bytes() == (REFERENCES / "services_demo.csv").read_bytes()

    def test_the_committed_tables_are_never_overwritten(self, tmp_path: Path) -> None:
        own = shutil.copytree(REFERENCES, tmp_path / "reference")
        with pytest.raises(UsageError, match="est celui des tables de référence"):
            simulate_reference(own, reference=own, scale=2)
        assert (own / "services.csv").is_file()


class TestRegister:
    def test_committed_table_is_that_of_scale_one(self, tmp_path: Path) -> None:
        assert simulate_register(tmp_path).read_bytes() == (REFERENCES / "services_demo.csv").read_bytes()

    def test_conforms_to_the_contract_of_services(self, tmp_path: Path) -> None:
        path = simulate_register(tmp_path, scale=10)
        report = check(path, load_contract("services", kind="reference"), references=REFERENCES, today=TODAY)
        assert report.errors == ()

    def test_no_simulated_service_can_pass_for_a_real_one(self) -> None:
        services = register(scale=10)
        assert services["service_id"].str.startswith("sim-").all()
        assert services["nom"].str.contains("simulé").all()
        assert set(services["origine"]) == {"simule"}

    def test_a_larger_register_holds_the_smaller_one(self) -> None:
        small, large = register(scale=1), register(scale=4)
        assert len(large) > 3 * len(small)
        kept = large[large["service_id"].isin(small["service_id"])].reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, small)

    def test_every_department_of_the_region_has_a_caarud(self) -> None:
        services = register(scale=1)
        held = services[services["genre"] == "caarud"]["territoire_code"]
        assert set(held) == {"75", "77", "78", "91", "92", "93", "94", "95"}


class TestTerritories:
    def test_all_are_arrondissements_or_communes_in_force(self) -> None:
        with (REFERENCES / "territoires.csv").open(encoding="utf-8", newline="") as file:
            known = {
                row["code"]
                for row in csv.DictReader(file)
                if row["niveau"] in ("arrondissement", "commune") and not row["date_fin"]
            }
        assert {place.code for place in places()} == known

    def test_all_of_paris_is_in_the_first_scale(self, folder: Path) -> None:
        codes = set(read(folder, "trend_scenes")["territoire_code"])
        assert {f"751{number:02d}" for number in range(1, 21)} <= codes


class TestEvents:
    @staticmethod
    def most(folder: Path, codes: list[str], quarters: list[str]) -> float:
        rows = read(folder, "trend_scenes")
        kept = rows[
            (rows["genre_scene"] == "scene_ouverte")
            & rows["territoire_code"].isin(codes)
            & rows["trimestre"].isin(quarters)
        ]
        return float(numbers(kept["personnes_max"]).mean())

    def test_dismantled_scene_shrinks_and_its_neighbours_grow(self, folder: Path) -> None:
        before, after = ["2022-T1", "2022-T2", "2022-T3"], ["2022-T4", "2023-T1", "2023-T2", "2023-T3"]
        assert self.most(folder, ["75119"], after) < 0.7 * self.most(folder, ["75119"], before)
        assert self.most(folder, list(NEIGHBOURS), after) > 1.1 * self.most(folder, list(NEIGHBOURS), before)

    @staticmethod
    def passages(folder: Path, start: str, end: str) -> float:
        rows = read(folder, "plan_espaces_repos")
        kept = rows[(rows["service_id"] == "espace-repos-chapelle") & rows["jour"].between(start, end)]
        return float(numbers(kept["passages"]).mean())

    def test_lockdown_halves_attendance(self, folder: Path) -> None:
        assert self.passages(folder, "2020-03-28", "2020-04-15") < 0.7 * self.passages(
            folder, "2020-02-01", "2020-03-10"
        )

    def test_move_of_june_2023_is_seen(self, folder: Path) -> None:
        assert self.passages(folder, "2023-06-01", "2023-06-30") < 0.85 * self.passages(
            folder, "2023-05-01", "2023-05-31"
        )

    def test_rest_space_opens_on_its_day(self, folder: Path) -> None:
        rows = read(folder, "plan_espaces_repos")
        assert rows[rows["service_id"] == "espace-repos-chapelle"]["jour"].min() == "2019-11-18"

    def test_weekends_are_quieter(self, folder: Path) -> None:
        rows = read(folder, "plan_espaces_repos")
        rows = rows[rows["service_id"] == "espace-repos-chapelle"]
        sunday = pd.to_datetime(rows["jour"]).dt.day_of_week == 6
        passages = numbers(rows["passages"])
        assert passages[sunday].mean() < 0.95 * passages[~sunday].mean()

    def test_days_vary_more_than_chance_alone(self, folder: Path) -> None:
        rows = read(folder, "plan_espaces_repos")
        year = rows[(rows["service_id"] == "espace-repos-chapelle") & rows["jour"].between("2025-01-01", "2025-12-31")]
        passages = numbers(year["passages"])
        assert passages.var() > 2 * passages.mean()


class TestBeds:
    def test_observation_units_have_three_beds_and_are_three_at_the_end(self, folder: Path) -> None:
        rows = read(folder, "plan_lits")
        observation = rows[rows["unite"].str.startswith("observation-orientation-") & (rows["lits_identifies"] != "0")]
        assert set(observation["lits_identifies"]) == {"3"}
        assert set(observation[observation["mois"] == "2026-09"]["unite"]) == {
            f"observation-orientation-{rank}" for rank in (1, 2, 3)
        }

    def test_delays_fall_towards_the_target(self, folder: Path) -> None:
        rows = read(folder, "plan_lits")
        delays = numbers(rows["delai_median_jours"])
        first, last = (delays[rows["mois"].between(*span)].mean() for span in
                       (("2023-09", "2024-03"), ("2026-03", "2026-09")))  # fmt: skip
        assert last < 0.75 * first
        assert 3.5 < last < 6

    def test_funnel_narrows_from_funded_to_open(self, folder: Path) -> None:
        rows = read(folder, "plan_lits")
        funded, identified, opened = (
            numbers(rows[name]) for name in ("lits_finances", "lits_identifies", "lits_ouverts")
        )
        assert (funded >= identified).all()
        assert (identified >= opened).all()
        assert (funded > opened).any()


class TestPlan:
    def test_an_action_never_goes_back_before_it_was_begun(self, folder: Path) -> None:
        order = ["non_engagee", "engagee", "partiellement_realisee", "realisee"]
        rows = read(folder, "plan_actions")
        rows = rows[rows["statut"] != "abandonnee"].sort_values(["action_id", "trimestre"])
        steps = rows["statut"].map(order.index).groupby(rows["action_id"]).diff()
        assert (steps.dropna() >= 0).all()

    def test_actions_say_they_are_simulated_and_divide_between_four_axes(self, folder: Path) -> None:
        rows = read(folder, "plan_actions")
        assert rows["intitule"].str.fullmatch(r"Action simulée [1-4]\.\d+").all()
        assert rows["action_id"].nunique() == 33
        assert set(rows["axe"]) == {"axe_1", "axe_2", "axe_3", "axe_4"}
        assert set(rows["statut"]) == {
            category.value for category in load_contract("plan_actions").field("statut").categories
        }

    def test_more_was_spent_than_planned_at_first(self, folder: Path) -> None:
        rows = read(folder, "plan_budget")
        first = rows[rows["annee"] <= "2021"]
        assert numbers(first["depense_meur"]).sum() > 2 * numbers(first["prevu_meur"]).sum()

    def test_exits_are_their_four_destinations(self, folder: Path) -> None:
        rows = read(folder, "plan_hebergement")
        parts = [name for name in rows if name.startswith("sorties_")]
        told = rows[(~rows[parts].isin(MARKS)).all(axis=1)]
        assert len(told) > 500
        assert (told[parts].astype(int).sum(axis=1) == told["sorties"].astype(int)).all()

    def test_places_downstream_open_step_by_step(self, folder: Path) -> None:
        rows = read(folder, "plan_aval")
        total = numbers(rows["places_disponibles"]).groupby(rows["trimestre"]).sum().drop("2026-T3")
        assert total.is_monotonic_increasing
        assert total.iloc[0] < 10

    def test_outcomes_wait_for_their_follow_up(self, folder: Path) -> None:
        rows = read(folder, "plan_resultats")
        told = rows[~rows["effectif_resultat"].isin(MARKS)].groupby("resultat")["trimestre"].max()
        assert told["sortie_precoce"] == "2026-T3"
        assert told["soins_3_mois"] == "2026-T2"
        assert told["soins_12_mois"] == "2025-T3"

    def test_some_teams_follow_metro_lines(self, folder: Path) -> None:
        places = read(folder, "plan_maraudes")["lieu_code"]
        assert {"M4", "M12"} <= set(places)
        assert {"75118", "75119"} <= set(places)
