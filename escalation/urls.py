"""What a monitor asks for; named without a namespace."""

from django.urls import path

from escalation.metrics import metrics

urlpatterns = [path("metrics", metrics, name="metrics")]
