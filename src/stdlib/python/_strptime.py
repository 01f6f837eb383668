"""Reading dates and times as a format tells: what time.strptime and datetime.strptime do."""

import re
import time

import datetime as _datetime

_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
_MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september',
           'october', 'november', 'december']


def _choice(name, words):
    words = sorted(words, key=len, reverse=True)
    return f'(?P<{name}>{"|".join(words)})'


_DIRECTIVES = {
    'd': r'(?P<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])',
    'f': r'(?P<f>[0-9]{1,6})',
    'H': r'(?P<H>2[0-3]|[0-1]\d|\d)',
    'I': r'(?P<I>1[0-2]|0[1-9]|[1-9])',
    'G': r'(?P<G>\d\d\d\d)',
    'j': r'(?P<j>36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])',
    'm': r'(?P<m>1[0-2]|0[1-9]|[1-9])',
    'M': r'(?P<M>[0-5]\d|\d)',
    'S': r'(?P<S>6[0-1]|[0-5]\d|\d)',
    'U': r'(?P<U>5[0-3]|[0-4]\d|\d)',
    'W': r'(?P<W>5[0-3]|[0-4]\d|\d)',
    'V': r'(?P<V>5[0-3]|0[1-9]|[1-4]\d|\d)',
    'w': r'(?P<w>[0-6])',
    'u': r'(?P<u>[1-7])',
    'y': r'(?P<y>\d\d)',
    'Y': r'(?P<Y>\d\d\d\d)',
    'z': r'(?P<z>[+-]\d\d:?[0-5]\d(:?[0-5]\d(\.\d{1,6})?)?|(?-i:Z))',
    'A': _choice('A', _DAYS),
    'a': _choice('a', [day[:3] for day in _DAYS]),
    'B': _choice('B', _MONTHS),
    'b': _choice('b', [month[:3] for month in _MONTHS]),
    'p': _choice('p', ['am', 'pm']),
    '%': '%',
}
_COMPOSED = {'c': '%a %b %d %H:%M:%S %Y', 'x': '%m/%d/%y', 'X': '%H:%M:%S'}

_compiled = {}


def _zone_names():
    names = {'utc', 'gmt'}
    for month in (1, 7):
        moment = time.localtime(time.mktime((2020, month, 1, 12, 0, 0, 0, 0, -1)))
        names.add(time.strftime('%Z', moment).lower())
    return [re.escape(name) for name in names if name]


def _compile(format):
    compiled = _compiled.get(format)
    if compiled is not None:
        return compiled
    source = re.sub(r'([\\.^$*+?\(\){}\[\]|])', r'\\\1', format)
    source = re.sub(r'\s+', r'\\s+', source)
    for letter, meaning in _COMPOSED.items():
        meaning = meaning.replace(' ', r'\s+')
        source = re.sub(f'(?<!%)((?:%%)*)%{letter}', lambda m: m[1] + meaning, source)
    parts = []
    rest = source
    while '%' in rest:
        before, _, rest = rest.partition('%')
        if not rest:
            raise ValueError(f'stray %% in format {format!r}'.replace('%%', '%'))
        letter = rest[0]
        if letter == 'Z':
            parts += [before, _choice('Z', _zone_names())]
        elif letter in _DIRECTIVES:
            parts += [before, _DIRECTIVES[letter]]
        else:
            bad = '\\' if letter == '\\' else letter
            raise ValueError(f'{bad!r} is a bad directive in format {format!r}')
        rest = rest[1:]
    compiled = re.compile(''.join(parts) + rest, re.I)
    if len(_compiled) > 20:
        _compiled.clear()
    _compiled[format] = compiled
    return compiled


def _check_types(data_string, format):
    for i, value in enumerate((data_string, format)):
        if not isinstance(value, str):
            raise TypeError(f'strptime() argument {i} must be str, not {type(value)}')


def _read(data_string, format):
    """(year or None, month, day, hour, minute, second, weekday, day of the year, microsecond,
    zone name, offset in seconds, its microseconds)"""
    _check_types(data_string, format)
    try:
        found = _compile(format).match(data_string)
    except re.error as e:
        raise ValueError(f'{e.msg} in format {format!r}') from None
    if not found:
        raise ValueError(f'time data {data_string!r} does not match format {format!r}')
    if len(data_string) != found.end():
        raise ValueError(f'unconverted data remains: {data_string[found.end():]}')
    values = {key: value for key, value in found.groupdict().items() if value is not None}
    return _evaluate(values)


def _hour(values):
    if 'I' not in values:
        return int(values.get('H', 0))
    hour = int(values['I']) % 12
    return hour + 12 if values.get('p', '').lower() == 'pm' else hour


def _offset(values):
    """Seconds east of UTC, and microseconds; None where no offset was given."""
    text = values.get('z')
    if text is None:
        return None, 0
    if text == 'Z':
        return 0, 0
    if text[3] == ':':
        if len(text) > 6 and text[6] != ':':
            raise ValueError(f'Inconsistent use of : in {text}')
    elif ':' in text:
        raise ValueError(f'Inconsistent use of : in {text}')
    sign = -1 if text[0] == '-' else 1
    digits = text[1:].replace(':', '')
    seconds = int(digits[:2]) * 3600 + int(digits[2:4]) * 60 + int(digits[4:6] or 0)
    micros = int(digits[7:].ljust(6, '0')) if '.' in digits else 0
    return sign * seconds, sign * micros


