"""Addresses of the leadership's pages."""

from django.urls import path

from reports.leadership import push_view, ranking_views, trends_view, views

app_name = "leadership"
urlpatterns = [
    path("leadership/", views.rates, name="rates"),
    path("leadership/items/", views.items, name="items"),
    path("leadership/ranking/", ranking_views.ranking, name="ranking"),
    path("leadership/ranking/unit/", ranking_views.unit, name="ranking_unit"),
    path("leadership/trends/", trends_view.show, name="trends"),
    path("leadership/push/", push_view.push, name="push"),
]
