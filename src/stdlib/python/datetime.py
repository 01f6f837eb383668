"""Dates, times of day, moments, the spans between them, and time zones."""

import time as _time

__all__ = ('date', 'datetime', 'time', 'timedelta', 'timezone', 'tzinfo', 'MINYEAR', 'MAXYEAR',
           'UTC')

MINYEAR = 1
MAXYEAR = 9999
_MAXORDINAL = 3652059
_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MONTHS = (None, 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov',
           'Dec')
_DAYS = (None, 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year, month):
    return 29 if month == 2 and _is_leap(year) else _DAYS_IN_MONTH[month]


def _days_before_year(year):
    y = year - 1
    return y * 365 + y // 4 - y // 100 + y // 400


def _day_of_year(year, month, day):
    return _DAYS_BEFORE[month] + (month > 2 and _is_leap(year)) + day


def _to_ordinal(year, month, day):
    """Days since 31 December of the year before year 1."""
    return _days_before_year(year) + _day_of_year(year, month, day)


def _from_ordinal(n):
    """Year, month and day of an ordinal."""
    n -= 1
    centuries, n = divmod(n, 146097)
    year = centuries * 400 + 1
    century, n = divmod(n, 36524)
    fours, n = divmod(n, 1461)
    ones, n = divmod(n, 365)
    year += century * 100 + fours * 4 + ones
    if ones == 4 or century == 4:
        return year - 1, 12, 31
    month = (n + 50) >> 5
    leap = _is_leap(year)
    before = _DAYS_BEFORE[month] + (month > 2 and leap)
    if before > n:
        month -= 1
        before -= _days_in_month(year, month)
    return year, month, n - before + 1


def _index(value):
    """value as int, if it is one."""
    if isinstance(value, int):
        return int(value)
    index = getattr(type(value), '__index__', None)
    if index is None:
        kind = type(value).__name__
        raise TypeError(f"'{kind}' object cannot be interpreted as an integer")
    return index(value)


def _check_date(year, month, day):
    year, month, day = _index(year), _index(month), _index(day)
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f'year {year} is out of range')
    if not 1 <= month <= 12:
        raise ValueError('month must be in 1..12')
    if not 1 <= day <= _days_in_month(year, month):
        raise ValueError('day is out of range for month')
    return year, month, day


def _check_time(hour, minute, second, microsecond, fold):
    hour, minute, second, microsecond = map(_index, (hour, minute, second, microsecond))
    if not 0 <= hour <= 23:
        raise ValueError('hour must be in 0..23')
    if not 0 <= minute <= 59:
        raise ValueError('minute must be in 0..59')
    if not 0 <= second <= 59:
        raise ValueError('second must be in 0..59')
    if not 0 <= microsecond <= 999999:
        raise ValueError('microsecond must be in 0..999999')
    if fold not in (0, 1):
        raise ValueError('fold must be either 0 or 1')
    return hour, minute, second, microsecond, fold


def _check_tzinfo(tz):
    if tz is not None and not isinstance(tz, tzinfo):
        raise TypeError('tzinfo argument must be None or of a tzinfo subclass, not type '
                        f"'{type(tz).__name__}'")


def _check_offset(name, offset):
    if offset is None:
        return None
    if not isinstance(offset, timedelta):
        raise TypeError(f"tzinfo.{name}() must return None or a timedelta, not "
                        f"'{type(offset).__name__}'")
    if not -timedelta(1) < offset < timedelta(1):
        raise ValueError('offset must be a timedelta strictly between '
                         '-timedelta(hours=24) and timedelta(hours=24).')
    return offset


def _round_half_even(numerator, denominator):
    """numerator / denominator, rounded, ties to even."""
    quotient, rest = divmod(numerator, denominator)
    rest *= 2
    more = rest > denominator if denominator > 0 else rest < denominator
    if more or rest == denominator and quotient % 2 == 1:
        quotient += 1
    return quotient


