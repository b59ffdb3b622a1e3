"""Addresses of a person's own notices."""

from django.urls import path

from notices import receipt_views, views

app_name = "notices"
urlpatterns = [
    path("notices/", views.listed, name="list"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/<uuid:public_id>/", views.opened, name="open"),
    path("receipts/<slug:channel>/", receipt_views.receipts, name="receipts"),
]
