"""Facts of the time charts: what is drawn, what is not, and what says so."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.figures import axes, evenements, modele, series

Row = tuple[str, Any]
FREQUENCY = {4: "annee", 7: "mois", 10: "jour"}


def bounds(code: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    if "T" in code:
        year, quarter = code.split("-T")
        start = pd.Timestamp(int(year), 3 * int(quarter) - 2, 1)
        return start, start + pd.DateOffset(months=3, days=-1)
    start = pd.Timestamp(code)
    step = {4: pd.DateOffset(years=1), 7: pd.DateOffset(months=1), 10: pd.DateOffset(days=1)}[len(code)]
    return start, start + step - pd.Timedelta(days=1)


def line(*cells: Row, modalite: str = "tous", nom: str = "Île-de-France", provisional: int = 0) -> pd.DataFrame:
    """A frame of observations: a cell is a number, or the status of a period without value."""
    rows = []
    for code, cell in cells:
        absent = isinstance(cell, str)
        start, end = bounds(code)
        rows.append(
            {
                "periode": code,
                "periode_debut": start,
                "periode_fin": end,
                "granularite": "trimestre" if "T" in code else FREQUENCY[len(code)],
                "modalite": modalite,
                "nom": nom,
                "valeur": float("nan") if absent else float(cell),
                "borne_basse": float("nan") if absent else cell * 0.9,
                "borne_haute": float("nan") if absent else cell * 1.1 + 1,
                "statut": cell if absent else "zero" if cell == 0 else "valeur",
                "provisoire": False,
            }
        )
    frame = pd.DataFrame(rows)
    frame.loc[len(frame) - provisional :, "provisoire"] = True
    return frame


def role(figure: modele.Figure, name: str) -> list[modele.Trace]:
    return [trace for trace in figure["data"] if trace.get("meta", {}).get("role") == name]


def legend(figure: modele.Figure) -> list[str]:
    entries = [trace for trace in figure["data"] if trace.get("showlegend", True)]
    return [trace["name"] for trace in sorted(entries, key=lambda trace: trace.get("legendrank", 1000))]


def shown(figure: modele.Figure) -> str:
    """Every text a figure shows, hover labels and ticks included."""
    box = figure["layout"]
    texts = [*words(figure["data"]), *box["xaxis"]["ticktext"], *(note["text"] for note in box["annotations"])]
    return "\n".join(texts)


def words(value: Any) -> list[str]:
    if isinstance(value, dict):
        hidden = {"template", "type", "mode", "yaxis", "xref", "yref", "meta", "color", "fillcolor", "dash", "symbol"}
        return [word for key, item in value.items() if key not in hidden for word in words(item)]
    if isinstance(value, list):
        return [word for item in value for word in words(item)]
    return [value] if isinstance(value, str) else []


MIXED = line(
    ("2025-T1", 40), ("2025-T2", "secret"), ("2025-T3", "non_rapporte"), ("2025-T4", 0), ("2026-T1", "non_applicable"),
    ("2026-T2", 30), ("2026-T3", 35), provisional=1,
)  # fmt: skip


def test_a_period_without_value_is_not_drawn_and_breaks_the_line() -> None:
    (curve,) = role(series.serie(MIXED, lang="fr", unit_label="personnes"), "valeur")
    assert curve["y"] == [40, None, None, 0, None, 30, 35]
    assert curve["connectgaps"] is False


def test_a_value_hidden_in_a_secret_cell_is_never_drawn() -> None:
    leaky = MIXED.assign(valeur=MIXED["valeur"].fillna(7), borne_basse=5.0, borne_haute=45.0)
    figure = series.serie(leaky, lang="fr", unit_label="personnes")
    assert role(figure, "valeur")[0]["y"][1] is None
    (band,) = role(figure, "intervalle")
    assert axes.iso(axes.midpoints(MIXED.iloc[[1]]))[0] not in band["x"]


def test_each_absence_has_its_own_filling_and_word() -> None:
    marks = {trace["meta"]["statut"]: trace for trace in role(series.serie(MIXED, lang="fr", unit_label=""), "statut")}
    assert set(marks) == {"secret", "non_rapporte", "non_applicable"}
    assert len({mark["marker"]["pattern"]["shape"] for mark in marks.values()}) == 3
    assert marks["secret"]["x"] == ["2025-04-01"]
    assert marks["secret"]["width"] == [91 * 86_400_000]
    assert "secret statistique" in marks["secret"]["hovertext"][0]
    assert all(mark["yaxis"] == "y2" for mark in marks.values())


def test_an_observed_zero_is_a_hollow_point_on_the_line() -> None:
    (curve,) = role(series.serie(MIXED, lang="fr", unit_label=""), "valeur")
    assert [symbol.endswith("-open") for symbol in curve["marker"]["symbol"]] == [False, False, False, True] + [
        False
    ] * 3


def test_the_legend_lists_the_marks_that_are_drawn_and_no_other() -> None:
    assert legend(series.serie(MIXED, lang="fr", unit_label="personnes")) == [
        "intervalle à 95\u00a0%", "zéro constaté", "secret", "non rapporté", "sans objet", "période provisoire",
    ]  # fmt: skip
    plain = line(("2025", 4), ("2026", 5)).assign(borne_basse=float("nan"), borne_haute=float("nan"))
    assert legend(series.serie(plain, lang="fr", unit_label="lits")) == []


def test_the_band_stops_where_the_line_stops() -> None:
    (band,) = role(series.serie(MIXED, lang="fr", unit_label=""), "intervalle")
    assert band["x"].count(None) == 2
    assert band["fill"] == "toself"


def test_consecutive_periods_of_one_status_make_one_mark() -> None:
    frame = line(("2025", 4), ("2026", "secret"), ("2027", "secret"), ("2028", 3), ("2029", "secret"))
    (mark,) = role(series.serie(frame, lang="fr", unit_label=""), "statut")
    assert mark["x"] == ["2026-01-01", "2029-01-01"]
    assert mark["hovertext"][0].startswith("<b>de 2026 à 2027</b>")


def test_provisional_periods_are_shaded_over_their_whole_length() -> None:
    shapes = series.serie(MIXED, lang="fr", unit_label="")["layout"]["shapes"]
    (shade,) = [shape for shape in shapes if shape.get("name") == "provisoire"]
    assert (shade["x0"], shade["x1"]) == ("2026-07-01", "2026-10-01")
    settled = series.serie(MIXED.assign(provisoire=False), lang="fr", unit_label="")
    assert settled["layout"]["shapes"] == []


def test_the_target_is_a_line_with_its_value_and_within_the_axis() -> None:
    figure = series.serie(MIXED, lang="fr", unit_label="lits", target=90)
    (target,) = role(figure, "objectif")
    assert target["y"] == [90, 90]
    assert target["name"] == "objectif\u00a0: 90\u00a0lits"
    assert figure["layout"]["yaxis"]["range"][1] > 90


def test_several_lines_differ_by_more_than_their_colour() -> None:
    frame = pd.concat([line(("2025", 4), ("2026", 5)), line(("2025", 1), ("2026", 2), modalite="b", nom="Sleep In")])
    curves = role(series.serie(frame, lang="fr", unit_label=""), "valeur")
    assert [curve["name"] for curve in curves] == ["Île-de-France", "Sleep In"]
    for mark in (lambda c: c["line"]["color"], lambda c: c["line"]["dash"], lambda c: c["marker"]["symbol"][0]):
        assert len({mark(curve) for curve in curves}) == 2


def test_an_empty_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        series.serie(MIXED.iloc[:0], lang="fr", unit_label="")


EVENTS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2026-03-02", "2025-02-01", "2025-02-08", "1999-01-01"]),
        "libelle": ["Transfert", "Ouverture", "Éviction", "Trop tôt"],
    }
)


def test_events_within_the_period_are_numbered_in_time_and_listed_with_their_words() -> None:
    listed = series.evenements_numerotes(MIXED, EVENTS, lang="fr")
    assert [(number, label) for number, _, label in listed] == [(1, "Ouverture"), (2, "Éviction"), (3, "Transfert")]
    assert listed[0][1] == "1er\u00a0février\u00a02025"
    figure = series.serie(MIXED, lang="fr", unit_label="", events=EVENTS)
    (badges,) = role(figure, "evenements")
    assert badges["text"] == ["1", "2", "3"]
    assert "Éviction" in badges["hovertext"][1]
    assert [shape["x0"] for shape in figure["layout"]["shapes"] if shape["type"] == "line"] == badges["x"]


def test_badges_of_events_close_together_stand_on_different_rows() -> None:
    placed = evenements.badges(EVENTS, pd.Timestamp("2025-01-01"), pd.Timestamp("2026-09-30"))
    assert [badge.row for badge in placed] == [0, 1, 0]
    crowd = pd.DataFrame({"date": pd.date_range("2025-01-01", periods=12, freq="3D"), "libelle": "x"})
    days_apart = 638 * evenements.BADGE_WIDTH / evenements.NARROWEST_PLOT
    placed = evenements.badges(crowd, pd.Timestamp("2025-01-01"), pd.Timestamp("2026-10-01"))
    for one in placed:
        for other in placed:
            if one.row == other.row and one is not other:
                assert abs((one.date - other.date).days) >= days_apart


def test_the_line_of_an_event_ends_at_its_badge() -> None:
    box = series.serie(MIXED, lang="fr", unit_label="", events=EVENTS)["layout"]
    ends = [shape["y1"] for shape in box["shapes"] if shape["type"] == "line"]
    low, high = box["yaxis3"]["domain"]
    assert ends[0] == pytest.approx(low + (high - low) / 4)
    assert ends[1] == pytest.approx(low + (high - low) * 3 / 4)


def daily(days: int, *, gap: slice = slice(0, 0)) -> pd.DataFrame:
    dates = pd.date_range("2019-11-18", periods=days)
    statuses = pd.Series(["valeur"] * days)
    statuses[gap] = "secret"
    values = pd.Series([float(100 + day % 7) for day in range(days)]).where(statuses == "valeur")
    return pd.DataFrame(
        {
            "periode": dates.strftime("%Y-%m-%d"), "periode_debut": dates, "periode_fin": dates, "granularite": "jour",
            "modalite": "chapelle", "nom": "La Chapelle", "valeur": values, "borne_basse": float("nan"),
            "borne_haute": float("nan"), "statut": statuses, "provisoire": False, "mediane": values,
        }
    )  # fmt: skip


def test_daily_days_without_value_are_left_out_and_told() -> None:
    figure = series.quotidien(daily(2500, gap=slice(700, 714)), lang="fr", unit_label="passages")
    (days,) = role(figure, "jour")
    assert len(days["x"]) == 2486
    assert min(days["y"]) >= 100
    (mark,) = role(figure, "statut")
    assert mark["width"] == [14 * 86_400_000]
    (median,) = role(figure, "mediane")
    assert None in median["y"]


def test_a_day_without_anybody_is_a_day() -> None:
    frame = daily(30)
    frame.loc[3, ["valeur", "statut"]] = [0.0, "zero"]
    (zeros,) = role(series.quotidien(frame, lang="fr", unit_label=""), "zero")
    assert (zeros["x"], zeros["y"]) == (["2019-11-21"], [0.0])
    assert zeros["marker"]["symbol"].endswith("-open")


def test_the_weekly_median_has_one_point_a_week() -> None:
    (median,) = role(series.quotidien(daily(70), lang="fr", unit_label=""), "mediane")
    assert len(median["x"]) == 10
    assert median["x"][0] == "2019-11-21 12:00"


@pytest.mark.parametrize("known", [(), (2,), (2, 4)])
def test_medians_that_no_line_joins_are_not_in_the_legend(known: tuple[int, ...]) -> None:
    frame = daily(42)
    frame["mediane"] = frame["mediane"].where([place // 7 in known for place in range(42)])
    figure = series.quotidien(frame, lang="fr", unit_label="")
    assert role(figure, "mediane") == []
    assert "médiane de la semaine" not in legend(figure)


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        ("2019-10-01", "2026-09-30", "2020", "2020"),
        ("2025-01-01", "2026-09-30", "T1<br>2025", "Q1<br>2025"),
        ("2026-01-01", "2026-06-30", "févr.", "Feb"),
        ("2026-02-01", "2026-02-25", "25\u00a0févr.", "25\u00a0Feb"),
    ],
)
def test_ticks_speak_the_language_and_are_few(start: str, end: str, french: str, english: str) -> None:
    span = pd.Timestamp(start), pd.Timestamp(end)
    for lang, label in (("fr", french), ("en", english)):
        positions, labels = axes.time_ticks(*span, lang)
        assert label in labels
        assert len(labels) == len(positions) <= axes.MAX_LABELS


def test_ticks_of_few_periods_stand_under_their_points() -> None:
    figure = series.serie(MIXED, lang="en", unit_label="people")
    (curve,) = role(figure, "valeur")
    axis = figure["layout"]["xaxis"]
    assert axis["tickvals"] == curve["x"]
    assert axis["ticktext"] == ["Q1<br>2025", "Q2", "Q3", "Q4", "Q1<br>2026", "Q2", "Q3"]


def test_an_english_figure_has_no_french_word_and_a_french_one_no_english_word() -> None:
    events = EVENTS.assign(libelle="x")
    frames = {"fr": MIXED.assign(nom="n"), "en": MIXED.assign(nom="n")}
    french = {"secret statistique", "non rapporté", "provisoire", "zéro", "intervalle", "trimestre", "objectif", "de "}
    english = {"not reported", "provisional", "observed zero", "interval:", "Q1", "target", " to "}
    for lang, foreign in (("fr", english), ("en", french)):
        figure = series.serie(frames[lang], lang=lang, unit_label="u", events=events, target=3)
        assert not [word for word in foreign if word in shown(figure)]
        assert figure["layout"]["separators"] == {"fr": ",\u202f", "en": ".,"}[lang]


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("page", ["#ffffff", "#14181f"])
def test_marks_are_seen_on_the_light_page_and_on_the_dark_one(page: str) -> None:
    for colour in (*modele.COLOURS, modele.MUTED, modele.TARGET, evenements.BADGE):
        light, dark = sorted((_luminance(colour), _luminance(page)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, colour


def test_nothing_is_sent_to_a_third_party() -> None:
    for lang in ("fr", "en"):
        settings = modele.config(lang)
        assert settings["showSendToCloud"] is False
        assert settings["locale"] == lang
