"""Dates and addresses in headers."""

import time

__all__ = ['formataddr', 'formatdate', 'mktime_tz', 'parseaddr', 'parsedate', 'parsedate_tz',
           'quote', 'unquote']

_DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
_ZONES = {'UT': 0, 'UTC': 0, 'GMT': 0, 'Z': 0, 'EST': -500, 'EDT': -400, 'CST': -600,
          'CDT': -500, 'MST': -700, 'MDT': -600, 'PST': -800, 'PDT': -700}


def quote(str):
    """Write backslashes and quotes so that they stand for themselves."""
    return str.replace('\\', '\\\\').replace('"', '\\"')


def unquote(str):
    """Take the quotes or angle brackets around a text away."""
    if len(str) > 1 and str.startswith('"') and str.endswith('"'):
        return str[1:-1].replace('\\\\', '\\').replace('\\"', '"')
    if len(str) > 1 and str.startswith('<') and str.endswith('>'):
        return str[1:-1]
    return str


def formatdate(timeval=None, localtime=False, usegmt=False):
    """A date as headers have it, of now unless told."""
    if timeval is None:
        timeval = time.time()
    zone = 'GMT' if usegmt else '-0000'
    fields = time.gmtime(timeval)
    if localtime:
        fields = time.localtime(timeval)
        offset = -(time.altzone if fields.tm_isdst > 0 else time.timezone) // 60
        zone = f'{"-" if offset < 0 else "+"}{abs(offset) // 60:02}{abs(offset) % 60:02}'
    year, month, day, hour, minute, second, weekday = fields[:7]
    return (f'{_DAYS[weekday]}, {day:02} {_MONTHS[month - 1]} {year:04} '
            f'{hour:02}:{minute:02}:{second:02} {zone}')


def _zone_seconds(zone):
    if zone.upper() in _ZONES:
        number = _ZONES[zone.upper()]
    elif zone[:1] in '+-' and zone[1:].isdigit():
        number = int(zone)
    else:
        return None
    sign = -1 if number < 0 else 1
    return sign * (abs(number) // 100 * 3600 + abs(number) % 100 * 60)


def parsedate_tz(data):
    """The nine fields of a date in a header, and how far from UTC it is, in seconds; or None."""
    if not data:
        return None
    words = data.replace(',', ' ').split()
    if words and (words[0][:3].title() in _DAYS):
        del words[0]
    if len(words) == 3 and '-' in words[0]:
        words[:1] = words[0].split('-')
    if len(words) == 4 and ':' in words[2]:
        # What asctime() writes.
        words = [words[1], words[0], words[3], words[2]]
    if len(words) < 4:
        return None
    day, month, year, clock = words[:4]
    if month[:3].title() not in _MONTHS:
        day, month = month, day
    if month[:3].title() not in _MONTHS:
        return None
    try:
        numbers = [int(part) for part in clock.split(':')]
        day, year = int(day), int(year)
    except ValueError:
        return None
    if len(numbers) == 2:
        numbers.append(0)
    if len(numbers) != 3:
        return None
    if year < 100:
        year += 1900 if year > 68 else 2000
    offset = (_zone_seconds(words[4]) if len(words) > 4 else None) or 0
    return (year, _MONTHS.index(month[:3].title()) + 1, day, *numbers, 0, 1, -1, offset)


def parsedate(data):
    """The nine fields of a date in a header; None: no date."""
    fields = parsedate_tz(data)
    return None if fields is None else fields[:9]


def _days_before(year, month):
    """Days from the beginning of 1970 to that of the month."""
    if month <= 2:
        year, month = year - 1, month + 12
    days = 365 * year + year // 4 - year // 100 + year // 400
    return days + (153 * (month - 3) + 2) // 5 - 719468


def mktime_tz(data):
    """Seconds since 1970 of what parsedate_tz() gives."""
    if data[9] is None:
        return time.mktime(data[:8] + (-1,))
    year, month, day, hour, minute, second = data[:6]
    days = _days_before(year, month) + day - 1
    return days * 86400 + hour * 3600 + minute * 60 + second - data[9]


def formataddr(pair, charset='utf-8'):
    """A name and an address as headers have them."""
    name, address = pair
    if not name:
        return address
    quotes = '"' if any(character in '][\\()<>@,:;".' for character in name) else ''
    return f'{quotes}{quote(name)}{quotes} <{address}>'


def parseaddr(addr):
    """The name and the address in a header."""
    before, bracket, rest = addr.partition('<')
    if bracket:
        return unquote(before.strip()), rest.partition('>')[0].strip()
    before, parenthesis, comment = addr.partition('(')
    if parenthesis:
        return comment.partition(')')[0].strip(), before.strip()
    return '', addr.strip()
