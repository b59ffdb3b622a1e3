"""Addresses of sign-in, language, calendar and health; named without a namespace."""

from django.urls import path

from courts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("password/", views.ChangePassword.as_view(), name="change_password"),
    path("start/", views.start, name="start"),
    path("language/", views.set_language, name="set_language"),
    path("display/", views.set_display, name="set_display"),
    path("calendar/", views.this_year, name="calendar"),
    path("calendar/<int:year>/", views.calendar_year, name="calendar_year"),
    path("healthz", views.healthz, name="healthz"),
]
