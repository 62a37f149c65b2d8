"""The API against its own description: Schemathesis generates calls, valid and not, and checks every answer.

A short run; ``python -m tests.bench.api_schemathesis RELEASES`` is the long one.
"""

from __future__ import annotations

import pytest

from tests.bench.api_schemathesis import run, serving
from tests.unit.fixtures_api import write_true_releases

FEWEST = 300


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory):
    with serving(write_true_releases(tmp_path_factory.mktemp("schemathesis"))) as running:
        yield running


def test_api_does_what_its_description_says(address: str) -> None:
    report = run(address, examples=14, phases="examples,fuzzing")
    assert report["failures"] == []
    assert report["errors"] == []
    assert report["operations"]["tested"] == report["operations"]["total"] >= 20
    assert report["test_cases"]["generated"] >= FEWEST
    assert report["warnings"]["missing_test_data"] == []
