"""A mailbox on a real server: each mail is stored once and filed after it, oldest first, soon, whoever reads along."""

from __future__ import annotations

import dataclasses
import time
from concurrent.futures import Future

import pytest
from imapclient import IMAPClient

from mailgate.errors import ServiceUnavailable, Temporary
from mailgate.intake.imap import check_login
from mailgate.store.models import Intake


@pytest.fixture(params=["dovecot_account", "pymap_account"])
def account(request):
    """A mailbox on each of the real servers."""
    return request.getfixturevalue(request.param)


def test_a_waiting_mail_is_stored_and_moved(account, mail, poll, person, eventually, stored):
    account = account.model_copy(update={"done_folder": "Procesados"})
    client = person(account)
    client.append("INBOX", mail("Impresora"))
    poll(account)
    eventually(lambda: client.folder_exists("Procesados") and client.folder_status("Procesados")[b"MESSAGES"] == 1)
    assert stored() == ["Impresora"]
    client.select_folder("INBOX")
    assert client.search() == []
    client.select_folder("Procesados")
    assert b"\\Seen" not in client.get_flags(client.search()).popitem()[1]


def test_a_mail_is_flagged_in_place_where_no_folder_is_given(account, mail, poll, person, eventually, stored):
    client = person(account)
    client.append("INBOX", mail("Impresora"))
    poll(account)
    eventually(stored)

    def flagged():
        client.noop()
        return any(b"$MailgateStored" in flags for flags in client.get_flags(client.search()).values())

    if b"\\*" in client.select_folder("INBOX")[b"PERMANENTFLAGS"]:
        eventually(flagged)
    assert b"\\Seen" not in client.get_flags(client.search()).popitem()[1]


def test_the_envelope_tells_the_mailbox_and_our_address(account, mail, poll, person, eventually):
    person(account).append("INBOX", mail("Queja", to="Ventas <ventas@acme.co>, PQRS <pqrs@acme.co>"))
    poll(account.model_copy(update={"name": "buzón"}))
    eventually(lambda: Intake.select().count())
    row = Intake.get()
    assert (row.channel, row.peer, row.recipients, row.tls) == ("imap", "buzón", ["pqrs@acme.co"], False)


def test_what_a_person_has_already_read_is_taken_too(account, mail, poll, person, eventually, stored):
    client = person(account)
    client.append("INBOX", mail("Leído"), flags=[b"\\Seen"])
    poll(account)
    eventually(lambda: stored() == ["Leído"])


@pytest.mark.parametrize("idle", [True, False])
def test_a_mail_that_arrives_while_we_wait_is_stored_soon(account, mail, idle, poll, person, eventually, stored):
    """Under IDLE at once (poll_seconds is an hour), else at the next look."""
    account = account.model_copy(update={"idle": idle, "poll_seconds": 3600.0 if idle else 0.05})
    poller = poll(account)
    eventually(lambda: poller.status().state == "waiting")
    began = time.monotonic()
    person(account).append("INBOX", mail("Nuevo"))
    eventually(stored)
    assert time.monotonic() - began < 200


def test_a_backlog_is_taken_oldest_first_in_batches(dovecot_account, mail, poll, person, eventually, stored):
    client = person(dovecot_account)
    names = [f"Caso-{number:03}" for number in range(500)]
    for name in names:
        client.append("INBOX", mail(name))
    poll(dovecot_account.model_copy(update={"done_folder": "Procesados"}))
    eventually(lambda: client.folder_exists("Procesados") and client.folder_status("Procesados")[b"MESSAGES"] == 500)
    assert stored() == names


def test_several_folders_are_read(dovecot_account, mail, poll, person, eventually, stored):
    client = person(dovecot_account)
    client.create_folder("PQRS")
    client.append("PQRS", mail("En PQRS"))
    client.append("INBOX", mail("En INBOX"))
    poll(dovecot_account.model_copy(update={"folders": ("INBOX", "PQRS", "No existe")}))
    eventually(lambda: sorted(stored()) == ["En INBOX", "En PQRS"])


