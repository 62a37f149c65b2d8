"""Run the benchmarks, print one table, add it to the history, exit with 1 where a bar is missed: ``make bench``.

``python -m tests.bench [validate] [disclosure] …`` runs these alone. A bench that lacks what it needs fails; it is
never left out, but for the attack at scale 10, which is asked for by naming its release.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import (
    bench_audit,
    bench_disclosure,
    bench_files,
    bench_growth,
    bench_house,
    bench_pages,
    bench_rivals,
    bench_validate,
    history,
)
from tests.bench.lines import family

# What takes least first: a bench that cannot run says so soon.
BENCHES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "disclosure": bench_disclosure.run,
    "files": bench_files.run,
    "pages": bench_pages.run,
    "validate": bench_validate.run,
    "rivals": bench_rivals.run,
    "house": bench_house.run,
    "growth": bench_growth.run,
    "audit": bench_audit.run,
}


def table(lines: Iterable[dict[str, Any]], before: dict[str, float]) -> Table:
    """Each line beside the value of the run before."""
    shown = Table("measure", "value", "before", "bar", "met", title="One run", caption=history.versions())
    for line in lines:
        earlier = before.get(line["name"])
        shown.add_row(
            line["name"],
            f"{line['value']:g}",
            "-" if earlier is None else f"{earlier:g}",
            line["bar"],
            "yes" if line["met"] else "NO",
        )
    return shown


def limits(lines: Iterable[dict[str, Any]]) -> str:
    """What limits each family of measures, a line each."""
    return "\n".join(
        f"{name}: {limit}" for name, limit in {family(line["name"]): line["limit"] for line in lines}.items()
    )


def main() -> int:
    """Print the table and add it to the history; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="|".join(BENCHES))
    wanted = parser.parse_args().benches or [name for name in BENCHES if name != "audit" or bench_audit.given()]
    if unknown := set(wanted) - set(BENCHES):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    console, lines, measured = Console(), [], history.revision()
    for name in wanted:
        console.print(f"{name}…", style="dim")
        lines += BENCHES[name]()
    console.print(table(lines, history.previous()), history.machine(), limits(lines), sep="\n\n", highlight=False)
    history.append(lines, measured)
    return 0 if all(line["met"] for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
