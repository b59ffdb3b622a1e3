"""Addresses at which machines read the figures."""

from django.urls import path

from reports.api import book, matters, views

app_name = "figures"
urlpatterns = [
    path("reports/indicators", views.Indicators.as_view(), name="indicators"),
    path("reports/ranking", views.Rankings.as_view(), name="ranking"),
    path("reports/briefings", views.Briefings.as_view(), name="briefings"),
    path("reports/briefings/<uuid:public_id>", views.Document.as_view(), name="briefing"),
    path("reports/book", book.Rows.as_view(), name="book"),
    path("reports/matters/<slug:kind>", matters.Matters.as_view(), name="matters"),
    path("reports/matters/<slug:kind>/<uuid:public_id>", matters.One.as_view(), name="matter"),
]
