"""Addresses of the catalogue of components."""

from django.urls import path

from reports.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.page, {"slug": "frames"}, name="start"),
    path("part/", views.part, name="part"),
    path("frame/<slug:name>/", views.frame, name="frame"),
    path("<slug:slug>/", views.page, name="page"),
]
