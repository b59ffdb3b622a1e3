"""Addresses of the desk."""

from django.urls import path

from liaison.desk import views

app_name = "desk"
urlpatterns = [
    path("desk/", views.queue, name="queue"),
    path("desk/new/", views.new, name="new"),
    path("desk/<uuid:public_id>/", views.request, name="request"),
    path("desk/<uuid:public_id>/answer/", views.answer, name="answer"),
    path("desk/<uuid:public_id>/route/", views.route, name="route"),
    path("desk/<uuid:public_id>/merge/", views.merge, name="merge"),
    path("desk/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("desk/<uuid:public_id>/reveal/", views.reveal, name="reveal"),
]