class timedelta:
    """A span of time: days, 0 to 86399 seconds, 0 to 999999 microseconds."""

    __slots__ = '_days', '_seconds', '_microseconds', '_hash'

    def __new__(cls, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0,
                weeks=0):
        whole, left = 0, 0.0
        for name, value, factor in (('days', days, 86400000000), ('seconds', seconds, 1000000),
                                    ('microseconds', microseconds, 1),
                                    ('milliseconds', milliseconds, 1000),
                                    ('minutes', minutes, 60000000), ('hours', hours, 3600000000),
                                    ('weeks', weeks, 604800000000)):
            if isinstance(value, int):
                whole += value * factor
            elif isinstance(value, float):
                # What is left below a microsecond is added up as a float.
                part = int(value)
                below = (value - part) * factor
                whole += part * factor + int(below)
                left += below - int(below)
            else:
                raise TypeError(f'unsupported type for timedelta {name} component: '
                                f'{type(value).__name__}')
        if left:
            odd = whole & 1
            whole += 2 * round((left + odd) * 0.5) - odd if abs(left) % 1 == 0.5 else round(left)
        return cls._from_microseconds(whole)

    @classmethod
    def _from_microseconds(cls, total):
        days, rest = divmod(total, 86400000000)
        if not -999999999 <= days <= 999999999:
            raise OverflowError(f'days={days}; must have magnitude <= 999999999')
        self = object.__new__(cls)
        self._days = days
        self._seconds, self._microseconds = divmod(rest, 1000000)
        self._hash = -1
        return self

    days = property(lambda self: self._days, doc='Number of days.')
    seconds = property(lambda self: self._seconds, doc='Seconds beyond the days.')
    microseconds = property(lambda self: self._microseconds, doc='Beyond the seconds.')

    def _total(self):
        return (self._days * 86400 + self._seconds) * 1000000 + self._microseconds

    def total_seconds(self):
        return self._total() / 10**6

    def __repr__(self):
        parts = [f'{name}={value}' for name, value in
                 (('days', self._days), ('seconds', self._seconds),
                  ('microseconds', self._microseconds)) if value]
        return f'{_name_of(type(self))}({", ".join(parts) or "0"})'

    def __str__(self):
        minutes, seconds = divmod(self._seconds, 60)
        hours, minutes = divmod(minutes, 60)
        text = f'{hours}:{minutes:02d}:{seconds:02d}'
        if self._days:
            plural = '' if abs(self._days) == 1 else 's'
            text = f'{self._days} day{plural}, {text}'
        if self._microseconds:
            text += f'.{self._microseconds:06d}'
        return text

    def __add__(self, other):
        if isinstance(other, timedelta):
            return timedelta._from_microseconds(self._total() + other._total())
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return timedelta._from_microseconds(self._total() - other._total())
        return NotImplemented

    def __rsub__(self, other):
        if isinstance(other, timedelta):
            return other - self
        return NotImplemented

    def __neg__(self):
        return timedelta._from_microseconds(-self._total())

    def __pos__(self):
        return timedelta._from_microseconds(self._total())

    def __abs__(self):
        return timedelta._from_microseconds(abs(self._total()))

    def __mul__(self, other):
        if isinstance(other, int):
            return timedelta._from_microseconds(self._total() * other)
        if isinstance(other, float):
            top, bottom = other.as_integer_ratio()
            return timedelta._from_microseconds(_round_half_even(self._total() * top, bottom))
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._total() // other._total()
        if isinstance(other, int):
            return timedelta._from_microseconds(self._total() // other)
        return NotImplemented

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._total() / other._total()
        if isinstance(other, int):
            return timedelta._from_microseconds(_round_half_even(self._total(), other))
        if isinstance(other, float):
            top, bottom = other.as_integer_ratio()
            return timedelta._from_microseconds(_round_half_even(self._total() * bottom, top))
        return NotImplemented

    def __mod__(self, other):
        if isinstance(other, timedelta):
            return timedelta._from_microseconds(self._total() % other._total())
        return NotImplemented

    def __divmod__(self, other):
        if isinstance(other, timedelta):
            quotient, rest = divmod(self._total(), other._total())
            return quotient, timedelta._from_microseconds(rest)
        return NotImplemented

    def __eq__(self, other):
        return self._total() == other._total() if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._total() < other._total() if isinstance(other, timedelta) else NotImplemented

    def __le__(self, other):
        return self._total() <= other._total() if isinstance(other, timedelta) else NotImplemented

    def __gt__(self, other):
        return self._total() > other._total() if isinstance(other, timedelta) else NotImplemented

    def __ge__(self, other):
        return self._total() >= other._total() if isinstance(other, timedelta) else NotImplemented

    def __hash__(self):
        if self._hash == -1:
            self._hash = hash((self._days, self._seconds, self._microseconds))
        return self._hash

    def __bool__(self):
        return self._total() != 0

    def __reduce__(self):
        return type(self), (self._days, self._seconds, self._microseconds)


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(999999999, 86399, 999999)
timedelta.resolution = timedelta(microseconds=1)


def _name_of(cls):
    """A class as repr() shows it; subclasses without their module, as in CPython."""
    if cls.__module__ == 'datetime':
        return 'datetime.' + cls.__qualname__
    return cls.__name__


class IsoCalendarDate(tuple):
    """Year, week and weekday of ISO 8601."""

    __slots__ = ()

    def __new__(cls, year, week, weekday):
        return tuple.__new__(cls, (year, week, weekday))

    year = property(lambda self: self[0])
    week = property(lambda self: self[1])
    weekday = property(lambda self: self[2])

    def __repr__(self):
        return f'datetime.IsoCalendarDate(year={self[0]}, week={self[1]}, weekday={self[2]})'

    def __reduce__(self):
        return tuple, (tuple(self),)


def _first_week(year):
    """Ordinal of the Monday of the first ISO week."""
    first = _to_ordinal(year, 1, 1)
    weekday = (first + 6) % 7
    monday = first - weekday
    return monday + 7 if weekday > 3 else monday


def _iso_to_ordinal(year, week, day):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f'Year is out of range: {year}')
    long = year < MAXYEAR and _first_week(year + 1) - _first_week(year) == 371
    if not 0 < week < 53 and not (week == 53 and long):
        raise ValueError(f'Invalid week: {week}')
    if not 0 < day < 8:
        raise ValueError(f'Invalid day: {day} (range is [1, 7])')
    return _first_week(year) + (week - 1) * 7 + day - 1


