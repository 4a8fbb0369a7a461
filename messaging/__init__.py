"""How we speak to people: the outbox, email and SMS gateways, receipts."""
