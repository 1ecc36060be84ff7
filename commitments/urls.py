"""Addresses of the promise. Names are flat: a newcomer greps the word on the screen and finds view, address and test."""

from django.urls import URLPattern, URLResolver

app_name = "commitments"

urlpatterns: list[URLPattern | URLResolver] = []