class date:
    """A day of the (proleptic) Gregorian calendar."""

    __slots__ = '_year', '_month', '_day', '_hash'

    def __new__(cls, year, month, day):
        year, month, day = _check_date(year, month, day)
        self = object.__new__(cls)
        self._year, self._month, self._day, self._hash = year, month, day, -1
        return self

    @classmethod
    def fromtimestamp(cls, timestamp):
        moment = _time.localtime(timestamp)
        return cls(moment[0], moment[1], moment[2])

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_time.time())

    @classmethod
    def fromordinal(cls, ordinal):
        ordinal = _index(ordinal)
        if ordinal < 1:
            raise ValueError('ordinal must be >= 1')
        if ordinal > _MAXORDINAL:
            raise ValueError(f'year {_from_ordinal(ordinal)[0]} is out of range')
        return cls(*_from_ordinal(ordinal))

    @classmethod
    def fromisoformat(cls, date_string):
        if not isinstance(date_string, str):
            raise TypeError('fromisoformat: argument must be str')
        try:
            return cls(*_parse_iso_date(date_string))
        except _NotIso:
            raise ValueError(f'Invalid isoformat string: {date_string!r}') from None

    @classmethod
    def fromisocalendar(cls, year, week, day):
        return cls.fromordinal(_iso_to_ordinal(year, week, day))

    year = property(lambda self: self._year)
    month = property(lambda self: self._month)
    day = property(lambda self: self._day)

    def __repr__(self):
        return f'{_name_of(type(self))}({self._year}, {self._month}, {self._day})'

    def ctime(self):
        return (f'{_DAYS[self.isoweekday()]} {_MONTHS[self._month]} {self._day:2d} 00:00:00 '
                f'{self._year:04d}')

    def strftime(self, format):
        return _strftime(self, format)

    def __format__(self, fmt):
        if not isinstance(fmt, str):
            raise TypeError('must be str, not %s' % type(fmt).__name__)
        return self.strftime(fmt) if fmt else str(self)

    def isoformat(self):
        return f'{self._year:04d}-{self._month:02d}-{self._day:02d}'

    def __str__(self):
        return self.isoformat()

    def timetuple(self):
        return _time.struct_time((self._year, self._month, self._day, 0, 0, 0, self.weekday(),
                                  _day_of_year(self._year, self._month, self._day), -1))

    def toordinal(self):
        return _to_ordinal(self._year, self._month, self._day)

    def replace(self, year=None, month=None, day=None):
        return type(self)(self._year if year is None else year,
                          self._month if month is None else month,
                          self._day if day is None else day)

    def _key(self):
        return self._year, self._month, self._day

    def _comparable(self, other):
        return isinstance(other, date) and not isinstance(other, datetime)

    def __eq__(self, other):
        return self._key() == other._key() if self._comparable(other) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if self._comparable(other) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if self._comparable(other) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if self._comparable(other) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if self._comparable(other) else NotImplemented

    def __hash__(self):
        if self._hash == -1:
            self._hash = hash(self._key())
        return self._hash

    def __add__(self, other):
        if isinstance(other, timedelta):
            ordinal = self.toordinal() + other._days
            if 0 < ordinal <= _MAXORDINAL:
                return type(self).fromordinal(ordinal)
            raise OverflowError('date value out of range')
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta(-other._days)
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return NotImplemented

    def weekday(self):
        """0 for Monday."""
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        """1 for Monday."""
        return self.toordinal() % 7 or 7

    def isocalendar(self):
        year = self._year
        monday = _first_week(year)
        today = _to_ordinal(self._year, self._month, self._day)
        if today < monday:
            year -= 1
            monday = _first_week(year)
        elif year < MAXYEAR + 1 and today - monday >= 364:
            following = _first_week(year + 1) if year < MAXYEAR else _MAXORDINAL + 2
            if today >= following:
                year += 1
                monday = following
        week, day = divmod(today - monday, 7)
        return IsoCalendarDate(year, week + 1, day + 1)

    def __reduce__(self):
        return type(self), (self._year, self._month, self._day)


date.min = date(1, 1, 1)
date.max = date(9999, 12, 31)
date.resolution = timedelta(days=1)