def test_a_restart_takes_nothing_twice(account, mail, poll, person, eventually, stored):
    client = person(account)
    client.append("INBOX", mail("Uno"))
    poller = poll(account)
    eventually(lambda: poller.status().state == "waiting")
    poller.stop()
    client.append("INBOX", mail("Dos"))
    second = poll(account)
    eventually(lambda: second.status().state == "waiting")
    assert stored() == ["Uno", "Dos"]
    assert second.status().fresh == 1
    assert second.status().known == 0


def test_a_new_uidvalidity_brings_no_second_mail(dovecot, dovecot_account, mail, poll, person, eventually, stored):
    client = person(dovecot_account)
    client.append("INBOX", mail("Uno"))
    poller = poll(dovecot_account)
    eventually(lambda: poller.status().state == "waiting")
    poller.stop()
    client.shutdown()
    for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache", "dovecot-uidvalidity"):
        (dovecot.mailbox_folder(dovecot_account.user) / name).unlink(missing_ok=True)
    second = poll(dovecot_account)
    eventually(lambda: second.status().state == "waiting")
    assert stored() == ["Uno"]
    person(dovecot_account).append("INBOX", mail("Dos"))
    eventually(lambda: stored() == ["Uno", "Dos"])


def test_a_kicked_connection_comes_back(dovecot, dovecot_account, mail, poll, person, eventually, stored):
    poller = poll(dovecot_account)
    eventually(lambda: poller.status().state == "waiting")
    dovecot.kick(dovecot_account.user)
    eventually(lambda: poller.status().state == "unreachable")
    person(dovecot_account).append("INBOX", mail("Después"))
    eventually(stored)


def test_killed_between_accept_and_move_the_mail_is_moved_later_and_stored_once(
    account, mail, poll, person, acceptor, no_waiting, eventually, stored
):
    """The store commits, then the gateway dies: here the poller never hears of the commit."""
    account = account.model_copy(update={"done_folder": "Procesados"})
    client = person(account)
    client.append("INBOX", mail("Uno"))

    def commit_and_die(arrival):
        acceptor.submit(arrival).result()
        died = Future()
        died.set_exception(Temporary("the gateway ends here"))
        return died

    first = poll(account, submit=commit_and_die, wait=no_waiting(1))
    eventually(lambda: not first.alive)
    assert stored() == ["Uno"]
    client.noop()
    assert client.search(), "moved before the commit was known"
    second = poll(account)
    eventually(lambda: client.folder_exists("Procesados") and client.folder_status("Procesados")[b"MESSAGES"] == 1)
    assert stored() == ["Uno"]
    assert dataclasses.asdict(second.status())["known"] == 1


def test_a_wrong_password_is_one_clear_line(account):
    wrong = type(account)(**{**account.model_dump(), "password": "clave-equivocada"})
    with pytest.raises(ServiceUnavailable) as told:
        check_login(wrong)
    text = str(told.value)
    assert "refuses the login" in text
    assert account.user in text
    assert "clave-equivocada" not in text
    assert "\n" not in text


def test_the_right_password_passes(account):
    check_login(account)


def test_nobody_there_is_one_clear_line(account):
    gone = account.model_copy(update={"port": 1})
    with pytest.raises(ServiceUnavailable, match=r"cannot reach the IMAP server 127\.0\.0\.1:1"):
        check_login(gone)


def test_stop_is_prompt_in_idle(account, poll, eventually):
    poller = poll(account.model_copy(update={"poll_seconds": 3600.0}))
    eventually(lambda: poller.status().state == "waiting")
    began = time.monotonic()
    poller.stop()
    assert time.monotonic() - began < 20
    assert poller.status().state == "stopped"


def test_two_gateways_on_one_mailbox_store_each_mail_once(dovecot_account, mail, poll, person, eventually, stored):
    account = dovecot_account.model_copy(update={"done_folder": "Procesados"})
    client: IMAPClient = person(account)
    client.create_folder("Procesados")
    names = [f"Caso-{number}" for number in range(40)]
    for name in names:
        client.append("INBOX", mail(name))
    pollers = [poll(account), poll(account)]
    eventually(lambda: client.noop() and not client.search())
    eventually(lambda: all(poller.status().state == "waiting" for poller in pollers))
    assert sorted(stored()) == sorted(names)
