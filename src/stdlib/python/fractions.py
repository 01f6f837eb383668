"""Rational numbers."""

import math
import numbers
import operator
import re

__all__ = ['Fraction']

_FORMAT = re.compile(r'''
    \A\s*
    (?P<sign>[-+]?)
    (?=\d|\.\d)
    (?P<num>\d*|\d+(_\d+)*)
    (?:
        (?:/(?P<denom>\d+(_\d+)*))?
    |
        (?:\.(?P<decimal>\d*|\d+(_\d+)*))?
        (?:E(?P<exp>[-+]?\d+(_\d+)*))?
    )
    \s*\Z''', re.VERBOSE | re.IGNORECASE)


def _parse(text):
    """Numerator and denominator of a literal, not reduced."""
    m = _FORMAT.match(text)
    if m is None:
        raise ValueError(f'Invalid literal for Fraction: {text!r}')
    numerator = int(m['num'] or '0')
    denominator = 1
    if m['denom']:
        denominator = int(m['denom'])
    else:
        decimal = m['decimal']
        if decimal:
            decimal = decimal.replace('_', '')
            scale = 10 ** len(decimal)
            numerator = numerator * scale + int(decimal)
            denominator = scale
        if m['exp']:
            exponent = int(m['exp'])
            if exponent >= 0:
                numerator *= 10 ** exponent
            else:
                denominator *= 10 ** -exponent
    return -numerator if m['sign'] == '-' else numerator, denominator


