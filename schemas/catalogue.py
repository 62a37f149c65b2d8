"""The catalogue of indicators: ``indicators.toml`` read into frozen values and checked against the contracts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from schemas.contract import ROOT, Label, contract_names, load_contract, units
from schemas.errors import ContractBroken

KINDS = ("effectif", "part", "taux", "rapport", "mesure")
ROLL_UPS = ("somme", "maximum", "minimum", "dernier", "aucune")
HIGHEST = ("region", "france")
SCALES = {"part": 100.0, "taux": 100_000.0}
# How a measure holds others of its feed, beside how it rolls up.
HELD = ("partie_de", "groupe", "identique_a", "borne", "nulle_si")
# Denominators that no feed measures: they come from the territories.
POPULATION = "population"


@dataclass(frozen=True)
class Measure:
    """A quantity of a feed and how it rolls up over periods (``temps``) and over reporters (``territoire``).

    ``partie_de`` is the measure of which it is a part, the parts of one ``groupe`` add up to it, and ``identique_a`` is
    the measure of which it is another name where both are measured. ``borne`` is the count that it says something of,
    as a median does of those below a threshold; it is zero wherever ``nulle_si``, which counts no persons, is.
    ``recul`` is the ISO 8601 duration after the end of its period before which it cannot be told.
    """

    flux: str
    mesure: str
    temps: str
    territoire: str
    sensible: bool
    partie_de: str | None = None
    groupe: str | None = None
    identique_a: str | None = None
    borne: str | None = None
    nulle_si: str | None = None
    recul: str | None = None


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    ``echelle`` is what the quotient is multiplied by; ``denominateur`` is None for a count; ``jusqua`` is the highest
    level of territory that it rolls up to.
    """

    indicateur: str
    theme: str
    nom: Label
    definition: Label
    genre: str
    unite: str
    echelle: float
    polarite: str
    numerateur: str
    denominateur: str | None
    flux: str
    intervalle: str
    frequence: str
    granularites: tuple[str, ...]
    jusqua: str
    additif: bool
    sensible: bool
    objectif: str | None
    reserves: Label


@dataclass(frozen=True)
class Catalogue:
    """Every measure and every indicator, in the order of the file."""

    mesures: tuple[Measure, ...]
    indicateurs: tuple[Indicator, ...]

    def measures_of(self, feed: str) -> tuple[Measure, ...]:
        """The measures of a feed."""
        return tuple(measure for measure in self.mesures if measure.flux == feed)

    def indicators_of(self, feed: str) -> tuple[Indicator, ...]:
        """The indicators of a feed."""
        return tuple(indicator for indicator in self.indicateurs if indicator.flux == feed)


