# A sudoku solver by constraint propagation and search over candidate sets.
PUZZLE = "4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......"
rows, cols = "ABCDEFGHI", "123456789"


def cross(a, b):
    return [x + y for x in a for y in b]


squares = cross(rows, cols)
units = [cross(rows, c) for c in cols] + [cross(r, cols) for r in rows] + [cross(rs, cs) for rs in ("ABC", "DEF", "GHI") for cs in ("123", "456", "789")]
units_of = {s: [u for u in units if s in u] for s in squares}
peers = {s: set(sum(units_of[s], [])) - {s} for s in squares}
calls = 0


def assign(values, s, d):
    return values if all(eliminate(values, s, other) for other in values[s].replace(d, "")) else None


def eliminate(values, s, d):
    if d not in values[s]:
        return values
    values[s] = values[s].replace(d, "")
    if not values[s]:
        return None
    if len(values[s]) == 1 and not all(eliminate(values, p, values[s]) for p in sorted(peers[s])):
        return None
    for unit in units_of[s]:
        places = [u for u in unit if d in values[u]]
        if not places or len(places) == 1 and not assign(values, places[0], d):
            return None
    return values


def search(values):
    global calls
    calls += 1
    if values is None or all(len(values[s]) == 1 for s in squares):
        return values
    n, s = min((len(values[s]), s) for s in squares if len(values[s]) > 1)
    for d in values[s]:
        if solved := search(assign(values.copy(), s, d)):
            return solved
    return None


start = {s: cols for s in squares}
for s, d in zip(squares, PUZZLE):
    if d in cols and not assign(start, s, d):
        print("contradiction")
solution = search(start)
for r in rows:
    print(" ".join(solution[r + c] for c in cols))
print(calls, all(sorted(solution[s] for s in u) == list(cols) for u in units))
