"""What a server may do to a mailbox: no mail is lost, halved or doubled, nothing spins, and the log says it once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

import pytest
import structlog

from mailgate.errors import ConfigError, StoreUnavailable
from mailgate.intake import imap, imap_session
from mailgate.intake.accept import Unstorable
from mailgate.intake.imap import backoff_seconds, is_news
from mailgate.settings import Limits
from mailgate.store.models import Intake, Mailbox
from tests.servers.unruly_imap import HangUp, Unruly


def hang_up(session, tag, arguments):
    raise HangUp


def stay_silent(session, tag, arguments):
    session.stay_silent()


@pytest.fixture
def logged():
    """Every line of the log, as dicts."""
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_waits_double_from_a_second_to_five_minutes():
    assert [backoff_seconds(n, 0.5) for n in range(1, 11)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert backoff_seconds(10**6, 0.5) == 300
    assert (backoff_seconds(1, 0.0), backoff_seconds(1, 1.0)) == (0.8, pytest.approx(1.2))


def test_a_refused_login_waits_longer_so_that_no_account_is_locked():
    assert [backoff_seconds(n, 0.5, refused=True) for n in range(1, 6)] == [30, 60, 120, 240, 300]


def test_end_of_file_in_idle_is_a_lost_connection_not_a_busy_loop(unruly, unruly_account, poll, no_waiting, logged):
    """IMAPClient answers [] at once, for ever."""

    def die(session, tag, arguments):
        session.say("+ idling")
        raise HangUp

    unruly.always("IDLE", die)
    waits = no_waiting(5)
    poll(unruly_account, wait=waits)
    assert waits.over.wait(10)
    assert unruly.times()["IDLE"] == 5
    assert unruly.times()["SEARCH"] == 5
    assert waits.asked == sorted(waits.asked)
    assert waits.asked[-1] > 12
    assert len(logged) == 1, "the same trouble is told again and again"


def test_a_farewell_in_idle_is_followed_by_a_new_connection(
    unruly, unruly_account, mail, poll, no_waiting, eventually, stored
):
    def say_bye(session, tag, arguments):
        session.say("+ idling")
        session.say("* BYE the server goes down")
        raise HangUp

    unruly.once("IDLE", say_bye)
    poll(unruly_account, wait=no_waiting(99))
    eventually(lambda: unruly.times()["IDLE"] == 2)
    unruly.deliver(mail("Después"))
    eventually(lambda: stored() == ["Después"])


def test_signs_of_life_in_idle_are_no_reason_to_look(unruly, unruly_account, poll, eventually):
    told = threading.Event()

    def chatter(session, tag, arguments):
        session.say("+ idling")
        for _ in range(50):
            session.say("* OK Still here")
        told.set()
        session.read()
        session.say(f"{tag} OK done")

    unruly.once("IDLE", chatter)
    poller = poll(unruly_account)
    assert told.wait(10)
    poller.stop()
    assert unruly.times()["SEARCH"] == 1
    assert unruly.times()["IDLE"] == 1
    assert not is_news((b"OK", b"Still here"))
    assert not is_news((1, b"FETCH", (b"FLAGS", (b"\\Seen",))))


def test_a_notice_that_comes_with_the_answer_to_idle_is_not_overlooked(
    unruly, unruly_account, mail, poll, eventually, stored
):
    """The EXISTS arrives in one packet with the "+ idling": no poll of the socket shows it."""

    def early(session, tag, arguments):
        unruly.folders["INBOX"][1] = mail("Justo")
        session.say("+ idling\r\n* 1 EXISTS")
        session.read()
        session.say(f"{tag} OK done")

    unruly.once("IDLE", early)
    poll(unruly_account.model_copy(update={"poll_seconds": 3600.0}))
    eventually(lambda: stored() == ["Justo"])


def test_a_mail_that_arrives_during_the_last_search_is_not_overlooked(
    unruly, unruly_account, mail, poll, eventually, stored
):
    """The server tells it with the answer to SEARCH, and IDLE does not repeat it."""

    def late(session, tag, arguments):
        session.say("* SEARCH\r\n* 1 EXISTS")
        unruly.folders["INBOX"][1] = mail("Justo")
        session.say(f"{tag} OK done")

    unruly.once("SEARCH", late)
    poll(unruly_account.model_copy(update={"poll_seconds": 3600.0}))
    eventually(lambda: stored() == ["Justo"])


def test_a_server_that_announces_mail_with_every_answer_gets_no_endless_search(
    unruly, unruly_account, poll, eventually
):
    def announce(session, tag, arguments):
        session.say("* 1 EXISTS")
        return True

    unruly.always("SEARCH", announce)
    poll(unruly_account)
    eventually(lambda: unruly.times()["IDLE"])
    assert unruly.times()["SEARCH"] <= 4


@pytest.mark.parametrize(
    "command", ["CAPABILITY", "AUTHENTICATE", "SELECT", "SEARCH", "FETCH-SIZE", "FETCH-BODY", "STORE"]
)
@pytest.mark.parametrize("misdeed", [hang_up, stay_silent])
def test_a_connection_that_breaks_anywhere_loses_and_doubles_nothing(
    command, misdeed, mail, acceptor, poll, no_waiting, eventually, stored, unruly, unruly_account, monkeypatch
):
    monkeypatch.setattr(imap_session, "READ_SECONDS", 0.3)
    monkeypatch.setattr(imap_session, "CONNECT_SECONDS", 0.3)
    unruly.folders["INBOX"] = {5: mail("Uno"), 9: mail("Dos")}
    unruly.once(command, misdeed, times=2)
    poll(unruly_account, wait=no_waiting(99))
    eventually(lambda: unruly.flags.get(5) == unruly.flags.get(9) == {"$MailgateStored"})
    assert stored() == ["Uno", "Dos"]


def test_half_a_mail_is_no_mail(unruly, unruly_account, mail, poll, no_waiting, eventually, stored):
    whole = mail("Entero", text="x" * 5000)
    unruly.folders["INBOX"] = {1: whole}

    def cut(session, tag, arguments):
        session.say(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s" % (len(whole), whole[:1000]))
        raise HangUp

    unruly.once("FETCH-BODY", cut)
    poll(unruly_account, wait=no_waiting(99))
    eventually(stored)
    assert Intake.select().count() == 1
    assert stored() == ["Entero"]


def test_a_literal_longer_than_announced_is_not_read_and_holds_up_nobody(
    unruly, unruly_account, mail, poll, no_waiting, eventually, stored, logged
):
    unruly.folders["INBOX"] = {1: mail("Uno"), 2: mail("Enorme"), 3: mail("Tres")}

    def endless(session, tag, arguments):
        if not fetches(arguments, 2):
            return True
        session.say(b"* 2 FETCH (UID 2 BODY[] {10000000000}")
        session.stay_silent()
        return None

    unruly.always("FETCH-BODY", endless)
    poller = poll(unruly_account, wait=no_waiting(99))
    eventually(lambda: poller.status().aside == 1 and poller.status().state == "waiting")
    assert stored() == ["Uno", "Tres"]
    assert unruly.times()["FETCH-BODY"] <= 6
    assert [line["uid"] for line in logged if line["event"] == "imap.set_aside"] == [2]


def test_a_mail_set_aside_is_tried_again_later_and_never_forgotten(
    unruly, unruly_account, mail, poll, no_waiting, eventually, stored
):
    """The server mends itself: the next rescan, or the next start, takes the mail."""
    unruly.folders["INBOX"] = {1: mail("Uno"), 2: mail("Roto"), 3: mail("Tres")}
    unruly.keywords = False

    def break_off(session, tag, arguments):
        if fetches(arguments, 2):
            raise HangUp
        return True

    unruly.always("FETCH-BODY", break_off)
    first = poll(unruly_account, wait=no_waiting(99))
    eventually(lambda: first.status().aside == 1 and first.status().state == "waiting")
    assert Mailbox.get().last_uid == 1
    first.stop()
    unruly.once("FETCH-BODY", break_off, times=0)
    poll(unruly_account)
    eventually(lambda: stored() == ["Uno", "Tres", "Roto"])


def test_a_mail_that_vanishes_between_search_and_fetch_is_passed_over(
    unruly, unruly_account, mail, poll, no_waiting, eventually, stored
):
    unruly.folders["INBOX"] = {uid: mail(f"Caso-{uid}") for uid in range(1, 5)}

    def removes(uid):
        def remove(session, tag, arguments):
            del unruly.folders["INBOX"][uid]
            return True

        return remove

    unruly.once("FETCH-SIZE", removes(1))
    unruly.once("FETCH-BODY", removes(3))
    waits = no_waiting(1)
    poller = poll(unruly_account, wait=waits)
    eventually(lambda: poller.status().state == "waiting")
    assert stored() == ["Caso-2", "Caso-4"]
    assert waits.asked == [], "a vanished mail is no failure"


def test_a_mailbox_of_very_many_mails_is_read(unruly, unruly_account, mail, poll, no_waiting, eventually, stored):
    """Its first search is answered with one line of more than a million bytes."""
    unruly.folders["INBOX"] = {1: mail("Uno")}

    def name_many(session, tag, arguments):
        session.say("* SEARCH 1" + " 1" * 600_000)
        session.say(f"{tag} OK done")

    unruly.once("SEARCH", name_many)
    waits = no_waiting(1)
    poll(unruly_account, wait=waits)
    eventually(lambda: stored() == ["Uno"])
    assert waits.asked == []


@pytest.mark.parametrize("nothing", ["NIL", '""'])
def test_a_mail_of_which_the_server_shows_nothing_is_tried_again_and_not_stored_empty(
    nothing, unruly, unruly_account, mail, poll, no_waiting, eventually, stored
):
    unruly.folders["INBOX"] = {1: mail("Uno"), 2: mail("Dos")}
    unruly.keywords = False
    waits = no_waiting(1)

    def show_nothing(session, tag, arguments):
        if not fetches(arguments, 1):
            return True
        session.say(f"* 1 FETCH (UID 1 BODY[] {nothing})")
        if fetches(arguments, 2):
            two = mail("Dos")
            session.say(b"* 2 FETCH (UID 2 BODY[] {%d}\r\n%s)" % (len(two), two))
        session.say(f"{tag} OK done")
        return None

    unruly.once("FETCH-BODY", show_nothing)
    poller = poll(unruly_account, wait=waits)
    eventually(lambda: poller.status().state == "waiting")
    assert stored() == ["Dos", "Uno"]
    assert Intake.select().count() == 2
    assert waits.asked == []


def test_a_new_uidvalidity_means_new_numbers_for_known_mails(
    unruly, unruly_account, mail, poll, no_waiting, eventually, stored, logged
):
    unruly.folders["INBOX"] = {5: mail("Uno")}
    poll(unruly_account, wait=no_waiting(99))
    eventually(stored)
    eventually(lambda: unruly.times()["IDLE"] == 1)
    unruly.uidvalidity += 1
    unruly.folders["INBOX"] = {1: mail("Uno"), 2: mail("Dos")}
    unruly.flags.clear()
    unruly.hang_up_all()
    eventually(lambda: stored() == ["Uno", "Dos"])
    assert any(line["event"] == "imap.uidvalidity" for line in logged)
    eventually(lambda: Mailbox.get().uidvalidity == unruly.uidvalidity)


def test_a_refused_login_is_told_once_without_the_password_and_tried_on(
    unruly, unruly_account, mail, poll, no_waiting, eventually, stored, logged
):
    def refuse(session, tag, arguments):
        session.say("+ ")
        secret = session.read()
        session.say(f"{tag} NO [AUTHENTICATIONFAILED] clave-secreta {secret} is wrong")

    unruly.once("AUTHENTICATE", refuse, times=3)
    unruly.deliver(mail("Uno"))
    waits = no_waiting(99)
    poll(unruly_account, wait=waits)
    eventually(lambda: stored() == ["Uno"])
    assert [round(asked / base) for asked, base in zip(waits.asked, (30, 60, 120), strict=True)] == [1, 1, 1]
    refusals = [line for line in logged if line["event"] == "imap.refused"]
    assert len(refusals) == 1
    assert "clave-secreta" not in str(logged)
    assert "correct imap.user and imap.password" in refusals[0]["reason"]


def test_not_now_is_no_refusal(unruly, unruly_account, poll, no_waiting, logged):
    def later(session, tag, arguments):
        session.say("+ ")
        session.read()
        session.say(f"{tag} NO [UNAVAILABLE] the user database is away")

    unruly.once("AUTHENTICATE", later)
    waits = no_waiting(1)
    poller = poll(unruly_account, wait=waits)
    assert waits.over.wait(10)
    assert waits.asked[0] < 2
    assert "the user database is away" in poller.status().trouble


def test_a_mail_over_the_limit_stays_with_a_star_and_is_told_once(
    unruly, unruly_account, mail, poll, no_waiting, eventually, stored, logged
):
    unruly.folders["INBOX"] = {1: mail("Grande", text="x" * 20_000), 2: mail("Chica")}
    fetched = []
    unruly.always("FETCH-BODY", lambda session, tag, arguments: fetched.append(arguments) or True)
    poller = poll(unruly_account, limits=Limits(mail_bytes=10_000), wait=no_waiting(99))
    eventually(lambda: poller.status().state == "waiting")
    unruly.hang_up_all()
    eventually(lambda: unruly.times()["IDLE"] == 2)
    assert stored() == ["Chica"]
    assert unruly.flags[1] == {"\\Flagged"}
    assert not any(fetches(arguments, 1) for arguments in fetched)
    assert [line["event"] for line in logged].count("imap.too_big") == 1
    assert poller.status().too_big == 1


def test_a_size_that_lied_is_found_out(unruly, unruly_account, mail, poll, eventually, stored):
    unruly.folders["INBOX"] = {1: mail("Grande", text="x" * 20_000), 2: mail("Chica")}

    def understate(session, tag, arguments):
        for uid in (1, 2):
            session.say(f'* {uid} FETCH (UID {uid} RFC822.SIZE 99 INTERNALDATE "02-Nov-2026 10:00:00 -0500")')
        session.say(f"{tag} OK done")

    unruly.always("FETCH-SIZE", understate)
    poller = poll(unruly_account, limits=Limits(mail_bytes=10_000))
    eventually(lambda: poller.status().state == "waiting")
    assert stored() == ["Chica"]


@pytest.mark.parametrize("way", ["read_only", "no_keywords"])
def test_a_folder_that_takes_no_marks_is_remembered_by_uid(way, unruly, unruly_account, mail, poll, eventually, stored):
    unruly.read_only, unruly.keywords = way == "read_only", way != "no_keywords"
    unruly.folders["INBOX"] = {3: mail("Uno"), 4: mail("Dos")}
    first = poll(unruly_account)
    eventually(lambda: first.status().state == "waiting")
    first.stop()
    unruly.deliver(mail("Tres"))
    second = poll(unruly_account)
    eventually(lambda: second.status().state == "waiting")
    assert stored() == ["Uno", "Dos", "Tres"]
    assert second.status().known == 0, "fetched again what was settled"
    assert Mailbox.get().last_uid == 5


@pytest.mark.parametrize("uidplus", [True, False])
def test_without_move_a_mail_is_copied_and_deleted(uidplus, unruly, unruly_account, mail, poll, eventually, stored):
    unruly.capabilities = tuple(
        name for name in unruly.capabilities if name != "MOVE" and (uidplus or name != "UIDPLUS")
    )
    unruly.deliver(mail("Uno"))
    poller = poll(unruly_account.model_copy(update={"done_folder": "Hecho", "poll_seconds": 0.1}))
    eventually(lambda: unruly.times()["IDLE"] >= 3)
    poller.stop()
    assert list(unruly.folders["Hecho"].values()) == [mail("Uno")]
    assert (1 in unruly.folders["INBOX"]) is not uidplus
    assert stored() == ["Uno"]
    assert unruly.times()["FETCH-BODY"] == 1


@pytest.mark.parametrize("how", ["refused", "not-offered"])
def test_where_nothing_can_be_deleted_no_mail_is_copied_again_and_again(
    how, unruly, unruly_account, mail, poll, no_waiting, eventually, stored
):
    """A shared mailbox without the right to delete, on a server without MOVE."""
    unruly.capabilities = ("IMAP4rev1", "AUTH=PLAIN", "IDLE")
    unruly.deliver(mail("Uno"))
    if how == "refused":
        unruly.always("STORE", lambda session, tag, arguments: session.say(f"{tag} NO [NOPERM] not yours"))
    else:
        unruly.once("SELECT", may_not_delete, times=9)
        unruly.keywords = False
    poll(unruly_account.model_copy(update={"done_folder": "Hecho"}), wait=no_waiting(99))
    for lives in range(1, 4):  # each new connection looks through the whole folder
        eventually(lambda lives=lives: unruly.times()["IDLE"] == lives)
        unruly.hang_up_all()
    eventually(lambda: unruly.times()["IDLE"] == 4)
    assert stored() == ["Uno"]
    assert len(unruly.folders.get("Hecho", ())) == (how == "refused")


def may_not_delete(session, tag, arguments):
    session.say("* 1 EXISTS")
    session.say("* OK [PERMANENTFLAGS (\\Seen \\Flagged)] ok")
    session.say("* OK [UIDVALIDITY 7] ok")
    session.say(f"{tag} OK [READ-WRITE] done")


def test_a_done_folder_that_cannot_be_made_costs_a_warning_not_a_mail(
    unruly, unruly_account, mail, poll, eventually, stored, logged
):
    unruly.always("CREATE", lambda session, tag, arguments: session.say(f"{tag} NO not allowed"))
    unruly.deliver(mail("Uno"))
    poller = poll(unruly_account.model_copy(update={"done_folder": "Hecho", "poll_seconds": 0.1}))
    eventually(lambda: unruly.times()["IDLE"] >= 3)
    poller.stop()
    assert stored() == ["Uno"]
    assert unruly.times()["FETCH-BODY"] == 1
    assert [line["event"] for line in logged].count("imap.not_filed") == 1


def test_a_store_that_cannot_accept_leaves_the_mail_where_it_is(
    unruly, unruly_account, mail, acceptor, poll, no_waiting, eventually, stored
):
    unruly.deliver(mail("Uno"))
    refusals = [StoreUnavailable("the disk is full"), StoreUnavailable("the disk is full")]

    def full_at_first(arrival):
        if not refusals:
            return acceptor.submit(arrival)
        failed = Future()
        failed.set_exception(refusals.pop())
        assert "STORE" not in unruly.heard, "flagged before the commit"
        return failed

    poll(unruly_account, submit=full_at_first, wait=no_waiting(99))
    eventually(lambda: unruly.flags.get(1) == {"$MailgateStored"})
    assert stored() == ["Uno"]


def test_a_mail_that_the_store_trips_over_holds_up_no_other(
    unruly, unruly_account, mail, acceptor, poll, no_waiting, eventually, stored, logged
):
    unruly.folders["INBOX"] = {1: mail("Uno"), 2: mail("Malo"), 3: mail("Tres")}

    def trips(arrival):
        if b"Malo" not in arrival.raw:
            return acceptor.submit(arrival)
        failed = Future()
        failed.set_exception(Unstorable("OverflowError"))
        return failed

    waits = no_waiting(1)
    poller = poll(unruly_account.model_copy(update={"batch": 1}), submit=trips, wait=waits)
    eventually(lambda: poller.status().state == "waiting")
    unruly.deliver(mail("Cuatro"))
    eventually(lambda: stored() == ["Uno", "Tres", "Cuatro"])
    assert waits.asked == []
    assert 2 in unruly.folders["INBOX"]
    assert 2 not in unruly.flags


def test_it_is_received_when_the_mailbox_received_it(unruly, unruly_account, mail, poll, eventually):
    """Legal terms count from there, also when the gateway stood still over the weekend."""
    unruly.deliver(mail("Uno"))
    poll(unruly_account)
    eventually(lambda: Intake.select().count())
    assert Intake.get().received_at.isoformat() == "2026-11-02T15:00:00+00:00"


def test_stop_is_prompt_while_it_waits_to_try_again(unruly_account, unruly, poll, eventually):
    unruly.always("SELECT", hang_up)
    poller = poll(unruly_account)
    eventually(lambda: poller.status().state == "unreachable")
    began = time.monotonic()
    poller.stop()
    assert time.monotonic() - began < 200


def test_stop_does_not_wait_for_a_silent_server(unruly, unruly_account, poll, eventually, monkeypatch):
    monkeypatch.setattr(imap, "STOP_SECONDS", 0.2)
    unruly.always("SEARCH", stay_silent)
    poller = poll(unruly_account)
    eventually(lambda: unruly.times()["SEARCH"])
    began = time.monotonic()
    poller.stop()
    assert time.monotonic() - began < 20
    assert not poller.alive


def test_a_done_folder_that_is_read_too_is_a_mistake(unruly_account, poll):
    with pytest.raises(ConfigError, match="done_folder"):
        poll(unruly_account.model_copy(update={"done_folder": "INBOX"}))


def test_what_is_no_imap_server_is_told_as_such(unruly, unruly_account, poll, no_waiting):
    with Unruly() as stranger:
        stranger.always("CAPABILITY", lambda session, tag, arguments: session.say("HTTP/1.1 400 Bad Request"))
        waits = no_waiting(2)
        poller = poll(unruly_account.model_copy(update={"port": stranger.port}), wait=waits)
        assert waits.over.wait(10)
        assert "HTTP/1.1 400" in poller.status().trouble


def fetches(arguments, uid):
    """Whether a FETCH names this UID."""
    wanted = set()
    for piece in arguments.split(" ")[0].split(","):
        first, _, last = piece.partition(":")
        wanted |= set(range(int(first), int(last or first) + 1))
    return uid in wanted
