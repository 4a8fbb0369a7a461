"""What may be written down of a mistake of ours: its words may quote a person, a number or a code."""


def place_of(error: BaseException) -> str:
    """The kind and the place of a mistake, without its text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"
