"""What prepares a machine asks for what is missing, and is content with what is there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PREPARE = Path(__file__).resolve().parents[2] / "tools" / "prepare.sh"
PACKAGES = {"chromium": "chromium", "java": "default-jre-headless"}


def prepare(what: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run by somebody who may not install, where there is nothing but what a shell needs and what is in ``path``."""
    bash, dirname = (shutil.which(name) or "" for name in ("bash", "dirname"))
    (path / "dirname").symlink_to(dirname)
    (path / "id").write_text("#!/bin/sh\necho 1000\n")
    for file in path.iterdir():
        if not file.is_symlink():
            file.chmod(0o755)
    environment = {**os.environ, "PATH": str(path)}
    return subprocess.run([bash, str(PREPARE), what], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("program", PACKAGES)
def test_what_is_missing_is_asked_for(tmp_path: Path, program: str) -> None:
    done = prepare(program, tmp_path)
    assert done.returncode == 1
    assert f"apt-get install {PACKAGES[program]}" in done.stderr


@pytest.mark.parametrize("program", PACKAGES)
def test_what_is_there_is_not_asked_for(tmp_path: Path, program: str) -> None:
    (tmp_path / program).write_text("#!/bin/sh\n")
    done = prepare(program, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
