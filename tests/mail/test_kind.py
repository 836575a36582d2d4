"""People are told from machines by how a mail is made and sent, never by its subject alone."""

from __future__ import annotations

import email
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.mail.kind import judge
from mailgate.mail.message import Kind
from mailgate.mail.parse import understand

MAILS = Path(__file__).resolve().parents[1] / "mails" / "auto"
EXPECTED: dict[str, dict[str, Any]] = json.loads((MAILS / "expected.json").read_text("utf-8"))


def judge_text(text: str, **more: Any) -> tuple[Kind, str]:
    tree = email.message_from_string(text)
    return judge(tree, subject=str(tree["subject"] or ""), text=str(tree.get_payload()), **more)


def test_every_mail_of_the_folder_has_its_expected_kind_beside_it() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_kind_of_a_mail_is_known(name: str) -> None:
    message = understand((MAILS / f"{name}.eml").read_bytes())
    assert message.kind == EXPECTED[name]["kind"], message.kind_reason
    if message.kind is not Kind.HUMAN:
        assert message.kind_reason
    if "recipients" in EXPECTED[name]:
        assert message.bounce is not None
        assert list(message.bounce.recipients) == EXPECTED[name]["recipients"]


def test_the_same_words_are_a_persons_when_a_person_sends_them() -> None:
    words = "Subject: RE: [#7] Hola\n{}\nEstaré fuera de la oficina mañana, llámenme hoy por favor."
    assert judge_text(words.format(""))[0] is Kind.HUMAN
    assert judge_text(words.format("Return-Path: <>\n"))[0] is Kind.AUTO_REPLY


def test_a_subject_alone_makes_no_machine() -> None:
    assert judge_text("Subject: Respuesta automática\n\nNo se guarda la configuración del módulo.")[0] is Kind.HUMAN


def test_a_mark_of_ours_is_ours_whatever_else_it_says() -> None:
    assert judge_text("Auto-Submitted: auto-replied\n\nx", is_own=True)[0] is Kind.OWN


def test_a_list_that_is_the_desks_own_address_is_how_people_reach_it() -> None:
    mail = (
        "List-Id: <soporte.mesa.example>\nList-Post: <mailto:soporte@mesa.example>\nPrecedence: list\n"
        "Subject: No abre\n\nNo abre la nómina."
    )
    assert judge_text(mail)[0] is Kind.BULK
    assert judge_text(mail, own_addresses=frozenset({"soporte@mesa.example"}))[0] is Kind.HUMAN


@pytest.mark.parametrize("value", ["no", "No", "no (a person)", "no; x=y"])
def test_auto_submitted_no_is_a_person(value: str) -> None:
    assert judge_text(f"Auto-Submitted: {value}\nPrecedence: bulk\n\nHola")[0] is Kind.HUMAN


@pytest.mark.parametrize(
    "value", ["auto-replied", "auto-generated", "AUTO-Replied; owner-email=x", "auto-notified", "yes"]
)
def test_any_other_auto_submitted_is_not(value: str) -> None:
    assert judge_text(f"Auto-Submitted: {value}\n\nHola")[0] is Kind.AUTO_REPLY


@given(
    st.dictionaries(
        st.sampled_from(
            ["From", "Return-Path", "Subject", "Precedence", "Auto-Submitted", "List-Id", "List-Post", "Content-Type"]
        ),
        st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=60),
    ),
    st.text(max_size=300),
)
def test_no_mail_raises(headers: dict[str, str], text: str) -> None:
    tree = email.message_from_string("".join(f"{name}: {value}\n" for name, value in headers.items()) + "\n" + text)
    kind, reason = judge(tree, subject=headers.get("Subject", ""), text=text)
    assert kind in Kind
    assert isinstance(reason, str)
