"""Where a day and where a number lies on paper; exact for any range, however small or large."""

from datetime import date
from fractions import Fraction

from .picture import in_words

FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
STEPS_IN_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 24000)


class Days:
    """A horizontal axis of days."""

    def __init__(self, days, left, right, *, margin=10):
        known = [day.toordinal() for day in days]
        self.first = max(min(known) - margin, FIRST_DAY)
        self.last = min(max(known) + margin, LAST_DAY)
        if self.first == self.last:
            self.first, self.last = max(self.first - 1, FIRST_DAY), min(self.last + 1, LAST_DAY)
        self.left, self.right = left, right

    def across(self, day):
        """Return how far right a day lies; days outside lie at the edge."""
        number = min(max(day.toordinal(), self.first), self.last)
        return self.left + (number - self.first) * (self.right - self.left) / (self.last - self.first)

    def ticks(self, room=66):
        """Return [(x, words, True at the beginning of a year)]: as many as have room."""
        most = max(int((self.right - self.left) / room), 1)
        months = (self.last - self.first) / 30.4
        step = next((one for one in STEPS_IN_MONTHS if months / one <= most), STEPS_IN_MONTHS[-1])
        return [(self.across(day), _month(day, step), day.month == 1) for day in self._firsts(step)]

    def _firsts(self, step):
        start = date.fromordinal(self.first)
        number = start.year * 12 + start.month - 1
        number += -number % step
        found = []
        while number < (date.max.year + 1) * 12:
            day = date(number // 12, number % 12 + 1, 1) if number >= 12 else date.min
            if day.toordinal() > self.last:
                break
            if day.toordinal() >= self.first:
                found.append(day)
            number += step
        return found


def _month(day, step):
    return f"{day.year}" if step >= 12 else f"{day:%b} {day.year}"


class Numbers:
    """A vertical axis of numbers that holds nought and rises upwards."""

    def __init__(self, values, top, bottom, *, most_ticks=5):
        exact = [Fraction(value) for value in values] or [Fraction(0)]
        low, high = min(Fraction(0), *exact), max(Fraction(0), *exact)
        if low == high:
            high = low + 1
        self.step = _nice((high - low) / most_ticks)
        self.low = low // self.step * self.step
        self.high = -(-high // self.step) * self.step
        self.top, self.bottom = top, bottom

    def down(self, value):
        """Return how far down a number lies."""
        share = float((Fraction(value) - self.low) / (self.high - self.low))
        return self.bottom - share * (self.bottom - self.top)

    def ticks(self):
        """Return [(y, words)], nought among them."""
        count = int((self.high - self.low) / self.step)
        values = [self.low + n * self.step for n in range(count + 1)]
        return [(self.down(value), _short(value)) for value in values]


def _nice(step):
    """Return the step a person would count by: 1, 2 or 5 and noughts, never finer than needed."""
    power = Fraction(1)
    if step >= 1:
        power = Fraction(10) ** (len(str(step.numerator // step.denominator)) - 1)
    else:
        power = Fraction(1, 10 ** max(len(str(step.denominator // max(step.numerator, 1))) - 1, 0))
        while power > step:
            power /= 10
    return next((power * n for n in (1, 2, 5) if power * n >= step), power * 10)


THOUSANDS = ((10**9, "bn"), (10**6, "M"), (10**3, "k"))


def _short(value):
    """Return a number as a tick says it: 250, 1.5 k, 2 M."""
    for size, unit in THOUSANDS:
        if abs(value) >= 10 * size or (size > 10**3 and abs(value) >= size):
            return f"{_plain(value / size)} {unit}"
    return _plain(value)


def _plain(value):
    if value.denominator == 1:
        whole = int(value)
        return in_words(whole) if abs(whole) < 10**12 else f"10^{len(str(abs(whole))) - 1}"
    return f"{float(value):.4g}"
