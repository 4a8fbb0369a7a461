"""The browser of the pages, by the name that the journey's tests have for it."""

from pages.tests.browser import Browser

__all__ = ["Browser"]
