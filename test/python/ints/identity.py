# Small integers are shared, others are not (R23); augmented assignment makes new objects.
for text in ("-6", "-5", "-1", "0", "1", "255", "256", "257"):
    print(text, int(text) is int(text))
a = 100
b = a
a += 1
print(a, b, a is b)
x = 256
y = 255 + int("1")
print(x is y)
big = 10**20
same = big
print(big is same, big is 10**int("20"), big == 10**int("20"))
big += 0
print(big is same)
print(id(3) == id(int("3")), (int("1") is True), True is (1 == 1))
total = 0
for i in range(300):
    total += i
print(total, [i for i in (254, 255, 256, 257) if i is int(str(i))])
