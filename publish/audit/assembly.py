"""From quantities and sums to one linear system: known becomes constant, equal becomes one unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from publish.audit.knowledge import Equations, Nodes
from publish.audit.linear import Bools, Floats, Ints, System

Bounds = tuple[Ints, Floats, Floats]
NOBODY: Bounds = (np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Assembly:
    """The system, and what its columns and rows stand for.

    ``column``: of each node, -1 where its value is known; ``rest``: the column of what is left of each equation, -1
    where it has none; ``row``: the equation of each row. ``told``: unknown nodes that an equality gives away, and their
    values; ``shown``: equations whose remainder is known, with it; ``contradictions``: equations that known figures
    break.
    """

    system: System
    column: Ints
    rest: Ints
    row: Ints
    told: Ints
    told_values: Floats
    shown: Ints
    remainder: Floats
    contradictions: Ints


def assemble(nodes: Nodes, equations: Equations, *, bounds: Bounds = NOBODY, merge: bool = True) -> Assembly:
    """The system of the unknowns. ``bounds``: nodes known to lie between two values; ``merge``: equal nodes are one."""
    place, value, clashes = (
        _merged(nodes, equations) if merge else (np.arange(len(nodes.valeur)), nodes.valeur, _none())
    )
    known = np.isfinite(value)
    number = np.cumsum(~known) - 1
    column = np.where(known, -1, number)[place]
    told = np.flatnonzero((column < 0) & ~np.isfinite(nodes.valeur) & nodes.juge)
    row, signs, cells = _entries(equations, place)
    figures = np.where(known[cells], signs * np.nan_to_num(value[cells]), 0.0)
    constants = np.bincount(row, figures, len(equations)).astype(float)
    open_rows = np.bincount(row, ~known[cells], len(equations)) > 0
    if merge:
        # Two unknowns that are one say nothing more of each other.
        open_rows &= ~(_alike(equations, place) & ~equations.reste)
    shut = np.flatnonzero(~(np.bincount(row, ~known[cells], len(equations)) > 0))
    wrong = np.where(equations.reste[shut], constants[shut] < -0.5, np.abs(constants[shut]) > 0.5)
    shown = shut[equations.reste[shut] & equations.juge[shut] & ~wrong]
    kept = np.flatnonzero(open_rows)
    system, rest = _system(nodes, equations, kept, (row, signs, number[cells], known[cells]), constants, place, known)
    _narrow(system, column, bounds)
    return Assembly(
        system,
        column,
        rest,
        kept,
        told,
        value[place[told]],
        shown,
        constants[shown],
        np.unique(np.concatenate([clashes, shut[wrong]])),
    )


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _merged(nodes: Nodes, equations: Equations) -> tuple[Ints, Floats, Ints]:
    """The group of each node that equalities of one whole and one part make, its value, the equalities that clash."""
    count = len(nodes.valeur)
    same = np.flatnonzero(~equations.reste & (np.diff(equations.bornes) == 1))
    ends = equations.tout[same], equations.parties[equations.bornes[same]]
    graph = coo_array((np.ones(len(same), dtype=np.int8), ends), shape=(count, count))
    groups, place = connected_components(graph, directed=False)
    low, high = np.full(groups, np.inf), np.full(groups, -np.inf)
    seen = np.flatnonzero(np.isfinite(nodes.valeur))
    np.minimum.at(low, place[seen], nodes.valeur[seen])
    np.maximum.at(high, place[seen], nodes.valeur[seen])
    clash = high > low + 0.5
    return place.astype(np.int64), np.where(np.isfinite(high), high, np.nan), same[clash[place[ends[0]]]]


def _entries(equations: Equations, place: Ints) -> tuple[Ints, Floats, Ints]:
    """Row, sign and group of each term: the whole counts for 1, its parts for -1."""
    rows = np.arange(len(equations))
    row = np.concatenate([rows, np.repeat(rows, np.diff(equations.bornes))])
    signs = np.concatenate([np.ones(len(rows)), -np.ones(len(equations.parties))])
    return row, signs, place[np.concatenate([equations.tout, equations.parties])]


def _alike(equations: Equations, place: Ints) -> Bools:
    alone = np.diff(equations.bornes) == 1
    first = np.zeros(len(equations), dtype=np.int64)
    first[alone] = equations.parties[equations.bornes[:-1][alone]]
    return np.asarray(alone & (place[equations.tout] == place[first]))


def _system(
    nodes: Nodes,
    equations: Equations,
    kept: Ints,
    terms: tuple[Ints, Floats, Ints, Bools],
    constants: Floats,
    place: Ints,
    known: Bools,
) -> tuple[System, Ints]:
    row, signs, cells, fixed = terms
    unknowns = int((~known).sum())
    judged = kept[equations.reste[kept] & equations.juge[kept]]
    rest = np.full(len(equations), -1, dtype=np.int64)
    rest[judged] = unknowns + np.arange(len(judged))
    order = np.full(len(equations), -1, dtype=np.int64)
    order[kept] = np.arange(len(kept))
    free = (order[row] >= 0) & ~fixed
    matrix = coo_array(
        (
            np.concatenate([signs[free], -np.ones(len(judged))]),
            (np.concatenate([order[row[free]], order[judged]]), np.concatenate([cells[free], rest[judged]])),
        ),
        shape=(len(kept), unknowns + len(judged)),
    )
    matrix.sum_duplicates()
    wide = np.zeros(len(known), dtype=bool)
    wide[place[nodes.juge]] = True
    columns = unknowns + len(judged)
    loose = equations.reste[kept] & ~equations.juge[kept]
    return System(
        csr_array(matrix),
        -constants[kept],
        np.where(loose, np.inf, -constants[kept]),
        np.zeros(columns),
        np.full(columns, np.inf),
        np.concatenate([wide[~known], np.zeros(len(judged), dtype=bool)]),
        np.concatenate([wide[~known], np.ones(len(judged), dtype=bool)]),
    ), rest


def _narrow(system: System, column: Ints, bounds: Bounds) -> None:
    nodes, low, high = bounds
    here = column[nodes]
    free = here >= 0
    np.maximum.at(system.floor, here[free], low[free])
    np.minimum.at(system.ceiling, here[free], high[free])
