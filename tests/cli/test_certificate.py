"""The listener's certificate: what is wrong with it ends the start with a line, and doctor says until when it holds."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

KEYS = (
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-subj",
    "/CN=desk.example",
    "-days",
    "9",
)


@pytest.fixture
def keys(folder: Path) -> Path:
    """Two certificates for nine days with their keys, and a key with a passphrase."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to test with")
    for name, *locked in (("desk", "-nodes"), ("other", "-nodes"), ("locked", "-passout", "pass:x")):
        files = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
        subprocess.run(["openssl", *KEYS, *files, *locked], cwd=folder, check=True, capture_output=True)
    return folder


def set_up(folder: Path, certificate: str, key: str) -> None:
    text = f"[smtp]\nport = 0\ntls_certificate = '{certificate}'\n" + (f"tls_key = '{key}'\n" if key else "")
    (folder / "mailgate.toml").write_text(text)


def found(mailgate, status: int) -> dict[str, tuple[str, str]]:
    findings = mailgate("doctor", "--json", status=status).json["findings"]
    return {one["what"]: (one["state"], one["told"]) for one in findings}


def test_a_service_that_cannot_listen_ends(shell, keys: Path) -> None:
    """It does not stay about, serving nothing and deaf to SIGTERM: whoever started it hears of it."""
    set_up(keys, "desk.pem", "other.key")
    told = shell("serve", status=78).err.splitlines()[-1]
    assert told == "mailgate: smtp.tls_key other.key: not the key of smtp.tls_certificate desk.pem; name the key of it"


@pytest.mark.parametrize(
    ("certificate", "key", "told"),
    [
        ("gone.pem", "desk.key", "smtp.tls_certificate gone.pem: No such file"),
        ("desk.pem", "locked.key", "without a passphrase"),
        ("desk.pem", "", "is smtp.tls_key"),
        ("mailgate.toml", "desk.key", "cannot be read there"),
    ],
)
def test_doctor_says_what_keeps_the_port_closed(mailgate, keys: Path, certificate: str, key: str, told: str) -> None:
    set_up(keys, certificate, key)
    state, why = found(mailgate, status=1)["smtp"]
    assert state == "ill"
    assert told in why


def test_doctor_says_until_when_a_certificate_holds(mailgate, keys: Path) -> None:
    set_up(keys, "desk.pem", "desk.key")
    assert found(mailgate, status=0)["tls"][0] == "doubt"  # nine days are few
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30)):
        state, told = found(mailgate, status=1)["tls"]
    assert state == "ill"
    assert "desk.pem ran out on" in told
