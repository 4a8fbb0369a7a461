"""Every address of the portal, one room after the other."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("messaging.urls")),
    path("", include("pages.urls")),
    path("", include("accounts.urls")),
    path("", include("statements.urls")),
    path("", include("activation.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("portal.demo.urls")))

handler400 = "pages.errors.unreadable"
handler403 = "pages.errors.forbidden"
handler404 = "pages.errors.not_found"
handler500 = "pages.errors.broken"
