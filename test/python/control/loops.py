# while, for, break, continue, else, nested loops, chained comparison, short circuits.
n = 0
while True:
    n += 1
    if n == 3:
        continue
    if n > 6:
        break
    print(n, end=" ")
else:
    print("never")
print()
for x in range(2, 12):
    for y in range(2, x):
        if x % y == 0:
            print(x, "=", y, "*", x // y)
            break
    else:
        print(x, "is prime")
while n > 0:
    n -= 1
else:
    print("while else", n)
for _ in []:
    pass
else:
    print("for else on empty")


def order(value, tag):
    print(tag, end=" ")
    return value


print(order(1, "a") < order(5, "b") < order(3, "c") < order(9, "never"))
print(order(0, "d") or order("", "e") or order([], "f"), order(1, "g") and order(2, "h"), not order(0, "i"))
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 == 2 != 1, 1 == 1.0 == True, (1 < 2) == True, None is None is not False, 1 in [1] == True)
print("yes" if [] else "no", (1 if False else 2) + 3, [i if i % 2 else -i for i in range(4)])
x = 5
result = "big" if x > 10 else "medium" if x > 3 else "small"
print(result, x and 0 or "fallback")
if (m := 10) > 5 and (k := m * 2):
    print(m, k)
total = 0
while (total := total + 7) < 30:
    pass
print(total, [y := 1, y**2, y + 1], y)
for i, ch in enumerate("abc", start=1):
    for j in range(3):
        if j == i:
            break
        if ch == "b":
            continue
        print(i, ch, j, end="; ")
print()
i = 99
for i in range(3):
    pass
print(i)
holder = {}
for holder["k"] in [1, 2]:
    pass
print(holder)
