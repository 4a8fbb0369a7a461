"""The demo: one process with synthetic cards, and a page that shows the phone and the mailbox of their holders."""
