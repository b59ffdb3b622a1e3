"""Addresses by which the trial business system feeds the mirror."""

from django.urls import path

from cases.api import views

app_name = "mirror"
urlpatterns = [
    path("cases", views.Cases.as_view(), name="cases"),
    path("nodes", views.Nodes.as_view(), name="nodes"),
]
