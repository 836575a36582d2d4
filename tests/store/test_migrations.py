"""The migrations and the models tell the same tables, on both engines."""

from __future__ import annotations

from playhouse.schema_diff import diff_models

from mailgate.settings import Store
from mailgate.store.base import migrate_up, pending_migrations
from mailgate.store.models import TABLES, database


def test_migrations_make_what_the_models_say(store: Store) -> None:
    assert not diff_models(database.obj, list(TABLES)), str(diff_models(database.obj, list(TABLES)))


def test_migrating_again_changes_nothing(store: Store) -> None:
    assert pending_migrations() == []
    assert migrate_up() == []
