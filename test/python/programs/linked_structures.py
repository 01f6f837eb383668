# Linked lists, a binary search tree, a trie and an LRU cache, each with the container protocol.
class Node:
    __slots__ = ("value", "next")

    def __init__(self, value, next=None):
        self.value, self.next = value, next


class LinkedList:
    def __init__(self, items=()):
        self.head = None
        for item in reversed(list(items)):
            self.head = Node(item, self.head)

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.next

    def __len__(self):
        return sum(1 for _ in self)

    def __getitem__(self, i):
        if isinstance(i, slice):
            return LinkedList(list(self)[i])
        for k, v in enumerate(self):
            if k == i:
                return v
        raise IndexError(f"{type(self).__name__} has no item {i}")

    def reverse(self):
        previous, node = None, self.head
        while node:
            node.next, previous, node = previous, node, node.next
        self.head = previous
        return self

    def __repr__(self):
        return f"{type(self).__name__}({list(self)})"


class Tree:
    def __init__(self):
        self.root, self.size = None, 0

    def __setitem__(self, key, value):
        link, name = self, "root"
        while (node := getattr(link, name)) is not None:
            if key == node.key:
                node.value = value
                return
            link, name = node, "left" if key < node.key else "right"
        setattr(link, name, type("TreeNode", (), dict(key=key, value=value, left=None, right=None))())
        self.size += 1

    def __getitem__(self, key):
        node = self.root
        while node:
            if key == node.key:
                return node.value
            node = node.left if key < node.key else node.right
        raise KeyError(key)

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def __len__(self):
        return self.size

    def __iter__(self):
        def walk(node):
            if node:
                yield from walk(node.left)
                yield node.key
                yield from walk(node.right)

        return walk(self.root)

    def depth(self):
        d = lambda n: 0 if n is None else 1 + max(d(n.left), d(n.right))
        return d(self.root)


class Trie(dict):
    def add(self, word):
        node = self
        for c in word:
            node = node.setdefault(c, Trie())
        node[""] = word

    def find(self, prefix):
        node = self
        for c in prefix:
            if c not in node:
                return []
            node = node[c]
        return sorted(node.words())

    def words(self):
        for c, child in self.items():
            if c == "":
                yield child
            else:
                yield from child.words()


class LRU:
    def __init__(self, size):
        self.size, self.data, self.hits, self.misses = size, {}, 0, 0

    def get(self, key, make):
        if key in self.data:
            self.hits += 1
            self.data[key] = value = self.data.pop(key)
            return value
        self.misses += 1
        self.data[key] = value = make(key)
        if len(self.data) > self.size:
            del self.data[next(iter(self.data))]
        return value


l = LinkedList("abcd")
print(l, len(l), l[2], l[1:3], l.reverse(), list(l), "c" in l, bool(LinkedList()), max(l))
try:
    l[9]
except IndexError as e:
    print(e)
t = Tree()
for i in range(200):
    t[i * 73 % 211] = i
print(len(t), list(t) == sorted(t), t[73], 5 in t, 999 in t, t.depth(), list(t)[:5])
try:
    t["x"]
except TypeError as e:
    print(e)
trie = Trie()
for w in "car card care cat dog do".split():
    trie.add(w)
print(trie.find("car"), trie.find("do"), trie.find("x"), len(trie.find("")))
cache = LRU(3)
print([cache.get(k, lambda k: k * k) for k in (1, 2, 3, 1, 4, 1, 2, 5, 1)], cache.hits, cache.misses, list(cache.data))
