# Conway's life on a set of cells and on a torus of lists: the two agree.
GLIDER = """.#.
..#
###"""
R_PENTOMINO = {(1, 0), (2, 0), (0, 1), (1, 1), (1, 2)}


def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    key = (x + dx, y + dy)
                    counts[key] = counts.get(key, 0) + 1
    return {c for c, n in counts.items() if n == 3 or n == 2 and c in cells}


def torus(grid):
    h, w = len(grid), len(grid[0])
    return [[int((n := sum(grid[(y + j) % h][(x + i) % w] for i in (-1, 0, 1) for j in (-1, 0, 1)) - grid[y][x]) == 3 or n == 2 and grid[y][x]) for x in range(w)] for y in range(h)]


cells = {(x, y) for y, row in enumerate(GLIDER.split("\n")) for x, c in enumerate(row) if c == "#"}
grid = [[int((x, y) in cells) for x in range(10)] for y in range(10)]
for generation in range(12):
    if generation % 4 == 0:
        print(generation, sorted(cells))
    cells, grid = step(cells), torus(grid)
print({(x, y) for y in range(10) for x in range(10) if grid[y][x]} == {(x % 10, y % 10) for x, y in cells})
for row in grid:
    print("".join(".#"[c] for c in row))
cells, sizes = R_PENTOMINO, []
for _ in range(100):
    cells = step(cells)
    sizes.append(len(cells))
print(sizes)
