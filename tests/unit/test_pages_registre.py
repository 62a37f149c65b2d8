"""The register of services, the targets, the history that is real: what pages say of the reference tables."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fixtures_registre import read, real_tables
from fixtures_release import OLDER, VERSION, catalogue, observations, without, write_releases
from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.chaine import Returns
from dashboard.figures.evenements import badges
from dashboard.figures.historique import barres_dites, pointille, points
from dashboard.figures.objectif import chemin
from dashboard.pages import histoire, objectifs
from dashboard.router import LANGUAGES, Route, href, resolve
from publish.charte.dates import date_dite
from publish.charte.objectifs import at_due_date, standing, standing_text, verdict
from schemas.contract import code_list

SERVICES = read("services")
TARGETS = read("objectifs")
FIGURES = read("chiffres_publies")
CONSULTATIONS = read("consultations_cocaine")
HOUSING = "hebergement_places"
FEEDS = ("trend_scenes", "caarud_activite", "plan_espaces_repos", "plan_lits")


def _catalogue() -> pd.DataFrame:
    """The indicators of the first feeds only: what has none yet is told in words."""
    every = catalogue()
    return every[every["flux"].isin(FEEDS)]


def _observations() -> pd.DataFrame:
    every = observations()
    return every[every["source"].isin(FEEDS)]


def _housing() -> tuple[pd.DataFrame, pd.DataFrame]:
    """An indicator and a series of a service that no page knows by name."""
    template = _observations()
    rows = template[(template["indicateur"] == "repos_passages_jour") & (template["granularite"] == "mois")]
    rows = rows[rows["ventilation"] == "service"].drop_duplicates("periode")
    mine = rows.assign(
        indicateur=HOUSING, modalite="assore", territoire_niveau="region", territoire_code="11", unite="places",
        valeur=510.0, statut="valeur", source="plan_hebergement",
    )  # fmt: skip
    line = _catalogue().iloc[[0]].assign(
        indicateur=HOUSING, theme="hebergement", flux="plan_hebergement", nom="Places ouvertes", nom_en="Places open",
        unite="places",
    )  # fmt: skip
    return mine, line


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows, line = _housing()
    more = {
        "observations": pd.concat([_observations(), rows], ignore_index=True),
        "indicateurs": pd.concat([_catalogue(), line], ignore_index=True),
    }
    return write_releases(tmp_path_factory.mktemp("registre"), instead=real_tables() | more)


@pytest.fixture(scope="module")
def client(releases: Path) -> Client:
    return create_app(releases).server.test_client()


def body(client: Client, address: str, status: int = 200) -> str:
    """The first view of a page, unescaped."""
    answer = client.get(address)
    assert answer.status_code == status, address
    return html.unescape(answer.get_data(as_text=True))


def words(text: str) -> str:
    """A page without its tags, every space a plain one."""
    apart = re.sub(r"</(td|th|li|p|div|dt|dd|h\d|caption|small)>", " ", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", apart).replace("\u00a0", " ").replace("\u202f", " "))


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/fr/services/espace-repos-chapelle", Route("fr", "service", item="espace-repos-chapelle")),
        ("/en/services/hsa-paris/", Route("en", "service", item="hsa-paris")),
        ("/fr/services/Paris", Route("fr", "", known=False)),
        ("/fr/services/a/b", Route("fr", "", known=False)),
        ("/fr/service", Route("fr", "", known=False)),
        ("/fr/scenes/75118", Route("fr", "", known=False)),
    ],
)
def test_page_of_an_item(path: str, route: Route) -> None:
    assert resolve(path) == route


def test_address_of_an_item_is_what_resolve_reads() -> None:
    assert href("en", "service", "?release=latest", item="assore") == "/en/services/assore?release=latest"
    assert resolve(href("fr", "service", item="assore")).item == "assore"


def test_menu_shows_the_list_a_page_stands_within(client: Client) -> None:
    text = body(client, "/fr/services/assore")
    menu = text.split('class="navigation"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="true"', menu) == ["/fr/services"]
    assert 'href="/en/services/assore"' in text


def test_register_lists_every_service_of_the_documents(client: Client) -> None:
    text = body(client, "/fr/services").split('class="parties"')[1]
    real, simulated = text.split("Déclarants simulés")
    assert set(re.findall(r'href="/fr/services/([a-z0-9-]+)"', real)) == set(SERVICES["service_id"])
    assert re.findall(r'href="/fr/services/([a-z0-9-]+)"', simulated) == ["hopital-a"]
    places = dict(zip(SERVICES["source_lieu"], SERVICES["source_fichier"], strict=True))
    assert all(f"{file}, {place}" in real for place, file in places.items())


@pytest.mark.parametrize(
    ("search", "kept"),
    [
        ("statut=non_ouvert", SERVICES["statut"] == "non_ouvert"),
        ("genre=consultation_cocaine", SERVICES["genre"] == "consultation_cocaine"),
        ("territoire=departement:75", (SERVICES["territoire_niveau"] + SERVICES["territoire_code"]) == "departement75"),
        ("territoire=region:75", (SERVICES["territoire_niveau"] + SERVICES["territoire_code"]) == "region75"),
    ],
)
def test_register_is_cut_by_the_address(client: Client, search: str, kept: pd.Series) -> None:
    text = body(client, f"/en/services?{search}").split('class="parties"')[1].split("Simulated reporters")[0]
    assert set(re.findall(r'href="/en/services/([a-z0-9-]+)"', text)) == set(SERVICES[kept]["service_id"])
    assert 0 < kept.sum() < len(SERVICES)


def test_a_service_is_read_on_the_release_of_the_register(client: Client) -> None:
    text = body(client, f"/fr/services?statut=non_ouvert&release={OLDER.replace('+', '%2B')}")
    assert f'href="/fr/services/hsa-paris?release={OLDER.replace("+", "%2B")}"' not in text
    assert f'href="/fr/services/haltes-soins-addictions?release={OLDER.replace("+", "%2B")}"' in text


def test_register_refuses_what_it_does_not_hold(client: Client) -> None:
    assert "demain" in body(client, "/fr/services?statut=demain", 400)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_service_has_its_page(client: Client, lang: str) -> None:
    for _, row in SERVICES.iterrows():
        text = body(client, f"/{lang}/services/{row['service_id']}")
        if row["service_id"] != "espace-repos-chapelle":
            assert f"<h1>{row['nom_en' if lang == 'en' else 'nom']}</h1>" in text
        assert f"{row['source_fichier']}, {row['source_lieu']}" in text


def test_unknown_service_is_a_404_in_the_language(client: Client) -> None:
    assert "/en/services/nowhere" in body(client, "/en/services/nowhere", 404)


def test_a_service_not_open_yet_says_so(client: Client) -> None:
    for service in SERVICES[SERVICES["statut"] == "non_ouvert"]["service_id"]:
        assert "pas encore ouvert" in words(body(client, f"/fr/services/{service}"))
        assert "not open yet" in words(body(client, f"/en/services/{service}"))


@pytest.mark.parametrize(
    ("precision", "said"),
    [("jour", "18 novembre 2019"), ("mois", "novembre 2019"), ("saison", "automne 2019"), ("annee", "2019")],
)
def test_a_date_is_as_precise_as_its_source(precision: str, said: str) -> None:
    written = date_dite(pd.Timestamp("2019-11-18"), precision, "fr")
    assert written.replace("\u00a0", " ") == said


def test_a_winter_runs_over_the_new_year() -> None:
    assert date_dite(pd.Timestamp("2020-01-15"), "saison", "en") == "winter 2020"


def test_an_event_of_a_chart_is_not_more_precise_than_its_source() -> None:
    start, end = pd.Timestamp("2021-01-01"), pd.Timestamp("2023-12-31")
    known = pd.DataFrame(
        {"date": ["2021-12-01", "2022-01-27"], "libelle": ["A", "B"], "date_precision": ["mois", "jour"]}
    )
    said = [badge.when("fr").replace("\u00a0", " ") for badge in badges(known, start, end)]
    assert said == ["décembre 2021", "27 janvier 2022"]
    assert badges(known.drop(columns="date_precision"), start, end)[0].when("en").startswith("1\u00a0Dec")


def test_service_shows_its_figures_its_events_and_its_series(client: Client) -> None:
    text = body(client, "/fr/services/espace-repos-chapelle")
    said = words(text)
    mine = FIGURES[FIGURES["service_id"] == "espace-repos-chapelle"]
    assert all(f"{row.source_fichier}, {row.source_lieu}" in text for row in mine.itertuples())
    assert "juin 2023 Transfert de l'espace de repos boulevard Ney" in said
    assert f"/extrait/{VERSION}.csv?ventilation=service&modalite=espace-repos-chapelle" in text
    assert "Données simulées" in said.split("Toutes ses séries")[1]
    assert "Données réelles" in said.split("Ce que les documents en publient")[1]


def test_service_takes_up_the_series_of_a_feed_no_page_names(client: Client) -> None:
    said = words(body(client, "/fr/services/assore"))
    assert "Places ouvertes septembre 2026 510p places" in said
    assert "Hébergement : indicateurs mesurés pour ce service, 1 sur 1." in said


def test_service_says_what_is_not_measured(client: Client) -> None:
    assert "n’a pas encore d’indicateur de ce flux" in words(body(client, "/fr/services/maraudes-rue"))
    assert "rien ne peut encore en être mesuré ici" in words(body(client, "/fr/services/pair-aidance"))


def test_a_simulated_service_says_that_it_does_not_exist(client: Client) -> None:
    said = words(body(client, "/fr/services/hopital-a"))
    assert "Service simulé : il n’existe pas" in said
    assert "Service nommé dans un document public" not in said


def _frame(*values: float | None, low: float | None = None, high: float | None = None) -> pd.DataFrame:
    rows = [
        {
            "periode": f"2026-{month:02d}",
            "valeur": value,
            "statut": "secret" if value is None else "valeur",
            "borne_basse": low,
            "borne_haute": high,
        }
        for month, value in enumerate(values, start=1)
    ]
    return pd.DataFrame(rows).astype({"valeur": "float64", "borne_basse": "float64", "borne_haute": "float64"})


@pytest.mark.parametrize(
    ("values", "sign", "expected"),
    [
        ((9, 10, 11), ">=", ("atteint", "2026-02", False)),
        ((9, 10, 10), ">", ("non_atteint", "2026-01", True)),
        ((10, 9, 10), ">=", ("atteint", "2026-03", False)),
        ((12, 11, 12), ">=", ("atteint", "2026-01", True)),
        ((12, None, 12), ">=", ("atteint", "2026-03", False)),
        ((12, 12, None), ">=", ("indecis", "2026-03", False)),
        ((10, 11), "<", ("non_atteint", "2026-01", True)),
        ((10,), "=", ("atteint", "2026-01", True)),
        ((10,), "<=", ("atteint", "2026-01", True)),
    ],
)
def test_standing_is_that_of_the_last_run(values: tuple[Any, ...], sign: str, expected: tuple[Any, ...]) -> None:
    where = standing(_frame(*values), sign, 10)
    assert where is not None
    assert (where.verdict, where.since, where.whole) == expected


def test_an_interval_across_the_target_cannot_be_told() -> None:
    assert verdict(_frame(12, low=9, high=15).iloc[0], ">=", 10) == "indecis"
    assert verdict(_frame(12, low=10, high=15).iloc[0], ">=", 10) == "atteint"
    assert verdict(_frame(4, low=1, high=9).iloc[0], ">=", 10) == "non_atteint"


@pytest.mark.parametrize(
    ("value", "received", "sign", "target", "expected"),
    [
        (2, 1, ">=", 33, "indecis"),  # One return of fifteen tells nothing.
        (2, 14, ">=", 33, "non_atteint"),
        (9, 14, ">=", 10, "indecis"),  # The last one may be the tenth.
        (10, 1, ">=", 10, "atteint"),  # A total is a least.
        (0, 14, ">=", 1, "indecis"),
        (0, 15, ">=", 1, "non_atteint"),
        (4, 14, "<", 5, "indecis"),
        (3, 14, "<", 5, "atteint"),
        (5, 1, "<", 5, "non_atteint"),
        (3, 14, "=", 3, "indecis"),
        (2, 8, "=", 3, "indecis"),
        (4, 1, "=", 3, "non_atteint"),
    ],
)
def test_missing_returns_keep_a_total_from_telling(
    value: int, received: int, sign: str, target: int, expected: str
) -> None:
    frame = _frame(value).assign(numerateur=value, denominateur=None, attendues=15, recues=received)
    assert verdict(frame.iloc[0], sign, target) == expected


@pytest.mark.parametrize(("received", "expected"), [(7, "indecis"), (8, "atteint"), (15, "atteint")])
def test_a_share_of_fewer_than_half_the_returns_tells_nothing(received: int, expected: str) -> None:
    frame = _frame(90).assign(numerateur=9, denominateur=10, attendues=15, recues=received)
    assert verdict(frame.iloc[0], ">=", 50) == expected


@pytest.mark.parametrize(
    ("frame", "doubt", "words"),
    [
        (_frame(None), "absent", "secret"),
        (_frame(12, low=9, high=15), "intervalle", "à cheval"),
        (_frame(9).assign(numerateur=9, denominateur=None, attendues=15, recues=14), "retours", "manquent"),
    ],
)
def test_what_cannot_be_told_says_why(frame: pd.DataFrame, doubt: str, words: str) -> None:
    where = standing(frame.assign(unite="lits"), ">=", 10)
    assert where is not None
    assert (where.verdict, where.doubt) == ("indecis", doubt)
    assert words in standing_text(where, "fr")


def test_where_a_target_stood_on_its_due_date() -> None:
    months = pd.period_range("2026-01", periods=3, freq="M")
    frame = _frame(9, 10, 11).assign(periode_debut=months.start_time, periode_fin=months.end_time.normalize())
    held = at_due_date(frame, pd.Timestamp("2026-02-28"))
    assert held is not None
    assert held["periode"] == "2026-02"
    assert at_due_date(frame, pd.Timestamp("2028-12-31")) is None


def test_nothing_stands_on_no_series() -> None:
    assert standing(_frame(1).iloc[:0], ">=", 10) is None


def test_every_operator_of_the_contract_is_understood() -> None:
    for item in code_list("operateur_cible"):
        assert verdict(_frame(10).iloc[0], item["value"], 10) in ("atteint", "non_atteint")


def test_every_target_is_told_with_its_due_date_and_its_source(client: Client) -> None:
    text = body(client, "/fr/objectifs")
    said = words(text)
    for row in TARGETS.itertuples():
        assert f"{row.source_fichier}, {row.source_lieu}" in text
        assert f"« {row.echeance_texte} »" in said or "échéance : 31 décembre 2023" in said
    assert said.count("sans date dans la source") == 2 * TARGETS["echeance"].isna().sum()


def test_targets_say_what_can_be_told(client: Client) -> None:
    text = body(client, "/fr/objectifs").split('class="parties"')[1]
    by_code = {part.split('"')[0]: words(part) for part in text.split('<h2 id="')[1:]}
    assert "atteint (simulé)" in by_code["lits_identifies"]
    assert "a pas encore l’indicateur" in by_code["aval_places"]
    assert by_code["aval_places"].count("on ne peut pas le dire") == 2
    assert "85 %" in by_code["pilotage_actions_realisees"]
    assert "ne dit pas combien sont réalisées" in by_code["pilotage_actions_realisees"]
    assert set(TARGETS["indicateur"]) == set(by_code) == set(objectifs.INDICATORS)


def test_days_are_never_compared_with_per_cent(tmp_path: Path) -> None:
    other = catalogue().assign(
        unite=lambda frame: frame["unite"].mask(frame["indicateur"] == "lits_identifies", "jours")
    )
    site = create_app(write_releases(tmp_path, instead={"indicateurs": other})).server.test_client()
    part = words(body(site, "/fr/objectifs").split('<h2 id="lits_identifies"')[1].split("<h2")[0])
    assert "deux unités ne se comparent pas" in part
    assert "atteint (simulé)" not in part


def test_the_steps_of_a_target_share_a_chart() -> None:
    rows = observations()
    frame = rows[(rows["indicateur"] == "lits_identifies") & (rows["granularite"] == "mois")]
    frame = frame[frame["ventilation"] == "ensemble"].assign(nom="Île-de-France")
    frame[["periode_debut", "periode_fin"]] = frame[["periode_debut", "periode_fin"]].apply(pd.to_datetime)
    figure = chemin(frame, lang="fr", unit_label="lits", targets=[50, 250, 50])
    lines = [trace for trace in figure["data"] if trace.get("meta") == {"role": "objectif"}]
    assert [trace["y"] for trace in lines] == [[250, 250], [50, 50]]
    assert len({trace["line"]["dash"] for trace in lines}) == 2
    assert figure["layout"]["yaxis"]["range"][1] > 250


def test_the_figures_of_history_exist_and_share_a_unit_on_a_chart() -> None:
    known = FIGURES.set_index("id")
    charts = [[one for ids in spec.lines.values() for one in ids] for spec in histoire.CHARTS.values()]
    charts += [list(histoire.PROFILE), [one for pair in histoire.TAKING_PART for one in pair], list(histoire.SPENDING)]
    for ids in charts:
        assert known.loc[ids, "unite"].nunique() == 1
    for spec in histoire.CHARTS.values():
        for ids in spec.lines.values() if spec.joined else []:
            rows = known.loc[list(ids)]
            assert rows[["mesure", "population"]].fillna("").drop_duplicates().shape[0] == 1


def test_every_point_of_history_has_its_source(client: Client) -> None:
    text = body(client, "/fr/histoire")
    for row in FIGURES[FIGURES["id"].isin(histoire._shown())].itertuples():
        assert f"{row.source_fichier}, {row.source_lieu}" in text
    assert "Données simulées" not in words(text.split('class="parties"')[1])
    assert "12 00 – 14 000" in words(text)
    assert "2012 : 142 sur 153, soit 93 %" in words(text)


def _points(**more: Any) -> pd.DataFrame:
    rows = [
        {"annee": 2010.0, "modalite": "a", "nom": "A", "valeur": 12.0, "borne_basse": 11.0, "borne_haute": 14.0},
        {"annee": 2019.0, "modalite": "a", "nom": "A", "valeur": 42.0, "borne_basse": None, "borne_haute": None},
        {"annee": 2011.0, "modalite": "b", "nom": "B", "valeur": None, "borne_basse": 8.0, "borne_haute": 11.0},
    ]
    return pd.DataFrame(rows).assign(texte="t", **more).astype({"valeur": "float64", "borne_basse": "float64"})


def test_methods_are_never_joined() -> None:
    figure = points(_points(), lang="fr", unit_label="personnes", joined=False)
    assert {trace["mode"] for trace in figure["data"] if trace["meta"]["role"] == "valeur"} == {"markers"}
    assert histoire.CHARTS["histoire-usagers"].joined is False


def test_a_range_without_a_value_is_no_point() -> None:
    figure = points(_points(), lang="fr", unit_label="personnes", joined=False)
    marks = {trace["name"]: trace for trace in figure["data"] if trace["meta"]["role"] == "valeur"}
    assert marks["A"]["marker"]["opacity"] == [1, 1]
    assert marks["B"]["marker"]["opacity"] == [0]
    shown = [trace["name"] for trace in figure["data"] if trace["showlegend"]]
    assert sorted(shown) == ["A", "B"]


def test_years_side_by_side_keep_their_labels_apart() -> None:
    axis = points(_points(), lang="fr", unit_label="personnes", joined=False)["layout"]["xaxis"]
    assert axis["ticktext"] == ["2010", "<br>2011", "2019"]


def test_what_is_not_available_is_a_word_and_no_bar() -> None:
    rows = [
        {"nom": "A, 2010", "valeur": None, "texte": "non disponible", "survol": ""},
        {"nom": "A, 2011", "valeur": 127.0, "texte": "127 personnes", "survol": ""},
    ]
    figure = barres_dites(pd.DataFrame(rows), lang="fr", unit_label="personnes")
    assert figure["data"][0]["x"] == [127.0]
    assert "<i>non disponible</i>" in [note["text"] for note in figure["layout"]["annotations"]]


def test_the_words_beyond_a_bar_have_room_on_a_phone() -> None:
    rows = [{"nom": "A", "valeur": 25.0, "texte": "nearly 25 million euros", "survol": ""}]
    end = barres_dites(pd.DataFrame(rows), lang="en", unit_label="euros")["layout"]["xaxis"]["range"][1]
    assert 310 * (1 - 25 / end) > 7 * len("nearly 25 million euros")


def test_dots_of_structures_stay_apart_and_hollow_where_not_exact() -> None:
    rows = [
        {"mesure": "M", "modalite": "a", "nom": "A", "valeur": 50.0, "exact": True, "texte": ""},
        {"mesure": "M", "modalite": "b", "nom": "B", "valeur": 50.0, "exact": False, "texte": ""},
    ]
    one, two = pointille(pd.DataFrame(rows), lang="fr", unit_label="%", measures=["N", "M"])["data"]
    assert one["y"] != two["y"]
    assert -1.5 < one["y"][0] < -0.5
    assert [trace["marker"]["symbol"][0].endswith("-open") for trace in (one, two)] == [False, True]


def test_consultations_tell_the_whole_table(client: Client) -> None:
    text = body(client, "/fr/consultations").split('class="parties"')[1]
    grid = text.split("partie--tableau")[1].split("<table")[1].split("</table>")[0]
    assert all(f">{place}<" in grid for place in CONSULTATIONS["source_lieu"])
    said = words(grid)
    assert said.count("non disponible") == (CONSULTATIONS["precision"] == "non_disponible").sum() == 11
    assert "51/68" in said
    assert "Quasi-totalité" in said
    assert "plus de 50 %" in said
    heads = re.findall(r'<th [^>]*scope="col"[^>]*>([^<]+)', grid)
    assert heads[1:] == ["BIZIA", "Espace Murger", "Bus 31/32", "CEID"]
    flagged = CONSULTATIONS[CONSULTATIONS["anomalie"].notna()]
    assert text.split("partie--anomalies")[1].split("</section>")[0].count("<li>") == len(flagged)


def test_extract_of_a_reference_table_is_the_rows_asked_for(client: Client) -> None:
    answer = client.get(f"/extrait/{VERSION}/chiffres_publies.csv?id=PF021&id=PF022")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [row["id"] for row in rows] == ["PF021", "PF022"]
    assert "immutable" in answer.headers["Cache-Control"]
    every = client.get(f"/extrait/{VERSION}/consultations_cocaine.csv").get_data(as_text=True)
    assert len(list(csv.DictReader(io.StringIO(every)))) == len(CONSULTATIONS)


@pytest.mark.parametrize("address", ["rien.csv", "observations.csv", "services.csv?nom=x", "../index.csv"])
def test_extract_refuses_other_tables_and_columns(client: Client, address: str) -> None:
    assert client.get(f"/extrait/{VERSION}/{address}").status_code in (400, 404)


@pytest.mark.parametrize("page", ["histoire", "consultations", "objectifs"])
def test_the_csv_of_each_chart_answers(client: Client, page: str) -> None:
    links = re.findall(r'href="(/extrait/[^"]+)"', body(client, f"/fr/{page}"))
    assert links
    for link in links:
        assert client.get(link).status_code == 200


def test_a_release_without_these_tables_says_so(tmp_path: Path) -> None:
    root = write_releases(tmp_path)
    without(root / VERSION, ("services", "objectifs", "consultations_cocaine"))
    site = create_app(root).server.test_client()
    assert "pas d’objectif" in words(body(site, "/fr/objectifs"))
    assert "aucun de ces chiffres" in words(body(site, "/fr/consultations"))
    assert "aucun de ces chiffres" in words(body(site, "/fr/histoire"))


def test_returns_are_written_as_numbers_are() -> None:
    assert Returns(1206, 12150).written("fr") == {"recues": "1\u202f206", "attendues": "12\u202f150"}
    assert Returns(1206, 12150).written("en") == {"recues": "1,206", "attendues": "12,150"}