class Fraction(numbers.Rational):
    """numerator / denominator, in lowest terms."""

    __slots__ = '_numerator', '_denominator'

    def __new__(cls, numerator=0, denominator=None):
        if denominator is None:
            if type(numerator) is int:
                top, bottom = numerator, 1
            elif isinstance(numerator, numbers.Rational):
                top, bottom = numerator.numerator, numerator.denominator
            elif isinstance(numerator, float) or hasattr(numerator, 'as_integer_ratio'):
                top, bottom = numerator.as_integer_ratio()
            elif isinstance(numerator, str):
                top, bottom = _parse(numerator)
            else:
                raise TypeError('argument should be a string or a Rational instance')
        elif type(numerator) is int is type(denominator):
            top, bottom = numerator, denominator
        elif isinstance(numerator, numbers.Rational) and isinstance(denominator,
                                                                    numbers.Rational):
            top = numerator.numerator * denominator.denominator
            bottom = denominator.numerator * numerator.denominator
        else:
            raise TypeError('both arguments should be Rational instances')
        if bottom == 0:
            raise ZeroDivisionError(f'Fraction({top}, 0)')
        return cls._make(top, bottom)

    @classmethod
    def _make(cls, top, bottom):
        divisor = math.gcd(top, bottom)
        if bottom < 0:
            divisor = -divisor
        self = object.__new__(cls)
        self._numerator = top // divisor
        self._denominator = bottom // divisor
        return self

    @classmethod
    def from_float(cls, f):
        if isinstance(f, numbers.Integral):
            return cls(f)
        if not isinstance(f, float):
            raise TypeError(f'{cls.__name__}.from_float() only takes floats, not {f!r} '
                            f'({type(f).__name__})')
        return cls._make(*f.as_integer_ratio())

    @classmethod
    def from_decimal(cls, dec):
        return cls._make(*dec.as_integer_ratio())

    def as_integer_ratio(self):
        return self._numerator, self._denominator

    def limit_denominator(self, max_denominator=1000000):
        """The nearest fraction whose denominator is no greater."""
        if max_denominator < 1:
            raise ValueError('max_denominator should be at least 1')
        if self._denominator <= max_denominator:
            return Fraction(self)
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self._numerator, self._denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > max_denominator:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (max_denominator - q0) // q1
        lower = Fraction(p0 + k * p1, q0 + k * q1)
        upper = Fraction(p1, q1)
        return upper if abs(upper - self) <= abs(lower - self) else lower

    numerator = property(lambda self: self._numerator)
    denominator = property(lambda self: self._denominator)

    def __repr__(self):
        return f'{type(self).__name__}({self._numerator}, {self._denominator})'

    def __str__(self):
        if self._denominator == 1:
            return str(self._numerator)
        return f'{self._numerator}/{self._denominator}'

    def __add__(a, b):
        return _binary(a, b, operator.add, _add)

    def __radd__(b, a):
        return _reversed(a, b, operator.add, _add)

    def __sub__(a, b):
        return _binary(a, b, operator.sub, _sub)

    def __rsub__(b, a):
        return _reversed(a, b, operator.sub, _sub)

    def __mul__(a, b):
        return _binary(a, b, operator.mul, _mul)

    def __rmul__(b, a):
        return _reversed(a, b, operator.mul, _mul)

    def __truediv__(a, b):
        return _binary(a, b, operator.truediv, _div)

    def __rtruediv__(b, a):
        return _reversed(a, b, operator.truediv, _div)

    def __floordiv__(a, b):
        return _binary(a, b, operator.floordiv, _floordiv)

    def __rfloordiv__(b, a):
        return _reversed(a, b, operator.floordiv, _floordiv)

    def __mod__(a, b):
        return _binary(a, b, operator.mod, _mod)

    def __rmod__(b, a):
        return _reversed(a, b, operator.mod, _mod)

    def __divmod__(a, b):
        return _binary(a, b, divmod, _divmod)

    def __rdivmod__(b, a):
        return _reversed(a, b, divmod, _divmod)

    def __pow__(a, b):
        if not isinstance(b, numbers.Rational):
            return float(a) ** b
        if b.denominator != 1:
            return float(a) ** float(b)
        power = b.numerator
        if power >= 0:
            return Fraction(a._numerator ** power, a._denominator ** power)
        if a._numerator == 0:
            raise ZeroDivisionError(f'Fraction({a._denominator ** -power}, 0)')
        return Fraction(a._denominator ** -power, a._numerator ** -power)

    def __rpow__(b, a):
        if b._denominator == 1 and b._numerator >= 0:
            return a ** b._numerator
        if isinstance(a, numbers.Rational):
            return Fraction(a.numerator, a.denominator) ** b
        if b._denominator == 1:
            return a ** b._numerator
        return a ** float(b)

    def __pos__(self):
        return Fraction(self._numerator, self._denominator)

    def __neg__(self):
        return Fraction(-self._numerator, self._denominator)

    def __abs__(self):
        return Fraction(abs(self._numerator), self._denominator)

    def __int__(self):
        return self.__trunc__()

    def __float__(self):
        return self._numerator / self._denominator

    def __trunc__(self):
        if self._numerator < 0:
            return -(-self._numerator // self._denominator)
        return self._numerator // self._denominator

    def __floor__(self):
        return self._numerator // self._denominator

    def __ceil__(self):
        return -(-self._numerator // self._denominator)

    def __round__(self, ndigits=None):
        if ndigits is None:
            floor, rest = divmod(self._numerator, self._denominator)
            twice = rest * 2
            if twice < self._denominator:
                return floor
            if twice > self._denominator:
                return floor + 1
            return floor + (floor & 1)
        shift = 10 ** abs(ndigits)
        if ndigits > 0:
            return Fraction(round(self * shift), shift)
        return Fraction(round(self / shift) * shift)

    def __hash__(self):
        try:
            inverse = pow(self._denominator, -1, _MODULUS)
        except ValueError:
            value = 314159
        else:
            value = abs(self._numerator) % _MODULUS * inverse % _MODULUS
        result = value if self._numerator >= 0 else -value
        return -2 if result == -1 else result

    def __eq__(a, b):
        if isinstance(b, numbers.Rational):
            return a._numerator == b.numerator and a._denominator == b.denominator
        if isinstance(b, complex) and b.imag == 0:
            b = b.real
        if isinstance(b, float):
            if math.isnan(b) or math.isinf(b):
                return 0.0 == b
            return a == a.from_float(b)
        return NotImplemented

    def _compare(self, other, op):
        if isinstance(other, numbers.Rational):
            return op(self._numerator * other.denominator, self._denominator * other.numerator)
        if isinstance(other, float):
            if math.isnan(other) or math.isinf(other):
                return op(0.0, other)
            return op(self, self.from_float(other))
        return NotImplemented

    def __lt__(a, b):
        return a._compare(b, operator.lt)

    def __gt__(a, b):
        return a._compare(b, operator.gt)

    def __le__(a, b):
        return a._compare(b, operator.le)

    def __ge__(a, b):
        return a._compare(b, operator.ge)

    def __bool__(self):
        return self._numerator != 0

    def __reduce__(self):
        return type(self), (self._numerator, self._denominator)

    def __copy__(self):
        return self if type(self) is Fraction else type(self)(self._numerator, self._denominator)

    def __deepcopy__(self, memo):
        return self.__copy__()


#: The prime of Python's hashes.
_MODULUS = (1 << 61) - 1


def _binary(a, b, on_floats, on_fractions):
    if isinstance(b, Fraction):
        return on_fractions(a, b)
    if isinstance(b, int):
        return on_fractions(a, Fraction(b))
    if isinstance(b, float):
        return on_floats(float(a), b)
    if isinstance(b, complex):
        return on_floats(complex(a), b)
    return NotImplemented


def _reversed(a, b, on_floats, on_fractions):
    if isinstance(a, numbers.Rational):
        return on_fractions(Fraction(a), b)
    if isinstance(a, numbers.Real):
        return on_floats(float(a), float(b))
    if isinstance(a, numbers.Complex):
        return on_floats(complex(a), complex(b))
    return NotImplemented


def _add(a, b):
    return Fraction._make(a._numerator * b._denominator + b._numerator * a._denominator,
                          a._denominator * b._denominator)


def _sub(a, b):
    return Fraction._make(a._numerator * b._denominator - b._numerator * a._denominator,
                          a._denominator * b._denominator)


def _mul(a, b):
    return Fraction._make(a._numerator * b._numerator, a._denominator * b._denominator)


def _div(a, b):
    if b._numerator == 0:
        sign = (a._numerator > 0) - (a._numerator < 0)
        raise ZeroDivisionError(f'Fraction({sign}, 0)')
    return Fraction._make(a._numerator * b._denominator, a._denominator * b._numerator)


def _floordiv(a, b):
    return (a._numerator * b._denominator) // (a._denominator * b._numerator)


def _divmod(a, b):
    bottom = a._denominator * b._denominator
    quotient, rest = divmod(a._numerator * b._denominator, a._denominator * b._numerator)
    return quotient, Fraction(rest, bottom)


def _mod(a, b):
    return Fraction((a._numerator * b._denominator) % (b._numerator * a._denominator),
                    a._denominator * b._denominator)
