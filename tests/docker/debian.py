"""A Debian 12 of its own to try things in: made by debootstrap, entered by chroot.

Needs root, debootstrap and a mirror (the machine's own, from apt's configuration, unless one is named). Imports nothing
but the standard library, so that any Python runs it. Raises NoDebian where it cannot be made.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

PACKAGES = ("ca-certificates", "python3", "python3-venv")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
HANDED_ON = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

# What a container engine does: mounts that nobody else sees, and a root that is read only when asked.
ENTER = """
set -e
root=$1; shift
mount --bind "$root" "$root"
for pair in $WRITABLE; do mount --bind "${pair%%:*}" "$root${pair#*:}"; done
if [ -n "$READ_ONLY" ]; then mount -o remount,bind,ro "$root"; fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
unset READ_ONLY WRITABLE
exec chroot "$root" "$@"
"""

LOOPBACK = """
python3 -c 'import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sH", b"lo", 1))'
""".strip()  # brings "lo" up in a network of its own (SIOCSIFFLAGS, IFF_UP)


class NoDebian(Exception):
    """Why there can be none on this machine."""


def make(root: Path, *more: str, mirror: str = "") -> Path:
    """A Debian 12 with Python in an empty folder, and what ``more`` names. Takes two minutes."""
    if os.geteuid() != 0:
        raise NoDebian("only root makes one")
    if not shutil.which("debootstrap"):
        raise NoDebian("debootstrap is missing")
    if not (mirror := mirror or machines_mirror()):
        raise NoDebian("apt names no mirror of bookworm")
    include = f"--include={','.join((*PACKAGES, *more))}"
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", include, "bookworm", str(root), mirror], capture_output=True, text=True
    )
    if made.returncode:
        raise NoDebian(f"debootstrap: {made.stdout[-400:]}{made.stderr[-400:]}")
    for file in (CERTIFICATES, Path("/etc/resolv.conf")):  # this machine may reach the world in a way of its own
        if file.exists():
            shutil.copyfile(file, root / file.relative_to("/"))
    return root


def machines_mirror() -> str:
    """Where this machine's apt finds bookworm; "" when it does not."""
    if not shutil.which("apt-get"):
        return ""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Codename: bookworm"]
    told = subprocess.run(asked, capture_output=True, text=True).stdout.split()
    return told[0] if told else ""


def enter(root: Path, *, read_only: bool = False, writable: Mapping[Path, str] | None = None,
          alone: bool = False) -> list[str]:  # fmt: skip
    """The words to put before a command, that it may run in there. ``writable``: folders of ours and where they show.
    ``alone``: with a network of its own."""
    pairs = " ".join(f"{ours}:{there}" for ours, there in (writable or {}).items())
    spaces = ["--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", *(["--net"] * alone)]
    settings = [f"READ_ONLY={'yes' * read_only}", f"WRITABLE={pairs}"]
    return ["unshare", *spaces, "env", *settings, "sh", "-c", ENTER, "enter", str(root)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a command in there finds set: nothing of ours but how the world is reached."""
    ours = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
    told = {"HOME": "/root", "PATH": PATH, "LANG": "C.UTF-8", "PIP_CERT": str(CERTIFICATES)}
    return {**told, **ours, **(more or {})}


def run(root: Path, command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
    """Run a command in there, seen here. Raises CalledProcessError."""
    subprocess.run([*enter(root), *command], env=environment(more), check=True)
