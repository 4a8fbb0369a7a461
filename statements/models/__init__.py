"""What the room keeps: transactions and their sums by month, balances, alerts and what people want to be told."""

from statements.models.alerts import Alert, AlertSettings
from statements.models.balances import Balance
from statements.models.feeds import Feed
from statements.models.month_totals import MonthTotal
from statements.models.transactions import Transaction

__all__ = ["Alert", "AlertSettings", "Balance", "Feed", "MonthTotal", "Transaction"]
