"""One address for whoever is outside, however the operator has written the site."""

import pytest
from django.urls import reverse

from courts import site


@pytest.mark.parametrize(
    "written", ["https://court.example", "https://court.example/", "https://court.example/index"]
)
def test_the_path_is_put_behind_the_host(settings, written):
    settings.SITE_URL = written

    assert site.address(reverse("portal:track")) == "https://court.example/track/"
