"""A settings file that explains itself, loads, and is never written over by mistake."""

from __future__ import annotations

import stat
from pathlib import Path

from mailgate.settings import Settings, every_key, load


def test_every_key_stands_with_its_meaning(mailgate, folder: Path) -> None:
    mailgate("init", "--yes")
    text = (folder / "mailgate.toml").read_text()
    for section, key, field in every_key():
        assert f"# {key} = " in text, f"{section}.{key}"
        assert f"# {field.description}" in text
        assert f"[{section}]" in text


def test_as_written_it_changes_nothing(mailgate, folder: Path) -> None:
    mailgate("init", "--yes")
    assert load(folder / "mailgate.toml", environment={}) == Settings()


def test_the_defaults_it_shows_are_the_defaults(mailgate, folder: Path) -> None:
    """Take every # away that stands before a default: the same settings again."""
    mailgate("init", "--yes")
    lines = []
    for line in (folder / "mailgate.toml").read_text().split("[[imap]]")[0].splitlines():
        key, sign, _ = line.removeprefix("# ").partition(" = ")
        shown = sign and key.isidentifier() and "  # not set" not in line
        lines.append(line.removeprefix("# ") if shown else line)
    (folder / "all.toml").write_text("\n".join(lines))
    assert load(folder / "all.toml", environment={}) == Settings()


def test_only_its_owner_may_read_it(mailgate, folder: Path) -> None:
    mailgate("init", "--yes")
    assert stat.S_IMODE((folder / "mailgate.toml").stat().st_mode) == 0o600
    mailgate("init", "--yes", "--force")
    assert stat.S_IMODE((folder / "mailgate.toml").stat().st_mode) == 0o600


def test_what_is_there_stays(mailgate, folder: Path) -> None:
    (folder / "mailgate.toml").write_text("[desk]\n")
    assert "--force" in mailgate("init", "--yes", status=64).err
    assert (folder / "mailgate.toml").read_text() == "[desk]\n"
    mailgate("init", "--yes", "--force")
    assert "# address" in (folder / "mailgate.toml").read_text()


def test_keys_that_are_set(mailgate, folder: Path) -> None:
    chosen = ["desk.address=Soporte@Acme.co", "smtp.port=2526", "smtp.enabled=false", 'desk.management=["g@acme.co"]']
    mailgate("init", *(part for pair in chosen for part in ("--set", pair)))
    settings = load(folder / "mailgate.toml", environment={})
    assert settings.desk.address == "soporte@acme.co"
    assert (settings.smtp.port, settings.smtp.enabled) == (2526, False)
    assert settings.desk.management == ("g@acme.co",)


def test_a_mailbox_that_is_set(mailgate, folder: Path) -> None:
    mailgate("init", "--set", "imap.host=imap.acme.co", "--set", "imap.user=soporte")
    (box,) = load(folder / "mailgate.toml", environment={}).imap
    assert (box.host, box.user, box.port) == ("imap.acme.co", "soporte", 993)


def test_a_wrong_key_or_value_writes_nothing(mailgate, folder: Path) -> None:
    assert "desk.address" in mailgate("init", "--set", "desk.adress=a@b.co", status=64).err
    assert "desk.address" in mailgate("init", "--set", "desk.address=nobody", status=78).err
    assert list(folder.iterdir()) == []


def test_another_place(mailgate, folder: Path) -> None:
    mailgate("--config", folder / "etc" / "desk.toml", "init", "--yes")
    assert (folder / "etc" / "desk.toml").is_file()