class tzinfo:
    """What a time zone is: subclasses define utcoffset(), dst() and tzname()."""

    __slots__ = ()

    def tzname(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement tzname()')

    def utcoffset(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement utcoffset()')

    def dst(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement dst()')

    def fromutc(self, dt):
        """The moment dt, given in UTC, in this zone."""
        if not isinstance(dt, datetime):
            raise TypeError('fromutc: argument must be a datetime')
        if dt.tzinfo is not self:
            raise ValueError("fromutc: dt.tzinfo is not self")
        offset = dt.utcoffset()
        if offset is None:
            raise ValueError('fromutc: non-None utcoffset() result required')
        saving = dt.dst()
        if saving is None:
            raise ValueError('fromutc: non-None dst() result required')
        delta = offset - saving
        if delta:
            dt += delta
            saving = dt.dst()
            if saving is None:
                raise ValueError('fromutc: tz.dst() gave inconsistent results; cannot convert')
        return dt + saving

    def __reduce__(self):
        args = getattr(self, '__getinitargs__', None)
        state = getattr(self, '__dict__', None) or None
        return type(self), args() if args else (), state


def _offset_text(offset):
    """+05:30, with seconds and microseconds where there are."""
    sign = '-' if offset._days < 0 else '+'
    minutes, rest = divmod(abs(offset), timedelta(minutes=1))
    text = f'{sign}{minutes // 60:02d}:{minutes % 60:02d}'
    if rest:
        text += f':{rest.seconds:02d}'
        if rest.microseconds:
            text += f'.{rest.microseconds:06d}'
    return text


class time:
    """A time of day."""

    __slots__ = '_hour', '_minute', '_second', '_microsecond', '_tzinfo', '_hash', '_fold'

    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        hour, minute, second, microsecond, fold = _check_time(hour, minute, second, microsecond,
                                                              fold)
        _check_tzinfo(tzinfo)
        self = object.__new__(cls)
        self._hour, self._minute, self._second = hour, minute, second
        self._microsecond, self._tzinfo, self._fold, self._hash = microsecond, tzinfo, fold, -1
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)
    fold = property(lambda self: self._fold)

    @classmethod
    def fromisoformat(cls, time_string):
        if not isinstance(time_string, str):
            raise TypeError('fromisoformat: argument must be str')
        text = time_string[1:] if time_string[:1] == 'T' else time_string
        try:
            return cls(*_parse_iso_time(text))
        except _NotIso:
            raise ValueError(f'Invalid isoformat string: {time_string!r}') from None

    def _micros(self):
        return ((self._hour * 60 + self._minute) * 60 + self._second) * 10**6 + self._microsecond

    def _compare(self, other, equality):
        """This and the other as numbers of one zone; None: never equal."""
        mine, others = self.utcoffset(), other.utcoffset()
        if self._tzinfo is other._tzinfo or mine == others:
            return self._micros(), other._micros()
        if mine is None or others is None:
            if equality:
                return None
            raise TypeError("can't compare offset-naive and offset-aware times")
        return self._micros() - mine._total(), other._micros() - others._total()

    def __eq__(self, other):
        if not isinstance(other, time):
            return NotImplemented
        pair = self._compare(other, True)
        return pair is not None and pair[0] == pair[1]

    def __lt__(self, other):
        if not isinstance(other, time):
            return NotImplemented
        a, b = self._compare(other, False)
        return a < b

    def __le__(self, other):
        if not isinstance(other, time):
            return NotImplemented
        a, b = self._compare(other, False)
        return a <= b

    def __gt__(self, other):
        if not isinstance(other, time):
            return NotImplemented
        a, b = self._compare(other, False)
        return a > b

    def __ge__(self, other):
        if not isinstance(other, time):
            return NotImplemented
        a, b = self._compare(other, False)
        return a >= b

    def __hash__(self):
        if self._hash == -1:
            offset = self.utcoffset()
            value = self._micros() - (offset._total() if offset is not None else 0)
            self._hash = hash(('time', value % 86400000000))
        return self._hash

    def __repr__(self):
        text = f'{self._hour}, {self._minute}'
        if self._microsecond:
            text += f', {self._second}, {self._microsecond}'
        elif self._second:
            text += f', {self._second}'
        if self._tzinfo is not None:
            text += f', tzinfo={self._tzinfo!r}'
        if self._fold:
            text += ', fold=1'
        return f'{_name_of(type(self))}({text})'

    def isoformat(self, timespec='auto'):
        text = _time_text(self._hour, self._minute, self._second, self._microsecond, timespec)
        offset = self.utcoffset()
        return text if offset is None else text + _offset_text(offset)

    def __str__(self):
        return self.isoformat()

    def strftime(self, format):
        return _strftime(self, format)

    def __format__(self, fmt):
        if not isinstance(fmt, str):
            raise TypeError('must be str, not %s' % type(fmt).__name__)
        return self.strftime(fmt) if fmt else str(self)

    def utcoffset(self):
        if self._tzinfo is None:
            return None
        return _check_offset('utcoffset', self._tzinfo.utcoffset(None))

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(None)

    def dst(self):
        if self._tzinfo is None:
            return None
        return _check_offset('dst', self._tzinfo.dst(None))

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *,
                fold=None):
        return type(self)(self._hour if hour is None else hour,
                          self._minute if minute is None else minute,
                          self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo,
                          fold=self._fold if fold is None else fold)

    def __reduce__(self):
        return _restore_time, (type(self), self._hour, self._minute, self._second,
                               self._microsecond, self._tzinfo, self._fold)


def _restore_time(cls, hour, minute, second, microsecond, tz, fold):
    return cls(hour, minute, second, microsecond, tz, fold=fold)


time.min = time(0, 0, 0)
time.max = time(23, 59, 59, 999999)
time.resolution = timedelta(microseconds=1)
_time_class = time
_tzinfo_class = tzinfo


def _time_text(hour, minute, second, microsecond, timespec):
    if timespec == 'auto':
        timespec = 'microseconds' if microsecond else 'seconds'
    if timespec == 'hours':
        return f'{hour:02d}'
    if timespec == 'minutes':
        return f'{hour:02d}:{minute:02d}'
    text = f'{hour:02d}:{minute:02d}:{second:02d}'
    if timespec == 'seconds':
        return text
    if timespec == 'milliseconds':
        return f'{text}.{microsecond // 1000:03d}'
    if timespec == 'microseconds':
        return f'{text}.{microsecond:06d}'
    raise ValueError('Unknown timespec value')


class datetime(date):
    """A moment: day and time of day, with or without time zone."""

    __slots__ = '_hour', '_minute', '_second', '_microsecond', '_tzinfo', '_fold'

    def __new__(cls, year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *,
                fold=0):
        year, month, day = _check_date(year, month, day)
        hour, minute, second, microsecond, fold = _check_time(hour, minute, second, microsecond,
                                                              fold)
        _check_tzinfo(tzinfo)
        self = object.__new__(cls)
        self._year, self._month, self._day, self._hash = year, month, day, -1
        self._hour, self._minute, self._second = hour, minute, second
        self._microsecond, self._tzinfo, self._fold = microsecond, tzinfo, fold
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)
    fold = property(lambda self: self._fold)

    @classmethod
    def _from_stamp(cls, stamp, utc, tz):
        """The moment stamp seconds after 1970."""
        if isinstance(stamp, float):
            if stamp != stamp:
                raise ValueError('Invalid value NaN (not a number)')
            if stamp in (float('inf'), float('-inf')):
                raise OverflowError('cannot convert float infinity to integer')
            top, bottom = stamp.as_integer_ratio()
            micros = _round_half_even(top * 10**6, bottom)
        else:
            micros = _index(stamp) * 10**6
        seconds, micros = divmod(micros, 10**6)
        if not -2**63 <= seconds < 2**63:
            raise OverflowError('timestamp out of range for platform time_t')
        if not -62135596800 <= seconds <= 253402300799:
            year = 1970 + seconds // 31556952
            raise ValueError(f'year {year} is out of range')
        if utc:
            days, rest = divmod(seconds, 86400)
            y, m, d = _from_ordinal(days + 719163)
            return cls(y, m, d, rest // 3600, rest // 60 % 60, rest % 60, micros, tz)
        y, m, d, hh, mm, ss = _time.localtime(seconds)[:6]
        result = cls(y, m, d, hh, mm, min(ss, 59), micros, tz)
        if tz is None:
            # The second of two equal local times has the fold.
            before = cls(*_time.localtime(seconds - 86400)[:6])
            change = result - before - timedelta(seconds=86400, microseconds=micros)
            if change < timedelta(0):
                earlier = _time.localtime(seconds + change // timedelta(seconds=1))[:6]
                if cls(*earlier, micros) == result:
                    result._fold = 1
        return result

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        _check_tzinfo(tz)
        if tz is None:
            return cls._from_stamp(timestamp, False, None)
        return tz.fromutc(cls._from_stamp(timestamp, True, tz))

    @classmethod
    def utcfromtimestamp(cls, timestamp):
        return cls._from_stamp(timestamp, True, None)

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls._from_stamp(_time.time(), True, None)

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_time.time())

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        if not isinstance(date, _date_class):
            raise TypeError('combine() argument 1 must be datetime.date, not '
                            f'{type(date).__name__}')
        if not isinstance(time, _time_class):
            raise TypeError('combine() argument 2 must be datetime.time, not '
                            f'{type(time).__name__}')
        return cls(date.year, date.month, date.day, time.hour, time.minute, time.second,
                   time.microsecond, time.tzinfo if tzinfo is True else tzinfo, fold=time.fold)

    @classmethod
    def fromisoformat(cls, date_string):
        if not isinstance(date_string, str):
            raise TypeError('fromisoformat: argument must be str')
        try:
            end = _iso_date_end(date_string)
            parts = _parse_iso_date(date_string[:end])
            if len(date_string) > end:
                rest = date_string[end + 1:]
                if not rest:
                    raise _NotIso
                return cls(*parts, *_parse_iso_time(rest))
            return cls(*parts)
        except _NotIso:
            raise ValueError(f'Invalid isoformat string: {date_string!r}') from None

    @classmethod
    def strptime(cls, date_string, format):
        """The moment that date_string says, read as format tells."""
        for i, value in enumerate((date_string, format)):
            if not isinstance(value, str):
                kind = type(value).__name__
                raise TypeError(f'strptime() argument {i + 1} must be str, not {kind}')
        import _strptime
        return _strptime.read_datetime(cls, date_string, format)

    def timetuple(self):
        saving = self.dst()
        flag = -1 if saving is None else 1 if saving else 0
        return _time.struct_time((self._year, self._month, self._day, self._hour, self._minute,
                                  self._second, self.weekday(),
                                  _day_of_year(self._year, self._month, self._day), flag))

    def utctimetuple(self):
        offset = self.utcoffset()
        moment = self - offset if offset else self
        return _time.struct_time((moment._year, moment._month, moment._day, moment._hour,
                                  moment._minute, moment._second, moment.weekday(),
                                  _day_of_year(moment._year, moment._month, moment._day), 0))

    def _seconds(self):
        """Seconds from 1970 to the time on the clock, as if it were UTC."""
        days = self.toordinal() - 719163
        return days * 86400 + self._hour * 3600 + self._minute * 60 + self._second

    def _local_stamp(self):
        """Seconds since 1970 of a local time."""
        wanted = self._seconds()

        def local(stamp):
            y, m, d, hh, mm, ss = _time.localtime(stamp)[:6]
            return (_to_ordinal(y, m, d) - 719163) * 86400 + hh * 3600 + mm * 60 + ss

        offset = local(wanted) - wanted
        first = wanted - offset
        other_offset = local(first) - first
        if offset == other_offset:
            # The clock may show this time twice.
            second = first + (-86400 if not self._fold else 86400)
            other_offset = local(second) - second
            if offset == other_offset:
                return first
        second = wanted - other_offset
        if local(second) == wanted:
            return second
        if local(first) == wanted:
            return first
        return (min if self._fold else max)(first, second)

    def timestamp(self):
        """Seconds since 1970."""
        if self._tzinfo is None:
            return self._local_stamp() + self._microsecond / 1e6
        return (self - _EPOCH).total_seconds()

    def date(self):
        return _date_class(self._year, self._month, self._day)

    def time(self):
        return _time_class(self._hour, self._minute, self._second, self._microsecond,
                           fold=self._fold)

    def timetz(self):
        return _time_class(self._hour, self._minute, self._second, self._microsecond,
                           self._tzinfo, fold=self._fold)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None,
                microsecond=None, tzinfo=True, *, fold=None):
        return type(self)(self._year if year is None else year,
                          self._month if month is None else month,
                          self._day if day is None else day,
                          self._hour if hour is None else hour,
                          self._minute if minute is None else minute,
                          self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo,
                          fold=self._fold if fold is None else fold)

    def _local_timezone(self):
        stamp = self._local_stamp() if self._tzinfo is None else (self - _EPOCH) // timedelta(
            seconds=1)
        moment = _time.localtime(stamp)
        local = datetime(*moment[:5], min(moment[5], 59))
        offset = timedelta(seconds=local._seconds() - int(stamp))
        name = _time.strftime('%Z', moment)
        return timezone(offset, name) if name else timezone(offset)

    def astimezone(self, tz=None):
        """The same moment in another zone (None: the local one)."""
        if tz is None:
            tz = self._local_timezone()
        else:
            _check_tzinfo(tz)
        mine = self._tzinfo
        if mine is None:
            mine = self._local_timezone()
            offset = mine.utcoffset(self)
        elif tz is mine:
            return self
        else:
            offset = self.utcoffset()
            if offset is None:
                mine = self.replace(tzinfo=None)._local_timezone()
                offset = mine.utcoffset(self)
        if tz is mine:
            return self.replace(tzinfo=tz)
        return tz.fromutc((self - offset).replace(tzinfo=tz))

    def ctime(self):
        return (f'{_DAYS[self.isoweekday()]} {_MONTHS[self._month]} {self._day:2d} '
                f'{self._hour:02d}:{self._minute:02d}:{self._second:02d} {self._year:04d}')

    def isoformat(self, sep='T', timespec='auto'):
        day = f'{self._year:04d}-{self._month:02d}-{self._day:02d}'
        text = _time_text(self._hour, self._minute, self._second, self._microsecond, timespec)
        offset = self.utcoffset()
        return f'{day}{sep}{text}' + ('' if offset is None else _offset_text(offset))

    def __repr__(self):
        parts = [self._year, self._month, self._day, self._hour, self._minute, self._second,
                 self._microsecond]
        if parts[-1] == 0:
            del parts[-1]
            if parts[-1] == 0:
                del parts[-1]
        text = ', '.join(map(str, parts))
        if self._tzinfo is not None:
            text += f', tzinfo={self._tzinfo!r}'
        if self._fold:
            text += ', fold=1'
        return f'{_name_of(type(self))}({text})'

    def __str__(self):
        return self.isoformat(' ')

    def utcoffset(self):
        if self._tzinfo is None:
            return None
        return _check_offset('utcoffset', self._tzinfo.utcoffset(self))

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(self)

    def dst(self):
        if self._tzinfo is None:
            return None
        return _check_offset('dst', self._tzinfo.dst(self))

    def _micros(self):
        return self._seconds() * 10**6 + self._microsecond

    def _compare(self, other, equality):
        """This and the other as numbers of one zone; None: never equal."""
        if self._tzinfo is other._tzinfo:
            return self._micros(), other._micros()
        mine, others = self.utcoffset(), other.utcoffset()
        if equality:
            # A time whose offset depends on the fold equals none of another zone.
            if mine != self.replace(fold=not self._fold).utcoffset():
                return None
            if others != other.replace(fold=not other._fold).utcoffset():
                return None
        if mine == others:
            return self._micros(), other._micros()
        if mine is None or others is None:
            if equality:
                return None
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return self._micros() - mine._total(), other._micros() - others._total()

    def _cannot(self, other):
        if isinstance(other, _date_class):
            raise TypeError(f"can't compare {_name_of(type(self))} to {_name_of(type(other))}")
        return NotImplemented

    def __eq__(self, other):
        if isinstance(other, datetime):
            pair = self._compare(other, True)
            return pair is not None and pair[0] == pair[1]
        return False if isinstance(other, _date_class) else NotImplemented

    def __lt__(self, other):
        if not isinstance(other, datetime):
            return self._cannot(other)
        a, b = self._compare(other, False)
        return a < b

    def __le__(self, other):
        if not isinstance(other, datetime):
            return self._cannot(other)
        a, b = self._compare(other, False)
        return a <= b

    def __gt__(self, other):
        if not isinstance(other, datetime):
            return self._cannot(other)
        a, b = self._compare(other, False)
        return a > b

    def __ge__(self, other):
        if not isinstance(other, datetime):
            return self._cannot(other)
        a, b = self._compare(other, False)
        return a >= b

    def __hash__(self):
        if self._hash == -1:
            offset = self.replace(fold=0).utcoffset() if self._fold else self.utcoffset()
            self._hash = hash(self._micros() - (offset._total() if offset is not None else 0))
        return self._hash

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        total = self._micros() + other._total()
        days, rest = divmod(total, 86400000000)
        ordinal = days + 719163
        if not 0 < ordinal <= _MAXORDINAL:
            raise OverflowError('date value out of range')
        seconds, micros = divmod(rest, 10**6)
        return type(self)(*_from_ordinal(ordinal), seconds // 3600, seconds // 60 % 60,
                          seconds % 60, micros, self._tzinfo)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, datetime):
            difference = self._micros() - other._micros()
            if self._tzinfo is not other._tzinfo:
                mine, others = self.utcoffset(), other.utcoffset()
                if mine != others:
                    if mine is None or others is None:
                        raise TypeError("can't subtract offset-naive and offset-aware datetimes")
                    difference += others._total() - mine._total()
            return timedelta._from_microseconds(difference)
        if isinstance(other, timedelta):
            return self + -other
        return NotImplemented

    def __reduce__(self):
        return _restore_datetime, (type(self), self._year, self._month, self._day, self._hour,
                                   self._minute, self._second, self._microsecond, self._tzinfo,
                                   self._fold)


