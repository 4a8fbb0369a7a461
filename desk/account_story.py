"""All that is known about one account, table by table, in a number of queries that does not grow."""

from django.utils.translation import gettext_lazy as _

from accounts.activity import plain_words_of
from accounts.models import AccountEvent, CardBinding, CardHelper, User, UserSession
from cards.masks import mask_card
from desk.doers import names_of_staff, told_by
from desk.reading import page_of
from desk.reasons import in_words
from desk.story import NEWEST, Row, Table


def story_of_account(user: User) -> list[Table]:
    """Its cards, who helps whom, where it is signed in, and what happened to it."""
    bindings = list(CardBinding.objects.filter(user=user).select_related("card__programme").order_by("-pk")[:NEWEST])
    held = [binding.card_id for binding in bindings if binding.ended_at is None]
    helpers = CardHelper.objects.filter(card__in=held).select_related("card", "user").order_by("-pk")[:NEWEST]
    helped = CardHelper.objects.filter(user=user).select_related("card__programme").order_by("-pk")[:NEWEST]
    events = list(AccountEvent.objects.filter(user=user).order_by("-pk")[:NEWEST])
    names = names_of_staff(events)
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
            _("Activity (the event as the cardholder reads it)"),
            (_("Event"), _("By"), _("Reason"), _("Comment"), _("At")),
            [Row("", (plain_words_of(e), told_by(e, names), in_words(e.reason), e.comment, e.at)) for e in events],
        ),
    ]
