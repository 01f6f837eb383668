"""Tables as text: values between commas, one row a line."""

import io

__all__ = ['QUOTE_MINIMAL', 'QUOTE_ALL', 'QUOTE_NONNUMERIC', 'QUOTE_NONE', 'Error', 'Dialect',
           'excel', 'excel_tab', 'field_size_limit', 'reader', 'writer', 'register_dialect',
           'get_dialect', 'list_dialects', 'Sniffer', 'unregister_dialect', 'DictReader',
           'DictWriter', 'unix_dialect']

QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = range(4)
__version__ = '1.0'
_limit = 131072
_dialects = {}
_ABSENT = object()


class Error(Exception):
    """The text is no such table, or a dialect makes no sense."""


Error.__module__ = '_csv'


def field_size_limit(limit=_ABSENT):
    """The greatest length of a field; sets it, and returns what it was."""
    global _limit
    old = _limit
    if limit is not _ABSENT:
        if not isinstance(limit, int):
            raise TypeError('limit must be an integer')
        _limit = limit
    return old


class _Format:
    """A dialect, checked."""

    _NAMES = ('delimiter', 'doublequote', 'escapechar', 'lineterminator', 'quotechar', 'quoting',
              'skipinitialspace', 'strict')

    def __init__(self, dialect=None, **given):
        if isinstance(dialect, str):
            dialect = get_dialect(dialect)
        for name in given:
            if name not in self._NAMES:
                raise TypeError(f"'{name}' is an invalid keyword argument for this function")

        def value(name, otherwise):
            return given.get(name, getattr(dialect, name, otherwise))

        self.delimiter = self._character('delimiter', value('delimiter', ','), False)
        self.doublequote = bool(value('doublequote', True))
        self.escapechar = self._character('escapechar', value('escapechar', None), True)
        self.lineterminator = value('lineterminator', '\r\n')
        if not isinstance(self.lineterminator, str):
            raise TypeError(f'"lineterminator" must be a string, not '
                            f'{type(self.lineterminator).__name__}')
        quotechar = value('quotechar', '"')
        self.quotechar = self._character('quotechar', quotechar, True)
        quoting = value('quoting', QUOTE_MINIMAL)
        if type(quoting) is not int:
            raise TypeError('"quoting" must be an integer')
        if not 0 <= quoting <= 3:
            raise TypeError('bad "quoting" value')
        if quotechar is None and 'quoting' not in given and not hasattr(dialect, 'quoting'):
            quoting = QUOTE_NONE
        self.quoting = quoting
        self.skipinitialspace = bool(value('skipinitialspace', False))
        self.strict = bool(value('strict', False))
        if quoting != QUOTE_NONE and self.quotechar is None:
            raise TypeError('quotechar must be set if quoting enabled')

    @staticmethod
    def _character(name, value, optional):
        if value is None and optional:
            return None
        if not isinstance(value, str):
            kind = type(value).__name__
            if optional:
                raise TypeError(f'"{name}" must be string or None, not {kind}')
            raise TypeError(f'"{name}" must be string, not {kind}')
        if len(value) != 1:
            raise TypeError(f'"{name}" must be a 1-character string')
        return value


class Dialect:
    """How a table is written; subclasses say it in attributes."""

    _name = ''
    _valid = False
    delimiter = None
    quotechar = None
    escapechar = None
    doublequote = None
    skipinitialspace = None
    lineterminator = None
    quoting = None

    def __init__(self):
        if self.__class__ != Dialect:
            self._valid = True
        try:
            _Format(self)
        except TypeError as e:
            raise Error(str(e)) from None


class excel(Dialect):
    """What Excel writes."""
    delimiter = ','
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = '\r\n'
    quoting = QUOTE_MINIMAL


class excel_tab(excel):
    """With tabs."""
    delimiter = '\t'


class unix_dialect(Dialect):
    """Everything in quotes, lines as on Unix."""
    delimiter = ','
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = '\n'
    quoting = QUOTE_ALL


def register_dialect(name, dialect=None, **fmtparams):
    if not isinstance(name, str):
        raise TypeError('dialect name must be a string')
    _dialects[name] = _Format(dialect, **fmtparams)


def unregister_dialect(name):
    if name not in _dialects:
        raise Error('unknown dialect')
    del _dialects[name]


def get_dialect(name):
    if name not in _dialects:
        raise Error('unknown dialect')
    return _dialects[name]


def list_dialects():
    return list(_dialects)


