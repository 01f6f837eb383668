"""Messages read from text."""

from email.message import Message

__all__ = ['Parser', 'HeaderParser']


def _is_header(line):
    name, colon, _ = line.partition(':')
    return colon and name and all('!' <= character <= '~' for character in name)


class Parser:
    """Makes messages of text."""

    def __init__(self, _class=None, *, policy=None):
        self._class = _class or Message

    def parse(self, fp, headersonly=False):
        """The message in a text file."""
        return self.parsestr(fp.read(), headersonly)

    def parsestr(self, text, headersonly=False):
        """The message that a text is."""
        message = self._class()
        lines = text.splitlines(keepends=True)
        headers = []
        at = 0
        while at < len(lines):
            line = lines[at]
            if line[0] in ' \t' and headers:
                headers[-1] += line
            elif _is_header(line):
                headers.append(line)
            else:
                break
            at += 1
        if at < len(lines) and not lines[at].rstrip('\r\n'):
            at += 1
        for header in headers:
            name, _, value = header.partition(':')
            message[name] = value.lstrip(' \t').rstrip('\r\n')
        message.set_payload(''.join(lines[at:]))
        if not headersonly:
            self._split_parts(message)
        return message

    def _split_parts(self, message):
        boundary = message.get_boundary()
        if message.get_content_maintype() != 'multipart' or boundary is None:
            return
        parts = []
        current = None
        for line in message.get_payload().splitlines(keepends=True):
            bare = line.rstrip()
            if bare in (f'--{boundary}', f'--{boundary}--'):
                if current is not None:
                    parts.append(''.join(current))
                current = [] if bare == f'--{boundary}' else None
            elif current is not None:
                current.append(line)
        if parts:
            message.set_payload([self.parsestr(_without_end(part)) for part in parts])


def _without_end(part):
    """The line end before a boundary belongs to the boundary."""
    return part[:-2] if part.endswith('\r\n') else part[:-1] if part.endswith('\n') else part


class HeaderParser(Parser):
    """Makes messages of text and leaves the payload as it is."""

    def parsestr(self, text, headersonly=True):
        return Parser.parsestr(self, text, True)
