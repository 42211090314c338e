from __future__ import annotations

from django.urls import path

from masterdata.views import articles, lookups, partner_parts, partners, price_lists, terms

app_name = "masterdata"
urlpatterns = [
    path("partners/", partners.PartnerList.as_view(), name="partners"),
    path("partners/new/", partners.partner_new, name="partner-new"),
    path("partners/<uuid:uuid>/", partners.partner_page, name="partner"),
    path("partners/<uuid:uuid>/edit/", partners.partner_edit, name="partner-edit"),
    path("partners/<uuid:uuid>/block/", partners.partner_block, name="partner-block"),
    path("partners/<uuid:uuid>/active/", partners.partner_active, name="partner-active"),
    path("partners/<uuid:uuid>/addresses/new/", partner_parts.address, name="address-new"),
    path("partners/<uuid:uuid>/addresses/<uuid:part>/", partner_parts.address, name="address"),
    path("partners/<uuid:uuid>/contacts/new/", partner_parts.contact, name="contact-new"),
    path("partners/<uuid:uuid>/contacts/<uuid:part>/", partner_parts.contact, name="contact"),
    path("partners/<uuid:uuid>/bank-accounts/new/", partner_parts.bank_account, name="bank-account-new"),
    path("partners/<uuid:uuid>/bank-accounts/<uuid:part>/", partner_parts.bank_account, name="bank-account"),
    path("partners/<uuid:uuid>/tax-status/", partner_parts.tax_status, name="tax-status"),
    path("partners/<uuid:uuid>/<slug:kind>/<uuid:part>/remove/", partner_parts.remove, name="part-remove"),
    path("articles/", articles.ArticleList.as_view(), name="articles"),
    path("articles/new/", articles.article_new, name="article-new"),
    path("articles/<uuid:uuid>/", articles.article_page, name="article"),
    path("articles/<uuid:uuid>/edit/", articles.article_edit, name="article-edit"),
    path("articles/<uuid:uuid>/active/", articles.article_active, name="article-active"),
    path("price-lists/", price_lists.PriceListList.as_view(), name="price-lists"),
    path("price-lists/new/", price_lists.price_list_new, name="price-list-new"),
    path("price-lists/<uuid:uuid>/", price_lists.price_list_page, name="price-list"),
    path("price-lists/<uuid:uuid>/edit/", price_lists.price_list_edit, name="price-list-edit"),
    path("price-lists/<uuid:uuid>/prices/new/", price_lists.price_edit, name="price-new"),
    path("price-lists/<uuid:uuid>/prices/<int:pk>/", price_lists.price_edit, name="price"),
    path("price-lists/<uuid:uuid>/prices/<int:pk>/remove/", price_lists.price_remove, name="price-remove"),
    path("terms/", terms.TermList.as_view(), name="terms"),
    path("terms/new/", terms.term_new, name="term-new"),
    path("terms/<uuid:uuid>/", terms.term_edit, name="term"),
    path("lookup/partners", lookups.lookup_partners, name="lookup-partners"),
    path("lookup/articles", lookups.lookup_articles, name="lookup-articles"),
]