class _Reader:
    """Rows of a table, each a list of str."""

    def __init__(self, iterable, dialect, given):
        self._lines = iter(iterable)
        self.dialect = _Format(dialect, **given)
        self.line_num = 0

    def __iter__(self):
        return self

    def _next_line(self):
        line = next(self._lines)
        if not isinstance(line, str):
            raise Error(f'iterator should return strings, not {type(line).__name__} '
                        '(the file should be opened in text mode)')
        self.line_num += 1
        return line

    def __next__(self):
        line = self._next_line()
        d = self.dialect
        body = line
        while body and body[-1] in '\r\n':
            body = body[:-1]
        plain = ((d.quotechar is None or d.quotechar not in body) and not d.skipinitialspace
                 and (d.escapechar is None or d.escapechar not in body)
                 and d.quoting != QUOTE_NONNUMERIC and '\r' not in body and '\n' not in body
                 and len(body) <= _limit)
        if plain:
            return body.split(d.delimiter) if body else []
        return self._parse(line)

    def _parse(self, line):
        self._row = []
        self._field = []
        self._numeric = False
        state = 'record'
        while True:
            for c in line:
                state = self._step(state, c)
            state = self._step(state, '')
            if state == 'record':
                return self._row
            try:
                line = self._next_line()
            except StopIteration:
                if self._field or state in ('quoted', 'escaped in quotes'):
                    if self.dialect.strict:
                        raise Error('unexpected end of data') from None
                    self._save()
                    return self._row
                if self._row:
                    return self._row
                raise

    def _add(self, c):
        if len(self._field) >= _limit:
            raise Error(f'field larger than field limit ({_limit})')
        self._field.append(c)

    def _save(self):
        text = ''.join(self._field)
        self._field.clear()
        if self._numeric:
            self._numeric = False
            text = float(text)
        self._row.append(text)

    def _step(self, state, c):
        """The state after the character c; '' is the end of the line."""
        d = self.dialect
        if state == 'record':
            if c == '':
                return state
            if c in '\r\n':
                return 'end'
            state = 'field'
        if state == 'field':
            return self._begin_field(c)
        if state == 'escaped':
            if c != '' and c in '\r\n':
                self._add(c)
                return 'after escaped line end'
            self._add(c or '\n')
            return 'in field'
        if state == 'after escaped line end' and c == '':
            return state
        if state in ('in field', 'after escaped line end'):
            return self._in_field(c)
        if state == 'quoted':
            if c == '':
                return state
            if c == d.escapechar:
                return 'escaped in quotes'
            if c == d.quotechar and d.quoting != QUOTE_NONE:
                return 'quote in quotes' if d.doublequote else 'in field'
            self._add(c)
            return state
        if state == 'escaped in quotes':
            self._add(c or '\n')
            return 'quoted'
        if state == 'quote in quotes':
            return self._after_quote(c)
        # The end of the line.
        if c == '':
            return 'record'
        if c in '\r\n':
            return state
        raise Error("new-line character seen in unquoted field - do you need to open the file "
                    "with newline=''?")

    def _begin_field(self, c):
        d = self.dialect
        if c == '' or c in '\r\n':
            self._save()
            return 'record' if c == '' else 'end'
        if c == d.quotechar and d.quoting != QUOTE_NONE:
            return 'quoted'
        if c == d.escapechar:
            return 'escaped'
        if c == ' ' and d.skipinitialspace:
            return 'field'
        if c == d.delimiter:
            self._save()
            return 'field'
        if d.quoting == QUOTE_NONNUMERIC:
            self._numeric = True
        self._add(c)
        return 'in field'

    def _in_field(self, c):
        d = self.dialect
        if c == '' or c in '\r\n':
            self._save()
            return 'record' if c == '' else 'end'
        if c == d.escapechar:
            return 'escaped'
        if c == d.delimiter:
            self._save()
            return 'field'
        self._add(c)
        return 'in field'

    def _after_quote(self, c):
        d = self.dialect
        if d.quoting != QUOTE_NONE and c == d.quotechar and c != '':
            self._add(c)
            return 'quoted'
        if c == d.delimiter:
            self._save()
            return 'field'
        if c == '' or c in '\r\n':
            self._save()
            return 'record' if c == '' else 'end'
        if not d.strict:
            self._add(c)
            return 'in field'
        raise Error(f"'{d.delimiter}' expected after '{d.quotechar}'")


def reader(iterable, dialect='excel', **fmtparams):
    """An iterator over the rows of the lines in iterable."""
    return _Reader(iterable, dialect, fmtparams)


