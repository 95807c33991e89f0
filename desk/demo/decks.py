"""Chance that comes out as agreed: values are dealt from a shuffled deck, so that medians are what the deck says."""

import random
from dataclasses import dataclass, field

# Working days after the visit's last day, a hundred cards each: how often which number.
SUBMITTED = {3: 8, 4: 14, 5: 20, 6: 22, 7: 13, 8: 9, 9: 2, 10: 2, 11: 6, 12: 2, 14: 2}
APPROVED = {
    8: 5,
    9: 8,
    10: 14,
    11: 17,
    12: 13,
    13: 10,
    14: 7,
    15: 6,
    16: 4,
    17: 3,
    18: 2,
    19: 3,
    20: 3,
    22: 3,
    24: 2,
}
FOLLOWED_UP = {5: 6, 6: 9, 7: 13, 8: 18, 9: 20, 10: 22, 11: 5, 12: 4, 14: 3}
# Working days before the visit's first day.
CONFIRMED = {4: 4, 5: 9, 6: 12, 7: 17, 8: 22, 9: 15, 10: 14, 12: 7}
# Calendar days from opening to closing an action item.
CLOSED_AFTER = {8: 6, 12: 9, 16: 10, 20: 11, 24: 11, 27: 12, 30: 11, 36: 10, 44: 8, 52: 6, 63: 4, 78: 2}
ITEMS = {1: 12, 2: 30, 3: 32, 4: 18, 5: 8}
DAYS_ON_SITE = {1: 72, 2: 25, 3: 3}


@dataclass
class Deck:
    """
    Cards dealt one by one from hands of twenty, each of which stands for the whole deck.

    So a few dozen cards have the median of the deck, whatever chance says of their order.
    """

    cards: dict
    dice: random.Random
    left: list = field(default_factory=list)

    def deal(self):
        if not self.left:
            ordered = [value for value, count in sorted(self.cards.items()) for _card in range(count)]
            hands = max(len(ordered) // 20, 1)
            for number in self.dice.sample(range(hands), hands):
                hand = ordered[number::hands]
                self.dice.shuffle(hand)
                self.left += hand
        return self.left.pop()
