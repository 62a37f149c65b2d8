"""Readers as they come on the day of a report: pages, their callbacks, the API, files; run by ``bench_load``.

``locust -f lecteurs.py`` in the environment of ``requirements.lock``; ``DEMANDES`` names a JSON file of what is asked:
lists of addresses ``pages``, ``api``, ``files`` and of bodies ``callbacks``.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from locust import HttpUser, between, task

ASKED = json.loads(Path(os.environ["DEMANDES"]).read_text(encoding="utf-8"))


class Reader(HttpUser):
    """One reader: mostly pages, a view now and then, a figure, sometimes a file."""

    wait_time = between(1, 5)

    def on_start(self) -> None:
        self.client.headers["Accept-Encoding"] = "gzip"

    @task(10)
    def page(self) -> None:
        self.client.get(random.choice(ASKED["pages"]), name="page")

    @task(4)
    def callback(self) -> None:
        body = random.choice(ASKED["callbacks"])
        self.client.post(
            "/_dash-update-component", data=body, headers={"Content-Type": "application/json"}, name="callback"
        )

    @task(3)
    def api(self) -> None:
        self.client.get(random.choice(ASKED["api"]), name="api")

    @task(1)
    def file(self) -> None:
        self.client.get(random.choice(ASKED["files"]), name="file")