def _restore_datetime(cls, year, month, day, hour, minute, second, microsecond, tz, fold):
    return cls(year, month, day, hour, minute, second, microsecond, tz, fold=fold)


_date_class = date
datetime.min = datetime(1, 1, 1)
datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)


class timezone(tzinfo):
    """A fixed difference to UTC."""

    __slots__ = '_offset', '_name'
    _omitted = object()

    def __new__(cls, offset, name=_omitted):
        if not isinstance(offset, timedelta):
            raise TypeError('timezone() argument 1 must be datetime.timedelta, not '
                            f'{type(offset).__name__}')
        if name is cls._omitted:
            if not offset:
                return cls.utc
            name = None
        elif not isinstance(name, str):
            raise TypeError(f'timezone() argument 2 must be str, not {type(name).__name__}')
        if not -timedelta(1) < offset < timedelta(1):
            raise ValueError('offset must be a timedelta strictly between '
                             '-timedelta(hours=24) and timedelta(hours=24), not '
                             f'{offset!r}.')
        return cls._make(offset, name)

    @classmethod
    def _make(cls, offset, name):
        self = tzinfo.__new__(cls)
        self._offset = offset
        self._name = name
        return self

    def __eq__(self, other):
        return self._offset == other._offset if isinstance(other, timezone) else NotImplemented

    def __hash__(self):
        return hash(self._offset)

    def __repr__(self):
        if self is self.utc:
            return 'datetime.timezone.utc'
        if self._name is None:
            return f'{_name_of(type(self))}({self._offset!r})'
        return f'{_name_of(type(self))}({self._offset!r}, {self._name!r})'

    def __str__(self):
        return self.tzname(None)

    def _check(self, dt, name):
        if dt is not None and not isinstance(dt, datetime):
            raise TypeError(f'{name}(dt) argument must be a datetime instance or None, not '
                            f'{type(dt).__name__}')

    def utcoffset(self, dt):
        self._check(dt, 'utcoffset')
        return self._offset

    def tzname(self, dt):
        self._check(dt, 'tzname')
        if self._name is not None:
            return self._name
        return 'UTC' + _offset_text(self._offset) if self._offset else 'UTC'

    def dst(self, dt):
        self._check(dt, 'dst')
        return None

    def fromutc(self, dt):
        if not isinstance(dt, datetime):
            raise TypeError('fromutc: argument must be a datetime instance, not '
                            f'{type(dt).__name__}')
        if dt.tzinfo is not self:
            raise ValueError('fromutc: dt.tzinfo is not self')
        return dt + self._offset

    def __reduce__(self):
        if self._name is None:
            return type(self), (self._offset,)
        return type(self), (self._offset, self._name)


