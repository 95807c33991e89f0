"""The order USDM gives by previousId and nextId, which is not the order of the array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studies.formats.node import Findings, Node


@dataclass(frozen=True, slots=True)
class Item:
    """An object that has an id; objects without one cannot be referred to and are listed."""

    key: str
    node: Node


def items_of(parent: Node, name: str) -> list[Item]:
    """The objects of a list by id: without an id or with one already taken they are listed."""
    items: dict[str, Item] = {}
    for node in parent.children(name):
        key = node.identifier("id")
        if key is None:
            node.note(f'An entry of "{name}" has no id; it was left out.')
        elif key in items:
            node.note(f'Two entries of "{name}" have the id {key[:60]}; the second was left out.')
        else:
            items[key] = Item(key, node)
    return list(items.values())


def in_order(items: Sequence[Item], name: str, place: str, findings: Findings) -> list[Item]:
    """From first to last by nextId, else by previousId; a broken chain keeps the file's order."""
    if not any(item.node.has("nextId") or item.node.has("previousId") for item in items):
        return list(items)  # no chain was meant
    chained = _follow(items, "nextId") or list(reversed(_follow(items, "previousId")))
    if chained:
        return chained
    findings.add(
        place, f'The order of "{name}" is broken (nextId, previousId); they are in the file\'s order.'
    )
    return list(items)


def _follow(items: Sequence[Item], link: str) -> list[Item]:
    """The chain when it passes through every item once, else nothing."""
    by_key = {item.key: item for item in items}
    follower = {item.key: item.node.identifier(link) for item in items}
    heads = set(by_key) - set(follower.values())
    if len(heads) != 1:
        return []
    chain: list[Item] = []
    key: str | None = heads.pop()
    while key in by_key and len(chain) < len(items):
        chain.append(by_key[key])
        key = follower[key]
    return chain if len(chain) == len(items) and key not in by_key else []