def row_of(indicator: Indicator) -> dict[str, Any]:
    """The indicator as a row of the published dataset ``indicateurs``."""
    row = asdict(indicator)
    for name in ("nom", "definition", "reserves"):
        label = row.pop(name)
        row |= {name: label["fr"], f"{name}_en": label["en"]}
    names = load_contract("indicateurs", kind="datasets").names
    return {name: row[name] for name in names}


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of ``indicators.toml``. Raises ContractBroken where it contradicts itself or a contract."""
    text = (ROOT / "indicators.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    reserves = document.pop("reserves")
    mesures = tuple(
        _measure(feed, name, entry) for feed, part in document.items() for name, entry in part["mesures"].items()
    )
    sensitive = {(measure.flux, measure.mesure) for measure in mesures if measure.sensible}
    indicateurs = tuple(
        _indicator(feed, code, {**entry, "feed": part}, reserves, sensitive)
        for feed, part in document.items()
        for code, entry in part["indicateurs"].items()
    )
    catalogue = Catalogue(mesures, indicateurs)
    if problems := list(_problems(catalogue)):
        raise ContractBroken("schemas/indicators.toml:\n" + "\n".join(f"  - {problem}" for problem in problems))
    return catalogue


def _measure(feed: str, name: str, entry: Mapping[str, Any]) -> Measure:
    if feed not in contract_names("feeds"):
        raise ContractBroken(f"schemas/indicators.toml: [{feed}] is not a feed of schemas/feeds")
    contract = load_contract(feed)
    if (name in contract.names) == ("sensible" in entry):
        raise ContractBroken(
            f"schemas/indicators.toml: [{feed}.mesures] {name}: `sensible` is for "
            "derived measures only; a field says it itself"
        )
    sensible = contract.field(name).sensitive if name in contract.names else entry["sensible"]
    held = {key: entry.get(key) for key in (*HELD, "recul")}
    return Measure(feed, name, entry["temps"], entry["territoire"], sensible, **held)


def _indicator(
    feed: str, code: str, entry: Mapping[str, Any], reserves: Mapping[str, Any], sensitive: set[tuple[str, str]]
) -> Indicator:
    part = entry["feed"]
    caveats = [reserves[key] for key in (*entry.get("reserves", ()), *part.get("reserves", ()))]
    numerator, denominator = entry["numerateur"], entry.get("denominateur")
    return Indicator(
        indicateur=code,
        theme=entry.get("theme", part["theme"]),
        nom=Label(entry["nom"], entry["nom_en"]),
        definition=Label(entry["definition"], entry["definition_en"]),
        genre=entry["genre"],
        unite=entry["unite"],
        echelle=SCALES.get(entry["genre"], 1.0),
        polarite=entry.get("polarite", "aucune"),
        numerateur=numerator,
        denominateur=denominator,
        flux=feed,
        intervalle=entry.get("intervalle", "aucun"),
        frequence=load_contract(feed).descriptor["frequency"],
        granularites=tuple(entry.get("granularites", part["granularites"])),
        jusqua=part.get("jusqua", "region"),
        additif=entry.get("additif", False),
        sensible=bool(sensitive & {(feed, numerator), (feed, denominator)}),
        objectif=entry.get("objectif"),
        reserves=Label(" ".join(c["fr"] for c in caveats), " ".join(c["en"] for c in caveats)),
    )


def _problems(catalogue: Catalogue) -> Iterable[str]:
    measures = {(measure.flux, measure.mesure): measure for measure in catalogue.mesures}
    for measure in catalogue.mesures:
        if {measure.temps, measure.territoire} - set(ROLL_UPS):
            yield f"{measure.flux}.{measure.mesure}: unknown roll-up (known: {', '.join(ROLL_UPS)})"
        for other in (measure.partie_de, measure.identique_a, measure.borne, measure.nulle_si):
            if other is not None and (measure.flux, other) not in measures:
                yield f"{measure.flux}.{measure.mesure}: {other} is not a measure of that feed"
        if measure.groupe and not measure.partie_de:
            yield f"{measure.flux}.{measure.mesure}: a group adds up to the measure of which it is a part (partie_de)"
        nul = measures.get((measure.flux, measure.nulle_si or ""))
        if nul is not None and (nul.sensible or {nul.temps, nul.territoire} != {"somme"}):
            yield f"{measure.flux}.{measure.mesure}: {nul.mesure} counts persons, or does not add up (nulle_si)"
        if measure.territoire == "dernier":
            yield f"{measure.flux}.{measure.mesure}: no reporter comes last among territories"
    for indicator in catalogue.indicateurs:
        yield from _indicator_problems(indicator, measures)


def _indicator_problems(indicator: Indicator, measures: Mapping[tuple[str, str], Measure]) -> Iterable[str]:
    where = indicator.indicateur
    if indicator.genre not in KINDS:
        yield f"{where}: unknown genre {indicator.genre} (known: {', '.join(KINDS)})"
    if indicator.jusqua not in HIGHEST:
        yield f"{where}: unknown level {indicator.jusqua} (known: {', '.join(HIGHEST)})"
    if indicator.unite not in units():
        yield f"{where}: unit {indicator.unite} is not in schemas/units.json"
    if indicator.genre in ("part", "taux", "rapport") and indicator.denominateur is None:
        yield f"{where}: a {indicator.genre} needs a denominator"
    for name in (indicator.numerateur, indicator.denominateur):
        if name not in (None, POPULATION) and (indicator.flux, name) not in measures:
            yield f"{where}: measure {name} is not declared in [{indicator.flux}.mesures]"
    numerator = measures.get((indicator.flux, indicator.numerateur))
    if indicator.additif and numerator and {numerator.temps, numerator.territoire} != {"somme"}:
        yield f"{where}: additive, but its measure does not sum over periods and territories"