UTC = timezone.utc = timezone._make(timedelta(0), None)
timezone.min = timezone._make(-timedelta(hours=23, minutes=59), None)
timezone.max = timezone._make(timedelta(hours=23, minutes=59), None)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _NotIso(Exception):
    """The text is not as ISO 8601 wants it."""


def _digits(text, least, most):
    if not least <= len(text) <= most or not (text.isascii() and text.isdigit()):
        raise _NotIso
    return int(text)


def _parse_iso_date(text):
    """Year, month and day of a date of ISO 8601."""
    year = _digits(text[:4], 4, 4)
    rest = text[4:]
    dashed = rest[:1] == '-'
    if dashed:
        rest = rest[1:]
    if rest[:1] == 'W':
        week = _digits(rest[1:3], 2, 2)
        day = rest[3:]
        if day:
            if dashed:
                if day[0] != '-':
                    raise _NotIso
                day = day[1:]
            day = _digits(day, 1, 1)
        else:
            day = 1
        try:
            return _from_ordinal(_iso_to_ordinal(year, week, day))
        except ValueError:
            raise _NotIso from None
    month = _digits(rest[:2], 2, 2)
    rest = rest[2:]
    if dashed:
        if rest[:1] != '-':
            raise _NotIso
        rest = rest[1:]
    return year, month, _digits(rest, 2, 2)


