"""Programmes, cards and their states, one-time codes, PINs, issuer hosts, import."""
