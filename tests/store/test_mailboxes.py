"""How far a mailbox was read is remembered for each folder, and worth nothing under another UIDVALIDITY."""

from __future__ import annotations

from mailgate.store.mailboxes import get_position, set_position


def test_a_folder_never_read_begins_at_the_beginning(store):
    assert get_position("ana@imap.acme.co:993", "INBOX", 7) == 0


def test_the_last_position_of_each_folder_counts(store):
    set_position("ana@imap.acme.co:993", "INBOX", 7, 41)
    set_position("ana@imap.acme.co:993", "INBOX", 7, 42)
    set_position("ana@imap.acme.co:993", "PQRS", 7, 3)
    assert get_position("ana@imap.acme.co:993", "INBOX", 7) == 42
    assert get_position("ana@imap.acme.co:993", "PQRS", 7) == 3


def test_a_new_uidvalidity_begins_anew(store):
    set_position("ana@imap.acme.co:993", "INBOX", 7, 42)
    assert get_position("ana@imap.acme.co:993", "INBOX", 8) == 0
    set_position("ana@imap.acme.co:993", "INBOX", 4_294_967_295, 4_294_967_294)
    assert get_position("ana@imap.acme.co:993", "INBOX", 4_294_967_295) == 4_294_967_294
