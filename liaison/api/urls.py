"""Addresses of the machine interface, with its description and a page to try it on."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from liaison.api import views

_OPEN = {"authentication_classes": [], "permission_classes": [AllowAny], "throttle_classes": []}

app_name = "api"
urlpatterns = [
    path("requests", views.RequestList.as_view(), name="requests"),
    path("requests/<uuid:public_id>", views.RequestDetail.as_view(), name="request"),
    path("requests/<uuid:public_id>/rating", views.RequestRating.as_view(), name="rating"),
    path("schema", SpectacularAPIView.as_view(**_OPEN), name="schema"),
    path(
        "docs",
        SpectacularSwaggerSplitView.as_view(**_OPEN, url_name="api:schema"),
        name="docs",
    ),
]
