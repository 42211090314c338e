from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("Workflow")

    def ready(self) -> None:
        from documents import hooks, panels  # noqa: PLC0415 - models exist only now
        from masterdata import panels as partner_panels  # noqa: PLC0415
        from masterdata.guarded import register_change_gate  # noqa: PLC0415
        from workflow.services import amendments, perform, rules  # noqa: PLC0415
        from workflow.services.change_requests import gate  # noqa: PLC0415
        from workflow.views import panels as own  # noqa: PLC0415

        register_change_gate(gate)
        hooks.register_submission(save_and_submit=perform.save_and_submit, propose=amendments.propose)
        hooks.register_follow_up(perform.follow_and_submit)
        hooks.register_release(rules.asks_always)
        panels.register("actions", own.buttons, order=10)
        panels.register("top", own.to_decide, order=10)
        panels.register("top", own.amendment, order=20)
        partner_panels.register(own.partner_changes, order=10)
