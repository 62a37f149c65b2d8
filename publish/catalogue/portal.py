"""One catalogue over every release: what a portal harvests, page after page.

A portal wants one dataset a table, whose files are those of the newest release, and not one more dataset a quarter. So
each table has an address of its own here, with its newest files, and names its version in each release
(``dcat:hasVersion``), which the catalogue of that release describes. Composed from the frozen ``catalog.jsonld`` of the
releases, as plain values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from publish.catalogue.terms import PREFIXES, Node, text, thing, typed
from publish.notice import NAME, TITLE
from schemas.errors import UsageError

PAGE_SIZE = 20
LARGEST = 100
PATH = "catalog"


@dataclass(frozen=True)
class Paging:
    """What is asked for: a page counted from 1, of ``size`` datasets, under an extension (``.ttl``) or none."""

    page: int = 1
    size: int = PAGE_SIZE
    suffix: str = ""


def paging(page: str, size: str, suffix: str) -> Paging:
    """The paging that an address asks for. Raises UsageError where it is not two whole numbers in their bounds."""
    if not (page.isascii() and page.isdigit() and size.isascii() and size.isdigit()):
        raise UsageError(f"Catalogue : page « {page} », page_size « {size} » : deux nombres entiers sont attendus.")
    if not 1 <= int(size) <= LARGEST or int(page) < 1:
        raise UsageError(f"Catalogue : page va à partir de 1, page_size de 1 à {LARGEST}.")
    return Paging(int(page), int(size), suffix)


def portal(catalogues: Sequence[Node], asked: Paging) -> Node:
    """The page asked for of the catalogue over releases, given newest first (at least one).

    Raises UsageError for a page after the last.
    """
    newest = catalogues[0]
    base = newest["foaf:homepage"]["@id"]
    tables = list(_tables(catalogues, base))
    pages = max(1, -(-len(tables) // asked.size))
    if asked.page > pages:
        raise UsageError(f"Catalogue : il n'y a que {pages} page(s), la page {asked.page} n'existe pas.")
    shown = tables[(asked.page - 1) * asked.size : asked.page * asked.size]
    kept = ("dct:description", "dct:publisher", "dct:modified", "dct:language", "dct:license", "dct:spatial")
    return {"@context": PREFIXES} | {
        "@id": f"{base}/{PATH}",
        "@type": ["dcat:Catalog", "hydra:Collection"],
        "dct:title": text(TITLE.fr, TITLE.en),
        "dct:issued": catalogues[-1]["dct:issued"],
        **{name: newest[name] for name in (*kept, "foaf:homepage", "dcat:themeTaxonomy")},
        "dcat:catalog": [_listed(catalogue) for catalogue in catalogues],
        "hydra:totalItems": typed(str(len(tables)), "xsd:integer"),
        "hydra:view": _view(base, asked, pages, len(tables)),
        "dcat:dataset": shown,
    }


def _listed(catalogue: Node) -> Node:
    """The catalogue of one release, named: its own file says the rest."""
    kept = ("dct:title", "dct:description", "dct:publisher", "dct:issued", "dcat:version")
    return thing(catalogue["@id"], "dcat:Catalog", **{name: catalogue[name] for name in kept})


def _tables(catalogues: Sequence[Node], base: str) -> Iterator[Node]:
    """Every table that a release has, as its newest release has it, in the order of the newest."""
    versions: dict[str, list[Node]] = {}
    for catalogue in catalogues:
        for dataset in catalogue["dcat:dataset"]:
            versions.setdefault(dataset["@id"].rpartition("#")[2], []).append(dataset)
    for name, found in versions.items():
        yield found[0] | {
            "@id": f"{base}/{PATH}#{name}",
            "dct:identifier": f"{NAME}/{name}",
            "dct:issued": found[-1]["dct:issued"],
            "dcat:hasVersion": [{"@id": dataset["@id"]} for dataset in found],
        }


def _view(base: str, asked: Paging, pages: int, total: int) -> Node:
    """This page and its neighbours, in the two forms that harvesters know (Hydra, then its older name)."""

    def address(page: int) -> dict[str, Any]:
        return {"@id": f"{base}/{PATH}{asked.suffix}?page={page}&page_size={asked.size}"}

    links = {"hydra:first": address(1), "hydra:last": address(pages)}
    links |= {"hydra:firstPage": address(1), "hydra:lastPage": address(pages)}
    if asked.page < pages:
        links |= {"hydra:next": address(asked.page + 1), "hydra:nextPage": address(asked.page + 1)}
    if asked.page > 1:
        links |= {"hydra:previous": address(asked.page - 1), "hydra:previousPage": address(asked.page - 1)}
    return {
        **address(asked.page),
        "@type": ["hydra:PartialCollectionView", "hydra:PagedCollection"],
        **links,
        "hydra:itemsPerPage": typed(str(asked.size), "xsd:integer"),
        "hydra:totalItems": typed(str(total), "xsd:integer"),
    }