class _Writer:
    def __init__(self, file, dialect, given):
        self._write = file.write
        self.dialect = _Format(dialect, **given)

    def _text(self, value, alone):
        d = self.dialect
        quoted = d.quoting == QUOTE_ALL
        if isinstance(value, str):
            text = value
        elif value is None:
            text = ''
        else:
            text = repr(value) if isinstance(value, float) else str(value)
        if d.quoting == QUOTE_NONNUMERIC and not isinstance(value, (int, float)):
            quoted = True
        if not text and alone:
            if d.quoting == QUOTE_NONE:
                raise Error('single empty field record must be quoted')
            quoted = True
        special = (d.delimiter, d.escapechar, d.quotechar)
        terminator = d.lineterminator
        result = []
        for c in text:
            if c in special or c in terminator:
                escape = False
                if d.quoting == QUOTE_NONE:
                    escape = True
                elif c == d.quotechar:
                    if d.doublequote:
                        result.append(c)
                        quoted = True
                    else:
                        escape = True
                elif c == d.escapechar:
                    escape = True
                else:
                    quoted = True
                if escape:
                    if d.escapechar is None:
                        raise Error('need to escape, but no escapechar set')
                    result.append(d.escapechar)
            result.append(c)
        text = ''.join(result)
        return f'{d.quotechar}{text}{d.quotechar}' if quoted else text

    def writerow(self, row, /):
        """Write one row; what the file's write() returns."""
        try:
            values = list(iter(row))
        except TypeError:
            raise Error(f'iterable expected, not {type(row).__name__}') from None
        alone = len(values) == 1
        line = self.dialect.delimiter.join([self._text(value, alone) for value in values])
        return self._write(line + self.dialect.lineterminator)

    def writerows(self, rows, /):
        for row in rows:
            self.writerow(row)


def writer(fileobj, dialect='excel', **fmtparams):
    """An object that writes rows to a file."""
    if not hasattr(fileobj, 'write'):
        raise TypeError('argument 1 must have a "write" method')
    return _Writer(fileobj, dialect, fmtparams)


register_dialect('excel', excel)
register_dialect('excel-tab', excel_tab)
register_dialect('unix', unix_dialect)


class DictReader:
    """Rows as dicts; the keys are fieldnames, or what the first row holds."""

    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect='excel', *args,
                 **kwds):
        if fieldnames is not None and iter(fieldnames) is fieldnames:
            fieldnames = list(fieldnames)
        self._fieldnames = fieldnames
        self.restkey = restkey
        self.restval = restval
        self.reader = reader(f, dialect, *args, **kwds)
        self.dialect = dialect
        self.line_num = 0

    def __iter__(self):
        return self

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            try:
                self._fieldnames = next(self.reader)
            except StopIteration:
                pass
        self.line_num = self.reader.line_num
        return self._fieldnames

    @fieldnames.setter
    def fieldnames(self, value):
        self._fieldnames = value

    def __next__(self):
        if self.line_num == 0:
            self.fieldnames
        row = next(self.reader)
        self.line_num = self.reader.line_num
        while row == []:
            row = next(self.reader)
        names = self.fieldnames
        result = dict(zip(names, row))
        if len(names) < len(row):
            result[self.restkey] = row[len(names):]
        for name in names[len(row):]:
            result[name] = self.restval
        return result


class DictWriter:
    """Writes dicts as rows."""

    def __init__(self, f, fieldnames, restval='', extrasaction='raise', dialect='excel', *args,
                 **kwds):
        if fieldnames is not None and iter(fieldnames) is fieldnames:
            fieldnames = list(fieldnames)
        self.fieldnames = fieldnames
        self.restval = restval
        if extrasaction.lower() not in ('raise', 'ignore'):
            raise ValueError("extrasaction (%s) must be 'raise' or 'ignore'" % extrasaction)
        self.extrasaction = extrasaction
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        return self.writerow(dict(zip(self.fieldnames, self.fieldnames)))

    def _dict_to_list(self, rowdict):
        if self.extrasaction == 'raise':
            wrong = [key for key in rowdict if key not in self.fieldnames]
            if wrong:
                raise ValueError('dict contains fields not in fieldnames: '
                                 + ', '.join(map(repr, wrong)))
        return (rowdict.get(key, self.restval) for key in self.fieldnames)

    def writerow(self, rowdict):
        return self.writer.writerow(self._dict_to_list(rowdict))

    def writerows(self, rowdicts):
        return self.writer.writerows(map(self._dict_to_list, rowdicts))


class Sniffer:
    """Guesses how a table is written."""

    def __init__(self):
        self.preferred = [',', '\t', ';', ' ', ':']

    def sniff(self, sample, delimiters=None):
        """A dialect in which the lines of sample have equally many fields."""
        quotechar = '"' if sample.count('"') >= sample.count("'") else "'"
        candidates = delimiters or ''.join(self.preferred) + '|'
        best = None
        for delimiter in candidates:
            rows = [row for row in reader(io.StringIO(sample), delimiter=delimiter,
                                          quotechar=quotechar) if row]
            widths = {len(row) for row in rows}
            if len(widths) == 1 and widths != {1}:
                best = delimiter
                break
        if best is None:
            raise Error('Could not determine delimiter')

        class dialect(Dialect):
            _name = 'sniffed'
            lineterminator = '\r\n'
            quoting = QUOTE_MINIMAL
            doublequote = True
        dialect.delimiter = best
        dialect.quotechar = quotechar
        dialect.skipinitialspace = all(
            best + ' ' in line for line in sample.splitlines() if best in line) and best != ' '
        return dialect
