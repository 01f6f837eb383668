"""datetime: values, arithmetic, text and back, errors."""
import copy
import os
import pickle
import random
import time
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time as clock, timedelta, timezone, tzinfo

os.environ['TZ'] = 'UTC'
if hasattr(time, 'tzset'):
    time.tzset()


def attempt(f):
    try:
        return repr(f())
    except Exception as e:
        return f'{type(e).__name__}: {e}'.replace("'datetime.", "'")


d = date(2024, 2, 29)
dt = datetime(2024, 2, 29, 13, 5, 7, 1230)
td = timedelta(days=1, seconds=3661, microseconds=5)
east = timezone(timedelta(hours=5, minutes=30))
for x in (d, dt, td, clock(1, 2), clock(1, 2, 3), clock(1, 2, 3, 4), clock(23, tzinfo=UTC), dt.replace(tzinfo=UTC), dt.replace(tzinfo=east), dt.replace(microsecond=0), datetime(1, 1, 1), timedelta(0), -td,
          timedelta(-1), timedelta(microseconds=-1), timedelta.max, timedelta.min, timezone.utc, east, timezone(-timedelta(hours=3), 'X'), timezone(timedelta(seconds=-61)), date.max, datetime.max, clock.max,
          datetime(2020, 1, 1, fold=1), clock(5, fold=1), timezone(timedelta(0)), timezone(timedelta(0), 'Z')):
    print(repr(x), '|', x, '|', hash(x) == hash(copy.copy(x)), pickle.loads(pickle.dumps(x)) == x)
