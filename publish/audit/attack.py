"""The attack on a release: everything known becomes one system, and each hidden count is asked how well it is hidden.

What two releases say of one quantity without contradiction is one value; what they contradict was revised and is kept
apart, by release first, then by indicator, until the figures hold together. What then still contradicts itself is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from publish.audit.assembly import Assembly, assemble
from publish.audit.knowledge import Equations, Knowledge, Nodes, Rule
from publish.audit.linear import Bools, Floats, Ints, System, chunks, labels, part, propagate, reduced
from publish.audit.programs import Span, spans
from publish.audit.rounding import bounds_of

# Unknowns solved together, and lots solved at once: the solver runs outside the interpreter's lock.
LOT = 2_000
WORKERS = 2


@dataclass(frozen=True)
class Examined:
    """How far each column of a system can go: values seen in whole numbers, bounds proved, programs of its own."""

    low: Floats
    high: Floats
    own: Bools
    feasible: Bools
    components: int


@dataclass(frozen=True)
class Outcome:
    """What the attack found.

    ``small``: hidden nodes that are surely a small count; ``narrow``: those of which too few values stay possible;
    ``exposed``: equations whose remainder is a small count; ``broken``: equations
    that figures of one release contradict. ``widths``: by unknown that must stay wide, how far apart it was seen.
    ``separated``: equations whose quantities were kept apart because their figures were revised.
    """

    nodes: Nodes
    equations: Equations
    small: Ints
    narrow: Ints
    exposed: Ints
    broken: Ints
    widths: Floats
    guarded: int
    own: int
    components: int
    separated: int


def attack(knowledge: Knowledge, progress: Callable[[str], None]) -> Outcome:
    """Find every hidden count that the figures known give away."""
    separated = 0
    while True:
        progress("équations")
        nodes, equations = knowledge.build()
        assembly = assemble(nodes, equations, bounds=bounds_of(knowledge.quotients()))
        system, broken = _bounded(assembly)
        examined = None
        if not knowledge.separate(_nodes_of(equations, broken)):
            examined = _examine(system, knowledge.rule, progress)
            torn = assembly.row[_rows_of(system, ~examined.feasible)]
            broken = np.union1d(broken, torn)
            if not knowledge.separate(_nodes_of(equations, torn)):
                return _outcome(nodes, equations, assembly, system, examined, broken, knowledge.rule, separated)
        separated += len(broken)
        progress(f"chiffres révisés, gardés à part : {separated} équations")


def _bounded(assembly: Assembly) -> tuple[System, Ints]:
    """The system with its bounds tightened, and the equations that known figures or bounds contradict, set aside."""
    system, broken = assembly.system, assembly.contradictions
    while len((bounded := propagate(system)).contradictions):
        broken = np.union1d(broken, assembly.row[bounded.contradictions])
        system = _freed(system, bounded.contradictions)
    return bounded.system, broken


def _freed(system: System, rows: Ints) -> System:
    """The system where those rows say nothing any more."""
    low, high = system.low.copy(), system.high.copy()
    low[rows], high[rows] = -np.inf, np.inf
    return replace(system, low=low, high=high)


def _rows_of(system: System, columns: Bools) -> Ints:
    """The rows that touch some columns."""
    return np.unique(system.matrix.tocsc()[:, np.flatnonzero(columns)].indices)


def _examine(system: System, rule: Rule, progress: Callable[[str], None]) -> Examined:
    """What is seen and proved of every column, those that the bounds leave no choice included."""
    inner, columns = reduced(system)
    seen = _solved(inner, rule, progress)
    low, high = system.floor.copy(), system.ceiling.copy()
    own, feasible = np.zeros(len(low), dtype=bool), np.ones(len(low), dtype=bool)
    low[columns], high[columns] = seen.low, seen.high
    own[columns], feasible[columns] = seen.own, seen.feasible
    return Examined(low, high, own, feasible, seen.components)


def _solved(system: System, rule: Rule, progress: Callable[[str], None]) -> Examined:
    """Every lot of components, two at a time: the lots, and so the answers, are the same on any machine."""
    count, marks = labels(system)
    lots = list(chunks(marks, size=LOT))
    low, high = np.zeros(len(marks)), np.zeros(len(marks))
    own, feasible = np.zeros(len(marks), dtype=bool), np.zeros(len(marks), dtype=bool)
    for number, (columns, span) in enumerate(_spans(system, lots, rule), start=1):
        low[columns], high[columns] = span.low, span.high
        own[columns], feasible[columns] = span.own, span.feasible
        progress(f"programmes : lot {number} sur {len(lots)}")
    return Examined(low, high, own, feasible, count)


def _spans(system: System, lots: list[Ints], rule: Rule) -> Iterator[tuple[Ints, Span]]:
    held = system.matrix.tocsc()
    tasks = ((part(system, columns, held)[0], rule.valeurs, rule.seuil) for columns in lots)
    with ThreadPoolExecutor(WORKERS) as pool:
        yield from zip(lots, pool.map(_span, tasks), strict=True)


def _span(task: tuple[System, int, int]) -> Span:
    system, values, threshold = task
    return spans(system, values=values, threshold=threshold)


def _nodes_of(equations: Equations, chosen: Ints) -> Ints:
    """The nodes of some equations."""
    within = np.zeros(len(equations), dtype=bool)
    within[chosen] = True
    return np.union1d(equations.tout[within], equations.parties[np.repeat(within, np.diff(equations.bornes))])


def _outcome(
    nodes: Nodes,
    equations: Equations,
    assembly: Assembly,
    system: System,
    examined: Examined,
    broken: Ints,
    rule: Rule,
    separated: int,
) -> Outcome:
    seen = examined.feasible
    narrow = system.wide & seen & (examined.high - examined.low < rule.valeurs - 1)
    small = system.small & seen & (examined.low >= 1) & (examined.high < rule.seuil)
    unknown = np.flatnonzero((assembly.column >= 0) & ~np.isfinite(nodes.valeur) & nodes.juge)
    held = np.flatnonzero(assembly.rest >= 0)
    known = np.flatnonzero(nodes.secret & nodes.juge & _few(nodes.valeur, rule))
    return Outcome(
        nodes=nodes,
        equations=equations,
        small=_united(assembly.told[_few(assembly.told_values, rule)], known, unknown[small[assembly.column[unknown]]]),
        narrow=_united(assembly.told, unknown[narrow[assembly.column[unknown]]]),
        exposed=_united(assembly.shown[_few(assembly.remainder, rule)], held[small[assembly.rest[held]]]),
        broken=broken,
        widths=(examined.high - examined.low)[system.wide],
        guarded=int((system.small & ~system.wide).sum()),
        own=int((examined.own & system.judged).sum()),
        components=examined.components,
        separated=separated,
    )


def _few(values: Floats, rule: Rule) -> Bools:
    """Which values are small counts."""
    return np.asarray((values >= 1) & (values < rule.seuil))


def _united(*sets: Ints) -> Ints:
    return np.unique(np.concatenate(sets))
