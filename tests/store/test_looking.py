"""A store opened for looking cannot be changed, whatever runs on it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailgate.errors import StoreUnavailable
from mailgate.settings import Store
from mailgate.store import people
from mailgate.store.base import close_store
from mailgate.store.looking import keys_there, look

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_who_looks_cannot_write(store: Store) -> None:
    people.save_agent("luis@mesa.co", "Luis", NOW)
    close_store()
    with look(store) as missing:
        assert missing == ""
        assert [agent.address for agent in people.all_agents()] == ["luis@mesa.co"]
        assert keys_there() == ()
        with pytest.raises(StoreUnavailable):
            people.save_agent("eva@mesa.co", "Eva", NOW)
        assert [agent.address for agent in people.all_agents()] == ["luis@mesa.co"]


def test_a_store_without_tables_is_said(store_settings: Store) -> None:
    with look(store_settings) as missing:
        assert missing
    close_store()