def _iso_date_end(text):
    """Where the date ends in date and time."""
    if len(text) < 7:
        raise _NotIso
    if text[4] == '-':
        if text[5] == 'W':
            # YYYY-Www or YYYY-Www-d
            return 10 if text[8:9] == '-' and text[9:10].isdigit() else 8
        return 10
    if text[4] == 'W':
        # YYYYWww or YYYYWwwd
        return 8 if text[7:8].isdigit() and not text[8:9].isdigit() else 7
    return 8


def _parse_clock(text):
    """Hour, minute, second and microsecond of HH[:MM[:SS[.f]]] or HH[MM[SS[.f]]]."""
    values = [_digits(text[:2], 2, 2), 0, 0, 0]
    rest = text[2:]
    colons = rest[:1] == ':'
    for i in (1, 2):
        if not rest:
            return values
        if colons:
            if rest[0] != ':':
                raise _NotIso
            rest = rest[1:]
        values[i] = _digits(rest[:2], 2, 2)
        rest = rest[2:]
        if i == 1 and rest[:1] in ('.', ','):
            raise _NotIso
    if rest:
        if rest[0] not in '.,':
            raise _NotIso
        fraction = rest[1:]
        if not fraction:
            raise _NotIso
        _digits(fraction, 1, len(fraction))
        values[3] = int(fraction[:6].ljust(6, '0'))
    return values


