"""Static files under hashed names, also inside JavaScript modules."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Rewrites ``import "./x.js"`` too: else a browser could mix modules of two releases."""

    support_js_module_import_aggregation = True
