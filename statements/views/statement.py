"""The statement of a card (P14), and the same as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.binding.rights import Right
from accounts.views.own_card import OwnCard
from pages.markup import digits
from pages.money import money
from pages.times import moment_told, month
from pages.views import Page
from statements.asked import ALL, INCOMING, OUTGOING, Asked
from statements.balances import tell_balance
from statements.download import csv_lines
from statements.feeds import ask_for_news, has_feed
from statements.models import Balance, Transaction
from statements.statement import Statement, read_statement, walk

SHOWN = {
    ALL: pgettext_lazy("transactions", "Everything"),
    OUTGOING: pgettext_lazy("transactions", "Money out"),
    INCOMING: pgettext_lazy("transactions", "Money in"),
    **{kind.value: kind.label for kind in Transaction.Kind},
}
ALL_MONTHS = _("All months")


class StatementPage(OwnCard, Page):
    right = Right.STATEMENT
    title = pgettext_lazy("title", "Transactions")
    template_name = "statements/statement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.back_url = reverse("accounts:cards")
        asked = ask_for_news(self.card)
        statement = read_statement(self.card, Asked.read(self.request.GET))
        balance = Balance.objects.filter(card=self.card).first()
        zone = self.card.programme.zone
        return super().get_context_data(
            **kwargs,
            card=self.card,
            balance=balance and tell_balance(balance, zone, timezone.now()),
            fed=has_feed(self.card),
            asked=asked,
            statement=statement,
            rows=self.rows_told(statement),
            sums=[(_money(one.incoming, one.currency), _money(-one.outgoing, one.currency)) for one in statement.sums],
            months=_months(statement),
            month=month(statement.asked.month) if statement.asked.month else ALL_MONTHS,
            shown=SHOWN[statement.asked.shown],
            choices=[(value, words, value == statement.asked.shown) for value, words in SHOWN.items()],
            newer=statement.newer and statement.asked.query(before=statement.newer),
            older=statement.older and statement.asked.query(after=statement.older),
            same=statement.asked.query(),
        )

    def rows_told(self, statement: Statement) -> list[dict[str, Any]]:
        """Rows in words, their moments in the programme's zone."""
        with timezone.override(self.card.programme.zone):
            return [
                {
                    "at": moment_told(row.at),
                    "iso": timezone.localtime(row.at).isoformat(),
                    "kind": row.get_kind_display(),
                    "description": row.description,
                    "merchant": row.merchant_name if row.merchant_name != row.description else "",
                    "incoming": row.amount > 0,
                    "amount": _money(row.amount, row.currency),
                }
                for row in statement.rows
            ]


def _money(amount: int, currency: str) -> SafeString:
    return digits(money(amount, currency))


def _months(statement: Statement) -> list[tuple[str, Any, bool]]:
    """The months to choose from: value, words, whether it is the chosen one. One without transactions stays chosen."""
    months = sorted({*statement.months, *filter(None, [statement.asked.month])}, reverse=True)
    chosen = statement.asked.month
    return [
        *((f"{first:%Y-%m}", month(first), first == chosen) for first in months),
        (ALL, ALL_MONTHS, chosen is None),
    ]


class StatementDownload(OwnCard):
    """All that the page's filters leave, as CSV."""

    right = Right.STATEMENT
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        asked = Asked.read(request.GET)
        if asked.newest:
            asked = read_statement(self.card, asked).asked
        lines = csv_lines(self.card, walk(self.card, asked), get_language() or "en")
        month_named = f"-{asked.month:%Y-%m}" if asked.month else ""
        name = f"transactions-{self.card.number_tail}{month_named}.csv"
        response = StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
        )
        add_never_cache_headers(response)
        return response