print(d.year, d.month, d.day, d.weekday(), d.isoweekday(), d.isocalendar(), d.toordinal(), d.timetuple(), d.ctime(), d.isoformat())
print(dt.date(), dt.time(), dt.timetz(), dt.timetuple(), dt.utctimetuple(), dt.ctime(), dt.isoformat(' ', 'milliseconds'), [dt.isoformat(timespec=s) for s in ('hours', 'minutes', 'seconds', 'microseconds', 'auto')])
print(d + timedelta(1), d - timedelta(60), d - date(2000, 1, 1), dt + td, dt - td, dt - datetime(2000, 1, 1), td + td, td - td, td * 3, 2 * td, td * 0.5, td / 2, td / 0.3, td // 2, td / td, td // timedelta(seconds=7), td % timedelta(seconds=7), divmod(td, timedelta(hours=1)), -td, abs(-td), +td, bool(timedelta(0)), td.total_seconds())
print(timedelta(weeks=1, hours=2.5, minutes=0.1, milliseconds=1.5), timedelta(seconds=0.0000005), timedelta(seconds=0.0000015), timedelta(days=0.1, seconds=0.1), timedelta(microseconds=0.5), timedelta(microseconds=1.5), timedelta(hours=-1.5))
print(d < date(2025, 1, 1), d == date(2024, 2, 29), d != dt, dt > datetime(2024, 1, 1), clock(1) < clock(2), td < timedelta(2), max(td, -td), d == 'x', {d: 1}[date(2024, 2, 29)], dt.replace(tzinfo=UTC) == dt.replace(tzinfo=UTC).astimezone(east), dt == dt.replace(tzinfo=UTC), clock(5) == clock(5, tzinfo=UTC), clock(5, tzinfo=UTC) == clock(10, 30, tzinfo=east))
print(hash(dt.replace(tzinfo=UTC)) == hash(dt.replace(tzinfo=UTC).astimezone(east)), dt.replace(tzinfo=UTC).astimezone(east), dt.replace(tzinfo=east).astimezone(UTC), dt.replace(tzinfo=east) - dt.replace(tzinfo=UTC), dt.replace(tzinfo=east).utctimetuple()[:6])
for call in (lambda: date(2023, 2, 29), lambda: date(0, 1, 1), lambda: date(10000, 1, 1), lambda: date(2020, 13, 1), lambda: date(2020, 0, 1), lambda: date(2020, 1, 32), lambda: date('2020', 1, 1), lambda: date(2020.0, 1, 1),
             lambda: datetime(2020, 1, 1, 24), lambda: datetime(2020, 1, 1, 0, 60), lambda: datetime(2020, 1, 1, 0, 0, 60), lambda: datetime(2020, 1, 1, 0, 0, 0, 10**6), lambda: datetime(2020, 1, 1, tzinfo=1), lambda: clock(25), lambda: clock(1, fold=2),
             lambda: timedelta('1'), lambda: timedelta.max + timedelta(1), lambda: date.max + timedelta(1), lambda: date.min - timedelta(1), lambda: datetime.max + timedelta(1), lambda: d < 1, lambda: d < dt, lambda: dt < d,
             lambda: dt < dt.replace(tzinfo=UTC), lambda: dt - dt.replace(tzinfo=UTC), lambda: clock(1) < clock(1, tzinfo=UTC), lambda: td + 1, lambda: td / 0, lambda: td // timedelta(0), lambda: td * 'x', lambda: d + 1, lambda: 1 + d, lambda: d - 'x', lambda: dt + dt,
             lambda: timezone(1), lambda: timezone(timedelta(1)), lambda: timezone(timedelta(0), 1), lambda: date.fromordinal(0), lambda: date.fromisocalendar(2020, 54, 1), lambda: date.fromisocalendar(2021, 53, 1), lambda: date.fromisocalendar(2020, 1, 8),
             lambda: dt.isoformat(timespec='x'), lambda: datetime.combine(1, clock()), lambda: datetime.combine(d, 1), lambda: datetime.fromtimestamp(10**20), lambda: datetime.fromtimestamp(float('nan')), lambda: dt.astimezone(1), lambda: tzinfo().utcoffset(None),
             lambda: d.replace(month=13), lambda: d.strftime(1), lambda: datetime.strptime('x', 1)):
    print(attempt(call))
print(d.replace(year=2020), dt.replace(hour=0, tzinfo=UTC), datetime.combine(d, clock(1, 2, tzinfo=UTC)), date.fromordinal(738000), date.fromisocalendar(2020, 53, 7), datetime.fromordinal(1), MINYEAR, MAXYEAR)
for stamp in (0, 1, -1, 1.5, 1e9, 1234567890.123456, 0.0000005, 0.0000015, -0.5, 2**31, 1700000000.9999999):
    print(stamp, datetime.fromtimestamp(stamp, UTC), datetime.utcfromtimestamp(stamp), datetime.fromtimestamp(stamp, east).isoformat(), datetime.fromtimestamp(stamp, UTC).timestamp(), date.fromtimestamp(stamp))
for text in ('2024-02-29', '20240229', '2024-W09-4', '2024W094', '2024-W09', '2024W09', '2024-2-29', '2024-02-30', '2024', '2024-02', '', 'x', '2024-13-01', '2024-W54-1', '2024/02/29', '２024-02-29', '2024-02-29 '):
    print(text, attempt(lambda: date.fromisoformat(text)), attempt(lambda: datetime.fromisoformat(text)))
for text in ('2024-02-29T13:05:07', '2024-02-29 13:05', '2024-02-29T13', '20240229T130507', '2024-02-29T13:05:07.1', '2024-02-29T13:05:07.123456789', '2024-02-29T13:05:07,5', '2024-02-29T13:05:07Z', '2024-02-29T13:05:07+05:30', '2024-02-29T13:05:07-0330', '2024-02-29T13:05:07+05',
             '2024-02-29T13:05:07+05:30:15', '2024-02-29T13:05:07.5+00:00', '2024-W09-4T01:02', '2024W094T0102', '2024-02-29T', '2024-02-29T1', '2024-02-29T25:00', '2024-02-29T13:5', '2024-02-29T13:05:07+5', '2024-02-29T13:05:07+24:00', '2024-02-29T13:05:07.', '2024-02-29T13-05', '2024-02-29x13:05', '2024-02-29T1305:07', '2024-02-29T13:0507'):
    print(text, attempt(lambda: datetime.fromisoformat(text)))
for text in ('13:05:07', 'T13:05', '13', '1305', '130507.25', '13:05:07Z', '13:05+01:00', '24:00', '1', '', 'x', '13:05:07.1234567', '13:05:60'):
    print(text, attempt(lambda: clock.fromisoformat(text)))
codes = '%a %A %b %B %c %d %H %I %j %m %M %p %S %U %w %W %x %X %y %Y %z %Z %f %% %G %u %V %D %e %F %T %R %n %t %h'
for x in (d, dt, dt.replace(tzinfo=east), datetime(1999, 12, 31, 23, 59, 59), datetime(2000, 1, 1, 0, 30), datetime(2021, 1, 3, 12)):
    print(x.strftime(codes))
print(clock(13, 5, 7, 89).strftime('%H:%M:%S.%f %p %I'), f'{dt:%Y/%m/%d}', f'{d}', f'{clock(1, 2):%H}', format(dt, ''), dt.strftime('é %Y'), dt.strftime(''), dt.strftime('%'))
for text, fmt in (('2024-02-29 13:05:07', '%Y-%m-%d %H:%M:%S'), ('29 Feb 24', '%d %b %y'), ('February 29, 2024', '%B %d, %Y'), ('Thu Feb 29 13:05:07 2024', '%c'), ('02/29/24', '%x'), ('1:05 PM', '%I:%M %p'), ('12:00 am', '%I:%M %p'), ('060 2024', '%j %Y'), ('2024-02-29T13:05:07.123', '%Y-%m-%dT%H:%M:%S.%f'),
                  ('2024 +0530', '%Y %z'), ('2024 -03:30', '%Y %z'), ('2024 Z', '%Y %z'), ('2024 UTC', '%Y %Z'), ('2024 09 4', '%G %V %u'), ('2024 08 Thu', '%Y %U %a'), ('2024 09 4', '%Y %W %w'), ('x', '%Y'), ('2024', '%Y-%m'), ('2024-02-30', '%Y-%m-%d'), ('2024 extra', '%Y'), ('2024', '%Q'), ('2024', '%'),
                  ('10:11', '%H:%M'), ('  2024   02 ', ' %Y %m '), ('29', '%d'), ('99', '%y'), ('68', '%y'), ('monday', '%A'), ('MON', '%a'), ('2024 9', '%G %V'), ('2024 9 1', '%Y %V %u'), ('100%', '%j%%'), ('13.5', '%d.%m'), ('(5)', '(%d)'), ('29 2', '%d %m')):
    print(repr(text), fmt, attempt(lambda: datetime.strptime(text, fmt)), attempt(lambda: tuple(time.strptime(text, fmt))))


class Summer(tzinfo):
    def utcoffset(self, dt):
        return timedelta(hours=1) + self.dst(dt)

    def dst(self, dt):
        return timedelta(hours=1) if dt is not None and 4 <= dt.month <= 9 else timedelta(0)

    def tzname(self, dt):
        return 'CEST' if self.dst(dt) else 'CET'


zone = Summer()
for month in (1, 7):
    moment = datetime(2024, month, 1, 12, tzinfo=zone)
    print(moment.isoformat(), moment.tzname(), moment.dst(), moment.timetuple().tm_isdst, moment.astimezone(UTC), datetime(2024, month, 1, 12, tzinfo=UTC).astimezone(zone), moment.strftime('%z %Z'))


class Mine(datetime):
    pass


m = Mine(2024, 1, 1)
print(repr(m), type(m + timedelta(1)).__name__, type(m.replace(day=2)).__name__, repr(Mine.fromisoformat('2024-01-01')), type(Mine.now()).__name__, Mine.strptime('2024', '%Y'), isinstance(m, date))
r = random.Random(9)
total = 0
for _ in range(500):
    a = datetime(1, 1, 1) + timedelta(days=r.randrange(3600000), seconds=r.randrange(86400), microseconds=r.randrange(10**6))
    b = a + timedelta(r.randrange(-1000, 1000), r.randrange(10**6))
    assert datetime.fromisoformat(a.isoformat()) == a and date.fromordinal(a.toordinal()) == a.date() and a + (b - a) == b
    assert date.fromisocalendar(*a.isocalendar()) == a.date()
    if a.year >= 1000:
        assert datetime.strptime(a.strftime('%Y-%m-%d %H:%M:%S.%f'), '%Y-%m-%d %H:%M:%S.%f') == a
    total = (total * 31 + a.toordinal() + a.weekday() + a.isocalendar()[1] + a.timetuple().tm_yday + (b - a).seconds) % 1000000007
print(total)
now = datetime.now()
print(abs(now.timestamp() - time.time()) < 60, abs((datetime.now(UTC) - datetime.fromtimestamp(time.time(), UTC)).total_seconds()) < 60, date.today() in (now.date(), datetime.now().date()), now.astimezone().utcoffset())
