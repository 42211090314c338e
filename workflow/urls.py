"""Approvals and the actions of documents, mounted at the root."""

from __future__ import annotations

from django.urls import path

from workflow.views.act import Act, Correct, DecideAmendment, DecideChange
from workflow.views.inbox import Bulk, Inbox

app_name = "workflow"
urlpatterns = [
    path("approvals/", Inbox.as_view(), name="inbox"),
    path("approvals/bulk/", Bulk.as_view(), name="bulk"),
    path("approvals/amendments/<uuid:uuid>/", DecideAmendment.as_view(), name="amendment"),
    path("approvals/changes/<uuid:uuid>/", DecideChange.as_view(), name="change"),
    path("documents/<uuid:uuid>/act/", Act.as_view(), name="act"),
    path("documents/<uuid:uuid>/correct/", Correct.as_view(), name="correct"),
]
