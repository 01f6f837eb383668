# Graph algorithms with a hand-written heap: Dijkstra, Tarjan, topological order, Floyd-Warshall, union-find.
class Heap:
    def __init__(self):
        self.items = []

    def push(self, item):
        a = self.items
        a.append(item)
        i = len(a) - 1
        while i and a[i] < a[(i - 1) // 2]:
            a[i], a[(i - 1) // 2] = a[(i - 1) // 2], a[i]
            i = (i - 1) // 2

    def pop(self):
        a = self.items
        a[0], a[-1] = a[-1], a[0]
        top = a.pop()
        i = 0
        while (c := 2 * i + 1) < len(a):
            if c + 1 < len(a) and a[c + 1] < a[c]:
                c += 1
            if a[i] <= a[c]:
                break
            a[i], a[c] = a[c], a[i]
            i = c
        return top

    def __bool__(self):
        return bool(self.items)


def dijkstra(graph, start):
    dist, heap = {start: 0}, Heap()
    heap.push((0, start))
    while heap:
        d, node = heap.pop()
        if d > dist[node]:
            continue
        for other, weight in graph.get(node, {}).items():
            if d + weight < dist.get(other, float("inf")):
                dist[other] = d + weight
                heap.push((dist[other], other))
    return dist


def tarjan(graph):
    index, low, stack, on, out, counter = {}, {}, [], set(), [], [0]

    def visit(v):
        index[v] = low[v] = counter[0]
        counter[0] += 1
        stack.append(v)
        on.add(v)
        for w in graph.get(v, ()):
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in on:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            component = []
            while True:
                w = stack.pop()
                on.discard(w)
                component.append(w)
                if w == v:
                    break
            out.append(sorted(component))

    for v in sorted(graph):
        if v not in index:
            visit(v)
    return out


def topological(graph):
    seen, order = {}, []

    def visit(v, path):
        if seen.get(v) == "open":
            raise ValueError("cycle: " + " -> ".join(path[path.index(v) :] + [v]))
        if v not in seen:
            seen[v] = "open"
            for w in graph.get(v, ()):
                visit(w, path + [v])
            seen[v] = "done"
            order.append(v)

    for v in sorted(graph):
        visit(v, [])
    return order[::-1]


roads = {"a": {"b": 7, "c": 3}, "b": {"d": 2}, "c": {"b": 1, "d": 8, "e": 2}, "e": {"d": 1}}
print(dijkstra(roads, "a"))
print(tarjan({"a": "b", "b": "c", "c": "a", "d": "bc", "e": "df", "f": "e", "g": "h", "h": ""}))
print(topological({"shirt": ["tie"], "tie": ["jacket"], "trousers": ["shoes", "belt"], "belt": ["jacket"], "socks": ["shoes"]}))
try:
    topological({"a": "b", "b": "c", "c": "b"})
except ValueError as e:
    print(e)
n = 12
d = [[0 if i == j else (i * 7 + j * 13) % 17 + 1 for j in range(n)] for i in range(n)]
for k in range(n):
    for i in range(n):
        for j in range(n):
            if d[i][k] + d[k][j] < d[i][j]:
                d[i][j] = d[i][k] + d[k][j]
print(d[0], sum(map(sum, d)))
parent = {}


def find(x):
    parent.setdefault(x, x)
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


edges = sorted((((i * 31 + j * 17) % 23, i, j) for i in range(10) for j in range(i)))
tree = []
for w, i, j in edges:
    if find(i) != find(j):
        parent[find(i)] = find(j)
        tree.append((w, i, j))
print(sum(w for w, *_ in tree), len(tree))
