"""Addresses of the monthly briefings."""

from django.urls import path

from reports.briefing import downloads, views

app_name = "briefings"
urlpatterns = [
    path("", views.briefings, name="list"),
    path("draft/", views.draft, name="draft"),
    path("<uuid:public_id>/", views.briefing, name="briefing"),
    path("<uuid:public_id>/history/", views.history, name="history"),
    path("<uuid:public_id>/edit/<slug:section>/", views.edit, name="edit"),
    path("<uuid:public_id>/take-figures/", views.take_figures, name="take_figures"),
    path("<uuid:public_id>/submit/", views.submit, name="submit"),
    path("<uuid:public_id>/send-back/", views.send_back, name="send_back"),
    path("<uuid:public_id>/publish/", views.publish, name="publish"),
    path("<uuid:public_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<uuid:public_id>/briefing.pdf", downloads.pdf, name="pdf"),
    path("<uuid:public_id>/briefing.xlsx", downloads.xlsx, name="xlsx"),
    path("<uuid:public_id>/edition.json", downloads.document, name="json"),
]
