"""Addresses of the standing book."""

from django.urls import path

from reports.ahead.views import watch_list, watched
from reports.standing_book import case_view, export_views, views

app_name = "book"
urlpatterns = [
    path("", views.book, name="list"),
    path("cases/", case_view.cases, name="cases"),
    path("ahead/", watch_list, name="ahead"),
    path("ahead/<uuid:public_id>/", watched, name="watched"),
    path("views/", views.save_view, name="save_view"),
    path("views/<uuid:public_id>/delete/", views.delete_view, name="delete_view"),
    path("views/<uuid:public_id>/rhythm/", export_views.set_rhythm, name="set_rhythm"),
    path("exports/", export_views.exports, name="exports"),
    path("exports/<uuid:public_id>/", export_views.export, name="export"),
    path("exports/<uuid:public_id>/progress/", export_views.progress, name="export_progress"),
    path("exports/<uuid:public_id>/remove/", export_views.remove, name="remove_export"),
    path("exports/<uuid:public_id>/file/", export_views.file, name="file"),
]
