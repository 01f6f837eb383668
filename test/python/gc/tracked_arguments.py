"""Tuples of extra arguments take part in cycles like any others."""
import gc


class Node:
    def __init__(self, *children):
        self.children = children

    def __del__(self):
        print("node of", len(self.children), "dies")


def positions(first, *rest):
    return gc.is_tracked(rest)


print(positions(1, Node()), positions(1))


def cycle():
    node = Node(Node(), [])
    node.children[1].append(node)


cycle()
gc.disable()
print(gc.collect())
kept = Node(Node())
