"""Addresses of the supervision desk; a request is named by its public id."""

from django.urls import path

from workorders.supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<uuid:public_id>/", views.request_page, name="request"),
    path("<uuid:public_id>/instruct/", views.instruct, name="instruct"),
    path("<uuid:public_id>/reject/", views.reject, name="reject"),
    path("<uuid:public_id>/dismiss/", views.dismiss, name="dismiss"),
    path("<uuid:public_id>/reassign/", views.reassign, name="reassign"),
]
