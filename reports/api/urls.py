"""Addresses at which machines read the figures."""

from django.urls import path

from reports.api import views

app_name = "figures"
urlpatterns = [
    path("reports/indicators", views.Indicators.as_view(), name="indicators"),
    path("reports/ranking", views.Rankings.as_view(), name="ranking"),
    path("reports/briefings", views.Briefings.as_view(), name="briefings"),
    path("reports/briefings/<uuid:public_id>", views.Document.as_view(), name="briefing"),
]
