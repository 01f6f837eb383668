# list: construction, mutation, searching, errors.
a = [3, 1, 2]
a.append(4)
a.extend([5, 6])
a.extend("xy")
a.insert(0, "first")
a.insert(-1, "near end")
a.insert(100, "last")
a.insert(-100, "very first")
print(a, len(a))
print(a.pop(), a.pop(0), a.pop(-2), a)
a.remove("first")
a.reverse()
print(a, a.index(3), a.count(3), a.index(1, 2))
b = a.copy()
b.clear()
print(b, a is not b, a == a.copy(), [] == [], [1] != [2])
print([1, 2] + [3], [0] * 3, 2 * [1, 2], [] * 5, [1] * -1, [1, 2] < [1, 3], [1] < [1, 0], [] < [1], [2] > [1, 9])
c = [1, 2]
alias = c
c += [3]
c *= 2
print(alias, c is alias)
c = c + [9]
print(alias is c, 3 in c, 10 not in c, list(), list("abc"), list(range(3)), list({"k": 1}), [*range(2), *"ab"])
del c[0]
del c[-1]
print(c, c[0], c[-1], c[-len(c)], bool([]), bool([0]))
nested = [[0] * 2] * 2
nested[0][0] = 1
print(nested, [[0] * 2 for _ in range(2)])
attempts = [
    lambda: [][0],
    lambda: [1][5],
    lambda: [1][-2],
    lambda: a["a"],
    lambda: a[1.0],
    lambda: [].pop(),
    lambda: [1].pop(5),
    lambda: [1].remove(2),
    lambda: [1].index(2),
    lambda: [1] + (2,),
    lambda: [1] * "a",
    lambda: [1] * 1.5,
    lambda: [1] < ["a"],
    lambda: [1] < 1,
    lambda: list(5),
    lambda: [1].extend(5),
    lambda: hash([]),
    lambda: {}[[1]],
    lambda: [].insert(1),
    lambda: [].append(1, 2),
    lambda: list(1, 2),
    lambda: [1].__setitem__(3, 0),
    lambda: [1].__delitem__(3),
    lambda: [].append(x=1),
    lambda: [].nothing,
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
