"""What a test has committed is deleted after it, but for what migrating made: that needs not be made 700 times."""

from django.core.management.color import no_style
from django.db import connections
from django.test import TransactionTestCase

MADE_BY_MIGRATING = {
    *("django_content_type", "auth_permission"),
    *("auth_group", "auth_group_permissions"),  # the roles of `desk.roles`
}
"""Tables that no test may leave changed. Django's `flush` empties them too, and has everything made again."""


def empty_tables(case: TransactionTestCase) -> None:
    """Do the `_fixture_teardown` of TransactionTestCase: empty every table of what is ours."""
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        connection = connections[alias]
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        ours = [table for table in tables if table not in MADE_BY_MIGRATING]
        statements = connection.ops.sql_flush(no_style(), ours, reset_sequences=False, allow_cascade=False)
        connection.ops.execute_sql_flush(statements)
