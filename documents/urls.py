"""The screens of documents of every kind, mounted at the root."""

from __future__ import annotations

from django.urls import path

from documents.views.detail import AddRemark, DocumentDetail
from documents.views.editor import EditDocument, NewDocument
from documents.views.follow_up import FollowUpView
from documents.views.lists import DocumentList
from documents.views.preview import Preview

app_name = "documents"
urlpatterns = [
    path("documents/<slug:kind>/from/<uuid:uuid>/", FollowUpView.as_view(), name="follow_up"),
    path("documents/<slug:kind>/new/", NewDocument.as_view(), name="new"),
    path("documents/<slug:kind>/preview/", Preview.as_view(), name="preview"),
    path("documents/<uuid:uuid>/", DocumentDetail.as_view(), name="detail"),
    path("documents/<uuid:uuid>/note/", AddRemark.as_view(), name="note"),
    path("documents/<uuid:uuid>/edit/", EditDocument.as_view(), name="edit"),
    # a UUID is a slug, too: this one is last
    path("documents/<slug:kind>/", DocumentList.as_view(), name="list"),
]
