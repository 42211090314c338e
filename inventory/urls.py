"""The stock screens, mounted at the root."""

from __future__ import annotations

from django.urls import path

from inventory import views

app_name = "inventory"
urlpatterns = [
    path("stock/", views.StockList.as_view(), name="stock"),
    path("stock/opening/", views.opening, name="opening"),
    path("stock/correction/", views.correction, name="correction"),
    path("stock/<uuid:uuid>/", views.stock_article, name="article"),
    path("lookup/stock", views.lookup_articles, name="lookup"),
    path("lookup/lots", views.lookup_lots, name="lookup-lots"),
]
