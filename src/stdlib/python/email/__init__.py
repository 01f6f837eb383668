"""Messages of mail and of HTTP: headers and what follows them."""

__all__ = ['message_from_string', 'message_from_bytes']


def message_from_string(s, *args, **kwargs):
    """The message that a text is."""
    from email.parser import Parser
    return Parser(*args, **kwargs).parsestr(s)


def message_from_bytes(s, *args, **kwargs):
    """The message that bytes are."""
    from email.parser import Parser
    return Parser(*args, **kwargs).parsestr(s.decode('ascii', 'surrogateescape'))
