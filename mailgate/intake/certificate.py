"""The listener's certificate: loaded, and until when it holds. Raises ConfigError: which file, and what to do."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

from mailgate.errors import ConfigError
from mailgate.settings import Smtp


def load(smtp: Smtp) -> ssl.SSLContext | None:
    """The context that the listener shows to clients; None when no certificate is set."""
    if smtp.tls_certificate is None:
        if smtp.tls_implicit:
            raise ConfigError("smtp.tls_implicit needs smtp.tls_certificate")
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    for name, path in (("smtp.tls_certificate", smtp.tls_certificate), ("smtp.tls_key", smtp.tls_key)):
        _look_at(name, path)
    where = f"smtp.tls_certificate {smtp.tls_certificate}"
    key = f"smtp.tls_key {smtp.tls_key}" if smtp.tls_key else where
    try:
        context.load_cert_chain(smtp.tls_certificate, smtp.tls_key, password=_nobody_types_one)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise ConfigError(f"{key}: not the key of {where}; name the key of it") from error
        told = "a certificate and its key without a passphrase, both PEM, cannot be read there"
        told += "" if smtp.tls_key else "; a key in a file of its own is smtp.tls_key"
        raise ConfigError(f"{where}{f' with {key}' if smtp.tls_key else ''}: {told}") from error
    return context


def ends_at(smtp: Smtp) -> datetime | None:
    """When the certificate runs out, in the past if it has; None without one. Raises ConfigError."""
    server = load(smtp)
    if server is None:
        return None
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # it need not end at a root: it is its dates that we ask for
    client.load_verify_locations(smtp.tls_certificate)
    # Told of an expired certificate is its date too, if the moment of the look is not compared with it.
    client.verify_flags |= NO_CHECK_TIME
    return _shown(server, client)


NO_CHECK_TIME = ssl.VerifyFlags(0x200000)  # X509_V_FLAG_NO_CHECK_TIME, x509_vfy.h; ssl has no name for it


def _shown(server: ssl.SSLContext, client: ssl.SSLContext) -> datetime:
    """Both ends of a handshake in memory, for what the client sees."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours, theirs = server.wrap_bio(up, down, server_side=True), client.wrap_bio(down, up)
    for _ in range(10):
        for end in (theirs, ours):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
        if seen := theirs.getpeercert() if theirs.version() else None:
            return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(seen["notAfter"])), UTC)
    raise ConfigError("smtp.tls_certificate: no client can make a connection with it")


def _look_at(name: str, path: Path | None) -> None:
    try:
        if path is not None:
            path.open("rb").close()
    except OSError as error:
        raise ConfigError(f"{name} {path}: {error.strerror}; correct the setting, or who may read it") from error


def _nobody_types_one() -> str:
    """OpenSSL would ask for the passphrase at the terminal, and a service would wait for ever."""
    return ""