def _parse_iso_time(text):
    """Arguments for time(): the clock and the zone."""
    zone = None
    at = max(text.find('-'), text.find('+'), text.find('Z'))
    if at < 0:
        return (*_parse_clock(text), None)
    clock, sign, offset = text[:at], text[at], text[at + 1:]
    if sign == 'Z':
        if offset:
            raise _NotIso
        zone = UTC
    else:
        if len(offset) in (0, 1, 3):
            raise _NotIso
        hours, minutes, seconds, micros = _parse_clock(offset)
        delta = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=micros)
        zone = timezone(-delta if sign == '-' else delta) if delta else UTC
    return (*_parse_clock(clock), zone)


def _strftime(moment, format):
    """strftime() with %f, %z and %Z of the moment itself."""
    if not isinstance(format, str):
        raise TypeError(f'strftime() argument 1 must be str, not {type(format).__name__}')
    result = []
    i, n = 0, len(format)
    while i < n:
        c = format[i]
        i += 1
        if c != '%' or i == n:
            result.append(c)
            continue
        code = format[i]
        i += 1
        if code == 'f':
            result.append(f'{getattr(moment, "microsecond", 0):06d}')
        elif code == 'z':
            offset = moment.utcoffset() if hasattr(moment, 'utcoffset') else None
            if offset is not None:
                result.append(_offset_text(offset).replace(':', ''))
        elif code == 'Z':
            name = moment.tzname() if hasattr(moment, 'tzname') else None
            result.append((name or '').replace('%', '%%'))
        else:
            result.append('%' + code)
    if isinstance(moment, time):
        parts = (1900, 1, 1, moment.hour, moment.minute, moment.second, 0, 1, -1)
    else:
        parts = moment.timetuple()
    return _time.strftime(''.join(result), parts)
