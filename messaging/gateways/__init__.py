"""The ways out of the house: one class a way, chosen by `SMS_URL` for text messages and by `EMAIL_URL` for email."""
