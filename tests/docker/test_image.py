"""The image does what its file says: built step by step on a Debian of its own, then started as an engine would."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.docker import debian, dockerfile

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "docker" / "Dockerfile"
VOLUME = "/var/lib/mailgate"

VISIT = Path(__file__).with_name("visit.py")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """What stands in for the official image of Python."""
    if not pytestconfig.getoption("--long"):
        pytest.skip("a Debian is made and the image built in it with --long")
    try:
        root = debian.make(tmp_path_factory.mktemp("debian") / "root")
    except debian.NoDebian as error:
        pytest.skip(str(error))
    debian.run(root, ["python3", "-m", "venv", "/usr/local"])
    return root


def test_the_image_serves(base: Path, tmp_path: Path) -> None:
    """Read-only, without root and without a capability, it is healthy, answers a mail, and ends when told to."""
    stage = dockerfile.build(DOCKERFILE, ROOT, base, tmp_path)
    assert stage.user == "10001"
    assert not list(stage.root.glob("opt/mailgate/lib/python*/site-packages/pip"))
    assert not (stage.root / "src").exists()
    volume = tmp_path / "volume"
    subprocess.run(["cp", "-a", stage.root / VOLUME.lstrip("/"), volume], check=True)

    limits = ["--reuid", stage.user, "--regid", stage.user, "--clear-groups"]
    limits += ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
    serve = shlex.join([*stage.words("ENTRYPOINT"), *stage.words("CMD")])
    healthy = shlex.join(stage.words("HEALTHCHECK"))
    script = f"""
        cd {VOLUME}
        {serve} & service=$!
        for try in $(seq 600); do {healthy} 2>/dev/null && well=yes && break; sleep 0.1; done
        [ "$well" = yes ] || {{ echo "never healthy"; exit 1; }}
        mailgate client add ACME01 900.373.913-4 Acme --contact ana@acme.co
        python -c {shlex.quote(VISIT.read_text())} || exit 1
        kill -TERM $service; wait $service; echo "ended with $?"
    """
    there = debian.enter(stage.root, read_only=True, writable={volume: VOLUME}, alone=True)
    command = [*there, "sh", "-ec", f'{debian.LOOPBACK}; exec setpriv {shlex.join(limits)} sh -c "$1"', "sh", script]
    desk = {"MAILGATE_DESK_NAME": "Soporte", "MAILGATE_DESK_ADDRESS": "soporte@acme.co"}
    ended = subprocess.run(command, env=stage.environment | desk, capture_output=True, text=True, timeout=300)
    assert "visited" in ended.stdout, ended.stdout + ended.stderr
    assert "ended with 0" in ended.stdout, ended.stderr
