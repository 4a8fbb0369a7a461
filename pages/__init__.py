"""How every page is built and read: forms, drafts, language, large print, wording, errors."""
