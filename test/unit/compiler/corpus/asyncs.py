async def f(x):
    await x
    async for a in x:
        print(a)
        if a:
            break
    else:
        y()
    async with a as b, c:
        return b
    r = [i async for i in x if await i]
    s = {i: j async for i in x for j in i}
    g = (i async for i in x)
    t = [await i for i in x]
    return {i async for i in [j async for j in x]}


async def gen():
    yield 1
    x = yield
    await x
    async with z:
        yield 2


def plain():
    x = yield 1
    y = yield from z
    return (yield)


f = lambda: (yield)
g = lambda *a, b=1, **k: (a, b, k)
