"""Address of the deadline calculator."""

from django.urls import path

from escalation.pages import views

app_name = "deadline"
urlpatterns = [path("", views.calculator, name="calculator")]
