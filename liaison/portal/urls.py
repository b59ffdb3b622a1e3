"""Addresses of the portal."""

from django.urls import path

from liaison.portal import party_views, views

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
    path("track/<uuid:public_id>/rate/", views.rate, name="rate"),
    path("officers/", views.officers, name="officers"),
    path("me/", party_views.told, name="told"),
    path("me/sign-in/", party_views.sign_in, name="sign_in"),
    path("me/code/", party_views.code, name="code"),
    path("me/requests/", party_views.my_requests, name="my_requests"),
    path("me/requests/<uuid:public_id>/", party_views.my_request, name="my_request"),
    path("me/cases/", party_views.my_cases, name="my_cases"),
    path("me/cases/<uuid:public_id>/", party_views.my_case, name="my_case"),
    path("me/wishes/", party_views.my_wishes, name="my_wishes"),
    path("case-number/", views.case_number, name="case_number"),
]
