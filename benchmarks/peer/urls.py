"""The pages of django-helpdesk, for the links in its mail."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
