"""Addresses of the portal."""

from django.urls import path

from liaison.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("requests/new/", views.new, name="new"),
    path("requests/<uuid:public_id>/receipt/", views.receipt, name="receipt"),
    path("track/", views.track, name="track"),
    path("track/finish/", views.finish, name="finish"),
    path("track/<uuid:public_id>/", views.tracking, name="tracking"),
    path("track/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("track/<uuid:public_id>/dispute/", views.dispute, name="dispute"),
    path("officers/", views.officers, name="officers"),
    path("case-number/", views.case_number, name="case_number"),
]
