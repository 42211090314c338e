"""``makemigrations --check`` passes over an app without a migrations package; this does not."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps

from tests.architecture.source import APPS, CHECKOUT


def test_every_app_with_models_has_migrations() -> None:
    missing = [
        config.name
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in APPS
        and any(model._meta.managed and not model._meta.proxy for model in config.get_models())
        and not list(Path(config.path).glob("migrations/0*.py"))
    ]
    assert not missing


def test_schema_and_data_are_never_mixed() -> None:
    """A migration either changes the schema or fills it (architecture.md § 8)."""
    mixed = []
    for app in APPS:
        for file in (CHECKOUT / app).rglob("migrations/0*.py"):
            text = file.read_text(encoding="utf-8")
            schema = any(f"migrations.{name}" in text for name in ("CreateModel", "AddField", "AlterField"))
            if schema and "migrations.RunPython" in text:
                mixed.append(str(file))
    assert not mixed
