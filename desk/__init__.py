"""Where staff work: the admin site and the registrations that span apps."""
