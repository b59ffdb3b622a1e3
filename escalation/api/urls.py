"""Address of the deadline calculator for machines."""

from django.urls import path

from escalation.api import views

app_name = "deadlines"
urlpatterns = [path("deadlines", views.Deadlines.as_view(), name="deadlines")]
