"""Run every benchmark, print one table of ratios, exit with 1 where a bar is missed: ``make bench``."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

from tests.bench import bench_audit, bench_disclosure, bench_pages, bench_rivals, bench_validate

BENCHES = (bench_validate.run, bench_disclosure.run, bench_audit.run, bench_pages.run, bench_rivals.run)
LIBRARIES = ("duckdb", "frictionless")


def machine() -> str:
    """The machine and the versions behind the figures, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"Python {platform.python_version()}"
    libraries = [python, *(f"{name} {version(name)}" for name in LIBRARIES)]
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, {', '.join(libraries)}"


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    lines = [line for bench in BENCHES for line in bench()]
    table = Table("measure", "value", "bar", "met", title="Ratios of one run", caption=machine())
    for line in lines:
        table.add_row(line["name"], f"{line['value']:g}", line["bar"], "yes" if line["met"] else "NO")
    Console().print(table)
    return 0 if all(line["met"] for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
