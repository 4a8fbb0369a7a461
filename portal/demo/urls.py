from django.urls import path

from portal.demo.views import PhoneAndMailbox

urlpatterns = [path("", PhoneAndMailbox.as_view(), name="demo")]
