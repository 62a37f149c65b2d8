"""What every file of a release says of the release: names, licence, sources, how to read a cell, how to cite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from publish import adresses
from publish.version import Version
from schemas.contract import Contract, Label

NAME = "observatoire-plan-crack"
TITLE = Label("Observatoire du plan crack", "Observatory of the crack plan")
SUBJECT = Label(
    "Indicateurs de suivi du plan crack à Paris et en Île-de-France : scènes de consommation, espaces de repos, "
    "CAARUD, maraudes, hébergement, lits hospitaliers, suites du soin, objectifs et actions du plan.",
    "Indicators that follow the crack plan in Paris and Île-de-France: consumption scenes, rest spaces, CAARUD, "
    "outreach, housing, hospital beds, downstream care, targets and actions of the plan.",
)
SIMULATED = Label(
    "Version de démonstration : les lignes dont l'origine est « simule » sont simulées, ne les citez pas comme des "
    "faits. Les chiffres publiés, transcrits de documents, sont réels.",
    "Demonstration version: the rows whose `origine` is `simule` are simulated, do not quote them as facts. The "
    "published figures, transcribed from documents, are real.",
)
READING = Label(
    "Une cellule vide se lit avec son statut : zéro constaté, non rapporté, sans objet et secret sont quatre choses. "
    "Un effectif de personnes ou d'actes sur des personnes compris entre 1 et 10 n'est pas publié, ni ce qui "
    "permettrait de le retrouver.",
    "An empty cell is read with its status: observed zero, not reported, not applicable and secret are four things. "
    "A count of people, or of acts on people, from 1 to 10 is not published, nor is what would give it away.",
)
KEYWORDS = ("crack", "cocaïne", "addictologie", "réduction des risques", "CAARUD", "Paris", "Île-de-France")
LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte / Open Licence 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
BOUNDARIES = Label(
    "Contours : IGN (Admin Express) ; codes et populations légales : INSEE, Etalab — Licence Ouverte 2.0.",
    "Boundaries: IGN (Admin Express); official codes and populations: INSEE, Etalab — Open Licence 2.0.",
)
RETURNS = Label(
    "Déclarations des structures du plan, reçues par flux (colonne `source` ou `flux`).",
    "Returns of the services of the plan, received by feed (column `source` or `flux`).",
)
DOCUMENTS = Label(
    "Documents publics, cités à chaque ligne avec la place du chiffre.",
    "Public documents, cited in each row with the place of the figure.",
)
GEOGRAPHY = ("territoires", "population", "adjacences", "codes_postaux")


@dataclass(frozen=True)
class Notice:
    """A release to be: its version, its day, the base of its addresses."""

    version: Version
    day: date
    base: str

    def permanent(self, relative: str) -> str:
        """Permanent address of one of its files."""
        return adresses.permanent(self.base, str(self.version), relative)

    @property
    def page(self) -> str:
        """Permanent address of the first of its pages."""
        return self.permanent(adresses.HOME)

    def description(self, lang: str) -> str:
        """What the release is about, and whether it is simulated."""
        parts = (SUBJECT[lang], SIMULATED[lang]) if self.version.demo else (SUBJECT[lang],)
        return " ".join(parts)

    def citation(self, lang: str, *, title: str = "", relative: str = adresses.HOME) -> str:
        """How to cite the release, or one of its datasets."""
        named = f"{title}, " if title else ""
        address = self.permanent(relative)
        return f"{TITLE[lang]}, {named}version {self.version}, {self.day.isoformat()}, {address} ({LICENCE['title']})."


def archive_name(version: str) -> str:
    """Name of the archive of a whole release, at the root of its folder."""
    return f"{NAME}-{version}.zip"


def archive_sum(version: str) -> str:
    """Name of the file that tells the checksum of the archive."""
    return f"{archive_name(version)}.sha256"


def source_of(contract: Contract) -> Label:
    """Where the rows of a dataset come from."""
    if contract.kind == "feeds":
        descriptor = contract.descriptor
        return Label(descriptor["source_form"], descriptor["source_form_en"])
    if contract.name in GEOGRAPHY:
        return BOUNDARIES
    return RETURNS if contract.kind == "datasets" else DOCUMENTS
