# Value and Array (H57).
import multiprocessing as mp


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, e)


def change(number, real, numbers, text, raw):
    with number.get_lock():
        number.value += 5
    real.value = 2.75
    for i in range(len(numbers)):
        numbers[i] = numbers[i] * numbers[i]
    text.value = b"child"
    raw[1] = -1


def add(number, count):
    for _ in range(count):
        with number:
            number.value += 1


if __name__ == "__main__":
    mp.set_start_method("spawn")
    number, real = mp.Value("i", 37), mp.Value("d")
    numbers, text, raw = mp.Array("l", range(6)), mp.Array("c", 10), mp.RawArray("h", [7, 8, 9])
    print(number.value, real.value, numbers[:], len(numbers), text.value, raw[:])
    children = [mp.Process(target=change, args=(number, real, numbers, text, raw)),
                mp.Process(target=add, args=(number, 100))]
    for child in children:
        child.start()
    add(number, 100)
    for child in children:
        child.join()
    print(number.value, real.value, numbers[:], text.value, text.raw, raw[:])
    print([child.exitcode for child in children])

    print(numbers[1:4], numbers[::-2], numbers[-1], list(numbers)[:2], text[0:3])
    numbers[1:3] = [100, 200]
    attempt(numbers.__setitem__, slice(0, 2), [1])
    attempt(numbers.__getitem__, 6)
    attempt(numbers.__setitem__, -7, 0)
    attempt(numbers.__setitem__, 0, 1.5)
    attempt(mp.Value, "?!", 1)
    print(numbers[:], type(number).__name__, type(numbers).__name__, type(text).__name__)
    small = mp.Value("b", 300)
    wide = mp.Value("Q", -1)
    single = mp.RawValue("f", 0.1)
    print(small.value, wide.value, single.value == 0.1, round(single.value, 6))
    attempt(setattr, small, "value", "x")
    attempt(setattr, real, "value", "x")
    plain = mp.Value("i", 3, lock=False)
    print(plain.value, hasattr(plain, "get_lock"), number.get_obj().value == number.value)
    with number.get_lock(), number.get_lock():
        number.value = -2
    print(number.value, mp.Array("d", 3)[:], mp.Array("c", b"abc").value)
    attempt(mp.Array, "i", -1)
    attempt(mp.Value, "i", 1, lock="no lock")
    for attribute in ("acquire", "release"):
        print(getattr(number, attribute)())
