"""The address of the search over everything that one may see."""

from django.urls import path

from workorders.find import views

app_name = "find"
urlpatterns = [path("find/", views.page, name="page")]
