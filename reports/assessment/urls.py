"""Addresses of a judge's own figures, of objections, and of the annual assessment."""

from django.urls import path

from reports.assessment import objection_views, own_views, sheet_views

app_name = "assessment"
urlpatterns = [
    path("", own_views.start, name="start"),
    path("own/", own_views.own, name="own"),
    path("own/object/", own_views.object_to, name="object"),
    path("objections/", objection_views.objections, name="objections"),
    path("objections/<uuid:public_id>/", objection_views.objection, name="objection"),
    path("sheets/", sheet_views.sheets, name="sheets"),
    path("sheets/<uuid:public_id>/", sheet_views.sheet, name="sheet"),
    path("sheets/<uuid:public_id>/items/", sheet_views.items, name="sheet_items"),
    path("sheets/<uuid:public_id>/state/", sheet_views.state, name="sheet_state"),
    path("sheets/<uuid:public_id>/comment/", sheet_views.comment, name="sheet_comment"),
    path("sheets/<uuid:public_id>/sign/", sheet_views.sign, name="sheet_sign"),
]
