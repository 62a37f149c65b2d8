"""Published files behind nginx, with the configuration that is deployed, and asked of gunicorn itself.

nginx runs as whoever runs this, on a free port, with ``deploy/nginx/observatoire.conf`` of which only folders and ports
are changed, and serves the folder that ``deploy/servir.sh`` fills. Both are asked for the same compressed table by
readers who ask again as soon as they are answered, with the same client. Bar: nginx at least ten times gunicorn.

    python -m tests.bench.bench_files
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from publish.reader import Releases
from tests.bench.bench_pages import PORT, bare_server, releases_in
from tests.bench.lines import line

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = ROOT / "deploy" / "nginx"
NGINX_PORT = 8096
CLIENTS, SECONDS, RUNS, MIN_RATIO = 8, 2.0, 3, 10.0
# nginx closes a connection after a thousand requests.
BY_CONNECTION = 900
FILE = "data/observations.csv"
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/erreurs.log;
{user}
worker_processes 2;
events {{}}
http {{
    sendfile on;
    client_body_temp_path {folder}/corps;
    proxy_temp_path {folder}/relais;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/observatoire.conf;
}}
"""


def configured(folder: Path) -> Path:
    """The main configuration, beside the deployed one with the folders and ports of this machine."""
    changes = {
        "/etc/nginx/": f"{folder}/",
        "/var/lib/observatoire/": f"{folder}/",
        "/var/cache/nginx/": f"{folder}/cache/",
        "/var/log/nginx/": f"{folder}/",
        "127.0.0.1:8050": f"127.0.0.1:{PORT}",
        "    listen 80;\n    listen [::]:80;\n": f"    listen 127.0.0.1:{NGINX_PORT};\n",
    }
    for name in ("observatoire.conf", "observatoire_relais.conf"):
        text = (DEPLOYED / name).read_text(encoding="utf-8")
        for before, after in changes.items():
            text = text.replace(before, after)
        (folder / name).write_text(text, encoding="utf-8")
    user = f"user {getpass.getuser()};" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")
    return folder / "nginx.conf"


@contextmanager
def nginx(folder: Path) -> Iterator[None]:
    """nginx in front of the folder ``servi``. Raises FileNotFoundError where it is not installed."""
    (folder / "cache").mkdir()
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise FileNotFoundError("nginx: not installed; tools/prepare.sh nginx installs it")
    process = subprocess.Popen([program, "-c", str(configured(folder))], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def served(folder: Path) -> str:
    """Fill ``servi`` as a machine in production does; returns the newest version."""
    data = folder / "donnees"
    shutil.copytree(releases_in(folder / "petites"), data / "releases")
    command = [str(ROOT / "deploy" / "servir.sh"), str(data), str(folder / "servi")]
    front = f"{sys.executable} {ROOT / 'observatoire.py'}"
    subprocess.run(command, cwd=ROOT, env={**os.environ, "OBSERVATOIRE": front}, capture_output=True, check=True)
    return Releases(data / "releases").latest


def request(port: int, path: str) -> bytes:
    """What a reader sends for a file."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def first(port: int, path: str) -> int:
    """Bytes of a whole answer, once there is a server. Raises OSError after a minute, RuntimeError for another status.

    The answer is one that says its length and keeps the connection: headers of the next ones are as long.
    """
    deadline = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
                link.sendall(request(port, path))
                head = link.makefile("rb")
                lines = list(iter(head.readline, b"\r\n"))
                break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    said = {key.lower(): value for key, _, value in (item.partition(b":") for item in lines[1:])}
    if b" 200 " not in lines[0] or b"gzip" not in said.get(b"content-encoding", b""):
        raise RuntimeError(f"{path} on {port}: {lines}")
    return sum(map(len, lines)) + 2 + int(said[b"content-length"])


def rate(port: int, path: str) -> tuple[float, int]:
    """Answers a second to ``CLIENTS`` readers on connections that stay open, at best, and bytes of an answer."""
    size, asked = first(port, path), request(port, path)
    return max(_rate(port, asked, size) for _ in range(RUNS)), size


def _rate(port: int, asked: bytes, size: int) -> float:
    end, counts = time.perf_counter() + SECONDS, [0] * CLIENTS

    def ask(rank: int) -> None:
        while time.perf_counter() < end:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
                for _ in range(BY_CONNECTION):
                    link.sendall(asked)
                    _read(link, size)
                    counts[rank] += 1
                    if time.perf_counter() >= end:
                        break

    with ThreadPoolExecutor(CLIENTS) as readers:
        list(readers.map(ask, range(CLIENTS)))
    return sum(counts) / SECONDS


def _read(link: socket.socket, size: int) -> None:
    while size:
        if not (part := link.recv(size)):
            raise RuntimeError("an answer was cut short")
        size -= len(part)


def run() -> list[dict[str, Any]]:
    """One line per measure."""
    with tempfile.TemporaryDirectory(prefix="observatoire-banc-") as name:
        folder = Path(name)
        path = f"/donnees/{served(folder)}/{FILE}"
        with nginx(folder):
            behind, size = rate(NGINX_PORT, path)
        with bare_server(folder / "donnees" / "releases"):
            alone, _ = rate(PORT, path)
    return [
        line(f"files: answers a second, nginx, {size / 1000:.1f} kB", behind, digits=0),
        line("files: answers a second, gunicorn, 2 workers", alone, digits=0),
        line("files: nginx / gunicorn", behind / alone, at_least=MIN_RATIO),
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
