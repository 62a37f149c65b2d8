"""Schemathesis on the description of the API: ``python -m tests.bench.api_schemathesis RELEASES [EXAMPLES]``.

Calls are generated from ``/api/v1/openapi.json`` of a live server, valid and invalid ones, and every check of
Schemathesis is made on every answer. Exits with 1 where one fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard.app import create_app

# A well-formed question about a name the release does not have is a 422, which the description tells.
CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", 404, 414, 422]
negative_data_rejection.expected-statuses = [400, 404, 405, 406, 414, 422]
"""
SEED = 20261122


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Nothing: thousands of calls would fill the screen."""


@contextmanager
def serving(releases: Path) -> Iterator[str]:
    """The address of a live server on a folder of releases."""
    site = create_app(releases)
    server = make_server("127.0.0.1", 0, site.server, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        site.releases.close()


def run(address: str, *, examples: int, phases: str) -> dict[str, Any]:
    """The report of a run, as Schemathesis writes it in JSON; ``examples`` is the most calls per address and phase."""
    with tempfile.TemporaryDirectory() as folder:
        config, report = Path(folder) / "schemathesis.toml", Path(folder) / "report.json"
        config.write_text(CONFIG, encoding="utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
        command += [f"{address}/api/v1/openapi.json", "--phases", phases, "--max-examples", str(examples)]
        command += ["--seed", str(SEED), "--no-color", "--continue-on-failure", "--report-json-path", str(report)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if not report.is_file():
            raise RuntimeError(done.stdout + done.stderr)
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def main(arguments: list[str]) -> int:
    """Run every phase on a folder of releases; 1 where a call fails."""
    examples = int(arguments[1]) if len(arguments) > 1 else 50
    with serving(Path(arguments[0])) as address:
        report = run(address, examples=examples, phases="examples,coverage,fuzzing,stateful")
    calls, tested = report["test_cases"], report["operations"]
    print(f"{calls['generated']} calls on {tested['tested']} addresses, {report['running_time']:.0f} s")
    print(f"{calls['with_failures']} failed, {calls['errored']} in error")
    for failure in (*report["failures"], *report["errors"]):
        print(json.dumps(failure, ensure_ascii=False)[:1000])
    return 1 if report["failures"] or report["errors"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
