"""Settings by topic; values come from the environment through ``valeo.settings.env``."""

from __future__ import annotations

from valeo.settings.api import *  # noqa: F403  # a settings module is flat by Django's convention
from valeo.settings.apps import *  # noqa: F403
from valeo.settings.caches import *  # noqa: F403
from valeo.settings.csp import *  # noqa: F403
from valeo.settings.database import *  # noqa: F403
from valeo.settings.i18n import *  # noqa: F403
from valeo.settings.jobs import *  # noqa: F403
from valeo.settings.limits import *  # noqa: F403
from valeo.settings.logs import *  # noqa: F403
from valeo.settings.paths import *  # noqa: F403
from valeo.settings.security import *  # noqa: F403
from valeo.settings.web import *  # noqa: F403
