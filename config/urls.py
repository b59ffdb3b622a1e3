"""Every address of the product, app by app."""

from django.contrib import admin
from django.urls import include, path, re_path

from courts.api.problems import unknown_address

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("courts.urls")),
    path("", include("notices.urls")),
    path("", include("escalation.urls")),
    path("api/v1/", include("escalation.api.urls")),
    path("api/v1/", include("cases.api.urls")),
    path("api/v1/", include("liaison.api.urls")),
    path("api/v1/", include("reports.api.urls")),
    # Below /api/ an error is a problem document, also where there is nothing, by any name.
    re_path(r"^api/[\s\S]*$", unknown_address),
    path("", include("liaison.portal.urls")),
    path("", include("liaison.desk.urls")),
    path("deadline/", include("escalation.pages.urls")),
    path("orders/", include("workorders.judge.urls")),
    path("supervision/", include("workorders.supervision.urls")),
    path("", include("workorders.find.urls")),
    path("", include("reports.leadership.urls")),
    path("reports/book/", include("reports.standing_book.urls")),
    path("reports/briefings/", include("reports.briefing.urls")),
    path("reports/", include("reports.follow_up.urls")),
    path("reports/assessment/", include("reports.assessment.urls")),
    path("components/", include("reports.catalogue.urls")),
]
