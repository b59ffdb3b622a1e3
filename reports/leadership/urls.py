"""Addresses of the leadership's pages."""

from django.urls import path

from reports.leadership import push_view, views

app_name = "leadership"
urlpatterns = [
    path("leadership/", views.rates, name="rates"),
    path("leadership/items/", views.items, name="items"),
    path("leadership/push/", push_view.push, name="push"),
]