def _evaluate(values):
    year = int(values['Y']) if 'Y' in values else None
    if 'y' in values:
        year = int(values['y'])
        year += 2000 if year <= 68 else 1900
    month = int(values.get('m', 1))
    if 'B' in values:
        month = _MONTHS.index(values['B'].lower()) + 1
    elif 'b' in values:
        month = [m[:3] for m in _MONTHS].index(values['b'].lower()) + 1
    day = int(values.get('d', 1))
    weekday = None
    if 'A' in values:
        weekday = _DAYS.index(values['A'].lower())
    elif 'a' in values:
        weekday = [d[:3] for d in _DAYS].index(values['a'].lower())
    elif 'w' in values:
        weekday = (int(values['w']) - 1) % 7
    elif 'u' in values:
        weekday = int(values['u']) - 1
    julian = int(values['j']) if 'j' in values else None
    iso_year = int(values['G']) if 'G' in values else None
    _check_weeks(values, year, weekday, julian, iso_year)
    leap_default = False
    if year is None and month == 2 and day == 29:
        year = 1904
        leap_default = True
    elif year is None:
        year = 1900
    if julian is None and weekday is not None:
        if 'U' in values or 'W' in values:
            first_day = _datetime.date(year, 1, 1).weekday()
            week = int(values.get('U', values.get('W')))
            julian = _from_week(first_day, week, weekday, 'W' in values)
        elif iso_year is not None and 'V' in values:
            day_of = _datetime.date.fromisocalendar(iso_year, int(values['V']), weekday + 1)
            year, month, day = day_of.year, day_of.month, day_of.day
        if julian is not None and julian <= 0:
            year -= 1
            julian += 366 if _datetime._is_leap(year) else 365
    if julian is None:
        julian = _datetime.date(year, month, day).toordinal() \
            - _datetime.date(year, 1, 1).toordinal() + 1
    else:
        moment = _datetime.date.fromordinal(julian - 1 + _datetime.date(year, 1, 1).toordinal())
        year, month, day = moment.year, moment.month, moment.day
    if weekday is None:
        weekday = _datetime.date(year, month, day).weekday()
    if leap_default:
        year = 1900
    micro = int(values.get('f', '0').ljust(6, '0'))
    seconds, micros = _offset(values)
    return (year, month, day, _hour(values), int(values.get('M', 0)), int(values.get('S', 0)),
            weekday, julian, micro, values.get('Z'), seconds, micros)


def _check_weeks(values, year, weekday, julian, iso_year):
    """Parts of ISO 8601 weeks that make no sense without the others."""
    if iso_year is not None:
        if julian is not None:
            raise ValueError("Day of the year directive '%j' is not compatible with ISO year "
                             "directive '%G'. Use '%Y' instead.")
        if 'V' not in values or weekday is None:
            raise ValueError("ISO year directive '%G' must be used with the ISO week directive "
                             "'%V' and a weekday directive ('%A', '%a', '%w', or '%u').")
    elif 'V' in values:
        if year is None or weekday is None:
            raise ValueError("ISO week directive '%V' must be used with the ISO year directive "
                             "'%G' and a weekday directive ('%A', '%a', '%w', or '%u').")
        raise ValueError("ISO week directive '%V' is incompatible with the year directive '%Y'. "
                         "Use the ISO year '%G' instead.")


def _from_week(first_weekday, week, weekday, starts_monday):
    """Day of the year of a weekday in a week of %U or %W."""
    if not starts_monday:
        first_weekday = (first_weekday + 1) % 7
        weekday = (weekday + 1) % 7
    before = (7 - first_weekday) % 7
    if week == 0:
        return 1 + weekday - first_weekday
    return 1 + before + 7 * (week - 1) + weekday


def read_struct_time(data_string, format='%a %b %d %H:%M:%S %Y'):
    """What time.strptime gives."""
    parts = _read(data_string, format)
    name = parts[9]
    flag = -1
    if name is not None:
        flag = 0
        local = time.strftime('%Z', time.localtime(time.mktime((2020, 7, 1, 12, 0, 0, 0, 0, -1))))
        winter = time.strftime('%Z', time.localtime(time.mktime((2020, 1, 1, 12, 0, 0, 0, 0, -1))))
        if name.lower() == local.lower() != winter.lower():
            flag = 1
    return time.struct_time(parts[:8] + (flag,))


def read_datetime(cls, data_string, format):
    """What datetime.strptime gives."""
    parts = _read(data_string, format)
    name, seconds, micros = parts[9:]
    args = parts[:6] + (parts[8],)
    if seconds is not None:
        delta = _datetime.timedelta(seconds=seconds, microseconds=micros)
        zone = _datetime.timezone(delta, name) if name else _datetime.timezone(delta)
        args += (zone,)
    return cls(*args)
