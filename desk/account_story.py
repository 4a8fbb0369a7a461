"""All that is known about one account, table by table, in a number of queries that does not grow."""

from django.utils.translation import gettext_lazy as _

from accounts.activity import of_account
from accounts.models import CardBinding, CardHelper, User, UserSession
from cards.masks import mask_card
from desk.reading import page_of
from desk.story import NEWEST, Row, Table


def story_of_account(user: User) -> list[Table]:
    """Its cards, who helps whom, where it is signed in, and what happened to it."""
    bindings = list(CardBinding.objects.filter(user=user).select_related("card__programme").order_by("-pk")[:NEWEST])
    held = [binding.card_id for binding in bindings if binding.ended_at is None]
    helpers = CardHelper.objects.filter(card__in=held).select_related("card", "user").order_by("-pk")[:NEWEST]
    helped = CardHelper.objects.filter(user=user).select_related("card__programme").order_by("-pk")[:NEWEST]
    sessions = UserSession.objects.filter(user=user).order_by("-began_at")[:NEWEST]
    return [
        Table(
            _("Cards"),
            (_("Card"), _("Programme"), _("State"), _("Bound"), _("Ended")),
            [
                Row(
                    page_of(b.card),
                    (
                        mask_card(b.card.number_tail),
                        b.card.programme,
                        b.card.get_state_display(),
                        b.bound_at,
                        b.ended_at,
                    ),
                )
                for b in bindings
            ],
        ),
        Table(
            _("Who helps with these cards"),
            (_("Account"), _("Card"), _("Since"), _("Ended")),
            [Row(page_of(h.user), (h.user, mask_card(h.card.number_tail), h.since, h.ended_at)) for h in helpers],
        ),
        Table(
            _("Helps with cards of others"),
            (_("Card"), _("Programme"), _("Since"), _("Ended")),
            [
                Row(page_of(h.card), (mask_card(h.card.number_tail), h.card.programme, h.since, h.ended_at))
                for h in helped
            ],
        ),
        Table(
            _("Where it is signed in, or was"),
            (_("With"), _("Since"), _("Last active"), _("Ended")),
            [Row("", (s.browser, s.began_at, s.seen_at, s.ended_at)) for s in sessions],
        ),
        Table(
            _("Activity, as the cardholder reads it"),
            (_("Event"), _("At")),
            [Row("", (happening.words, happening.at)) for happening in of_account(user.pk, None, NEWEST)],
        ),
    ]
