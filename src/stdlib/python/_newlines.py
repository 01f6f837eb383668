"""io.IncrementalNewlineDecoder."""


class IncrementalNewlineDecoder:
    """Turns "\\r\\n" and "\\r" into "\\n", also when a chunk ends between the two."""

    _NAMES = {0: None, 1: '\r', 2: '\n', 3: ('\r', '\n'), 4: '\r\n', 5: ('\r', '\r\n'),
              6: ('\n', '\r\n'), 7: ('\r', '\n', '\r\n')}

    def __init__(self, decoder, translate, errors='strict'):
        self._decoder = decoder
        self._translate = translate
        self._held = False
        self._seen = 0

    def decode(self, input, final=False):
        text = input if self._decoder is None else self._decoder.decode(input, final)
        if not isinstance(text, str):
            raise TypeError(f"decoder should return a string result, not '{type(text).__name__}'")
        if self._held and (text or final):
            text = '\r' + text
            self._held = False
        if text.endswith('\r') and not final:
            text = text[:-1]
            self._held = True
        if '\r' not in text:
            if '\n' in text:
                self._seen |= 2
            return text
        both = text.count('\r\n')
        if both:
            self._seen |= 4
        if text.count('\r') > both:
            self._seen |= 1
        if text.count('\n') > both:
            self._seen |= 2
        return text.replace('\r\n', '\n').replace('\r', '\n') if self._translate else text

    def getstate(self):
        data, flags = (b'', 0) if self._decoder is None else self._decoder.getstate()
        return data, flags << 1 | self._held

    def setstate(self, state):
        data, flags = state
        self._held = bool(flags & 1)
        if self._decoder is not None:
            self._decoder.setstate((data, flags >> 1))

    def reset(self):
        self._held = False
        self._seen = 0
        if self._decoder is not None:
            self._decoder.reset()

    @property
    def newlines(self):
        return self._NAMES[self._seen]


IncrementalNewlineDecoder.__module__ = '_io'
