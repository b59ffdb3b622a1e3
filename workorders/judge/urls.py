"""Addresses of the orders of judges and departments."""

from django.urls import path

from workorders.judge import views

app_name = "orders"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("request/<uuid:public_id>/", views.by_request, name="by_request"),
    path("<uuid:public_id>/", views.order, name="order"),
    path("<uuid:public_id>/print/", views.on_paper, name="print"),
    path("<uuid:public_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<uuid:public_id>/contact/", views.contact, name="contact"),
    path("<uuid:public_id>/reply/", views.reply, name="reply"),
    path("<uuid:public_id>/return/", views.return_to_desk, name="return"),
    path("<uuid:public_id>/reassign/", views.reassign, name="reassign"),
    path("<uuid:public_id>/assist/", views.assist, name="assist"),
    path("<uuid:public_id>/complete/", views.complete, name="complete"),
    path("<uuid:public_id>/reveal/", views.reveal, name="reveal"),
]
