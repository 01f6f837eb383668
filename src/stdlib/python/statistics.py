"""Averages and spread of numbers. Sums are exact: floats are added as fractions."""

import math
from _collections import OrderedDict
from operator import itemgetter

__all__ = ['StatisticsError', 'mean', 'fmean', 'geometric_mean', 'harmonic_mean', 'median',
           'median_low', 'median_high', 'mode', 'multimode', 'quantiles', 'pstdev', 'pvariance',
           'stdev', 'variance', 'covariance', 'correlation', 'linear_regression']


class StatisticsError(ValueError):
    """The data do not allow what is asked for."""


class _Ratio:
    # An exact sum: numerator over a positive denominator.

    __slots__ = ('n', 'd')

    def __init__(self, n, d):
        self.n = n
        self.d = d

    def plus(self, other):
        if self.d == other.d:
            return _Ratio(self.n + other.n, self.d)
        return _Ratio(self.n * other.d + other.n * self.d, self.d * other.d)

    def times(self, other):
        common = math.gcd(self.n * other.n, self.d * other.d) or 1
        return _Ratio(self.n * other.n // common, self.d * other.d // common)

    def over(self, count):
        return _Ratio(self.n, self.d * count)


def _ratio(value):
    if isinstance(value, int):
        return _Ratio(int(value), 1)
    try:
        return _Ratio(*value.as_integer_ratio())
    except AttributeError:
        raise TypeError(f"can't convert type '{type(value).__name__}' to numerator/denominator")


def _sum(data):
    """The exact sum, whether all are ints, and their number; the sum may be nan or infinite."""
    by_denominator = {}
    whole = True
    count = 0
    special = None
    for value in data:
        count += 1
        whole = whole and isinstance(value, int)
        try:
            ratio = _ratio(value)
        except (OverflowError, ValueError):
            special = value if special is None else special + value
            continue
        by_denominator[ratio.d] = by_denominator.get(ratio.d, 0) + ratio.n
    if special is not None:
        return special, False, count
    total = _Ratio(0, 1)
    for denominator, numerator in by_denominator.items():
        total = total.plus(_Ratio(numerator, denominator))
    return total, whole, count


def _value(ratio, whole):
    """A ratio as an int where all data were and it is one, else as the nearest float."""
    if not isinstance(ratio, _Ratio):
        return ratio
    if whole and ratio.n % ratio.d == 0:
        return ratio.n // ratio.d
    return ratio.n / ratio.d


def mean(data):
    """The arithmetic mean."""
    total, whole, count = _sum(data)
    if count < 1:
        raise StatisticsError('mean requires at least one data point')
    if not isinstance(total, _Ratio):
        return total / count
    return _value(total.over(count), whole)


def fmean(data, weights=None):
    """The arithmetic mean as a float."""
    data = list(map(float, data))
    if weights is None:
        if not data:
            raise StatisticsError('fmean requires at least one data point')
        return math.fsum(data) / len(data)
    weights = list(weights)
    if len(weights) != len(data):
        raise StatisticsError('data and weights must be the same length')
    total = math.fsum(weights)
    if not total:
        raise StatisticsError('sum of weights must be non-zero')
    return math.fsum(value * weight for value, weight in zip(data, weights)) / total


def geometric_mean(data):
    """The geometric mean as a float."""
    try:
        return math.exp(fmean(map(math.log, data)))
    except ValueError:
        raise StatisticsError('geometric mean requires a non-empty dataset '
                              'containing positive numbers') from None


def harmonic_mean(data, weights=None):
    """The reciprocal of the mean of the reciprocals."""
    data = list(data)
    if not data:
        raise StatisticsError('harmonic_mean requires at least one data point')
    weights = [1] * len(data) if weights is None else list(weights)
    if len(weights) != len(data):
        raise StatisticsError('Number of weights does not match data size')
    if any(value < 0 for value in data):
        raise StatisticsError('harmonic mean does not support negative values')
    if any(value == 0 for value in data):
        return 0
    total = _Ratio(0, 1)
    for value, weight in zip(data, weights):
        ratio, share = _ratio(value), _ratio(weight)
        total = total.plus(share.times(_Ratio(ratio.d, ratio.n)))
    weight_sum = _sum(weights)[0]
    result = weight_sum.times(_Ratio(total.d, total.n))
    return _value(result, False)


def _sorted(data):
    data = sorted(data)
    if not data:
        raise StatisticsError('no median for empty data')
    return data


def median(data):
    """The middle value; the mean of the two middle ones of an even number."""
    data = _sorted(data)
    half = len(data) // 2
    return data[half] if len(data) % 2 else (data[half - 1] + data[half]) / 2


def median_low(data):
    """The lower of the middle values."""
    data = _sorted(data)
    return data[(len(data) - 1) // 2]


def median_high(data):
    """The higher of the middle values."""
    data = _sorted(data)
    return data[len(data) // 2]


def _counts(data):
    counts = OrderedDict()
    for value in data:
        counts[value] = counts.get(value, 0) + 1
    return counts


def mode(data):
    """The value that occurs most often, the first of several."""
    counts = _counts(data)
    if not counts:
        raise StatisticsError('no mode for empty data')
    return max(counts.items(), key=itemgetter(1))[0]


def multimode(data):
    """All values that occur most often."""
    counts = _counts(data)
    most = max(counts.values(), default=0)
    return [value for value, count in counts.items() if count == most]


def quantiles(data, *, n=4, method='exclusive'):
    """The n - 1 values that cut the data into n parts of equal probability."""
    if n < 1:
        raise StatisticsError('n must be at least 1')
    data = sorted(data)
    size = len(data)
    if size < 2:
        raise StatisticsError('must have at least two data points')
    if method == 'inclusive':
        result = []
        for i in range(1, n):
            j, delta = divmod(i * (size - 1), n)
            result.append((data[j] * (n - delta) + data[j + 1] * delta) / n)
        return result
    if method == 'exclusive':
        result = []
        for i in range(1, n):
            j = min(max(i * (size + 1) // n, 1), size - 1)
            delta = i * (size + 1) - j * n
            result.append((data[j - 1] * (n - delta) + data[j] * delta) / n)
        return result
    raise ValueError(f'Unknown method: {method!r}')


def _squares(data, center=None):
    """The exact sum of squared deviations from the mean (or center), whole, and the number."""
    data = list(data)
    total, whole, count = _sum(data)
    if count == 0 or not isinstance(total, _Ratio):
        return (total - total if count else _Ratio(0, 1)), whole, count
    squares = _sum_of_squares(data)
    if center is None:
        # The sum of squares less the square of the sum over their number.
        square = total.times(total).over(count)
        return squares.plus(_Ratio(-square.n, square.d)), whole, count
    about = _ratio(center)
    shift = about.times(total)
    constant = about.times(about)
    result = squares.plus(_Ratio(-2 * shift.n, shift.d)).plus(
        _Ratio(constant.n * count, constant.d))
    return result, whole and isinstance(center, int), count


def _sum_of_squares(data):
    by_denominator = {}
    for value in data:
        ratio = _ratio(value)
        square = ratio.d * ratio.d
        by_denominator[square] = by_denominator.get(square, 0) + ratio.n * ratio.n
    total = _Ratio(0, 1)
    for denominator, numerator in by_denominator.items():
        total = total.plus(_Ratio(numerator, denominator))
    return total


def variance(data, xbar=None):
    """The variance of a sample."""
    squares, whole, count = _squares(data, xbar)
    if count < 2:
        raise StatisticsError('variance requires at least two data points')
    return _value(squares.over(count - 1) if isinstance(squares, _Ratio) else squares, whole)


def pvariance(data, mu=None):
    """The variance of a whole population."""
    squares, whole, count = _squares(data, mu)
    if count < 1:
        raise StatisticsError('pvariance requires at least one data point')
    return _value(squares.over(count) if isinstance(squares, _Ratio) else squares, whole)


def _root(ratio):
    """The square root of an exact ratio as the nearest float."""
    if not isinstance(ratio, _Ratio):
        return math.sqrt(ratio)
    n, d = ratio.n, ratio.d
    if n == 0:
        return 0.0
    # 55 bits and one that tells an inexact root: rounding to a float is then correct.
    shift = (n.bit_length() - d.bit_length() - 109) // 2
    if shift >= 0:
        q = n // (d << 2 * shift)
        exact = q * (d << 2 * shift) == n
    else:
        q, rest = divmod(n << -2 * shift, d)
        exact = rest == 0
    root = math.isqrt(q)
    root |= not (exact and root * root == q)
    return float(root << shift) if shift >= 0 else root / (1 << -shift)


def stdev(data, xbar=None):
    """The standard deviation of a sample."""
    squares, _, count = _squares(data, xbar)
    if count < 2:
        raise StatisticsError('stdev requires at least two data points')
    return _root(squares.over(count - 1) if isinstance(squares, _Ratio) else squares)


def pstdev(data, mu=None):
    """The standard deviation of a whole population."""
    squares, _, count = _squares(data, mu)
    if count < 1:
        raise StatisticsError('pstdev requires at least one data point')
    return _root(squares.over(count) if isinstance(squares, _Ratio) else squares)


def _pairs(x, y, what):
    x, y = list(x), list(y)
    if len(x) != len(y):
        raise StatisticsError(f'{what} requires that both inputs have same number of data points')
    if len(x) < 2:
        raise StatisticsError(f'{what} requires at least two data points')
    return x, y, math.fsum(x) / len(x), math.fsum(y) / len(y)


def covariance(x, y, /):
    """The covariance of two samples."""
    x, y, xbar, ybar = _pairs(x, y, 'covariance')
    return math.fsum((a - xbar) * (b - ybar) for a, b in zip(x, y)) / (len(x) - 1)


def correlation(x, y, /):
    """Pearson's correlation coefficient."""
    x, y, xbar, ybar = _pairs(x, y, 'correlation')
    sxy = math.fsum((a - xbar) * (b - ybar) for a, b in zip(x, y))
    sxx = math.fsum((a - xbar) ** 2.0 for a in x)
    syy = math.fsum((b - ybar) ** 2.0 for b in y)
    try:
        return sxy / math.sqrt(sxx * syy)
    except ZeroDivisionError:
        raise StatisticsError('at least one of the inputs is constant')


def linear_regression(x, y, /, *, proportional=False):
    """Slope and intercept of the line nearest to the points."""
    from collections import namedtuple
    x, y, xbar, ybar = _pairs(x, y, 'linear regression')
    if proportional:
        sxy = math.fsum(a * b for a, b in zip(x, y))
        sxx = math.fsum(a * a for a in x)
    else:
        sxy = math.fsum((a - xbar) * (b - ybar) for a, b in zip(x, y))
        sxx = math.fsum((a - xbar) ** 2.0 for a in x)
    try:
        slope = sxy / sxx
    except ZeroDivisionError:
        raise StatisticsError('x is constant')
    line = namedtuple('LinearRegression', ('slope', 'intercept'))
    return line(slope=slope, intercept=0.0 if proportional else ybar - slope * xbar)
