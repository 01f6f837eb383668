"""Heaps: lists in which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for all k."""

from _heapq import (
    heapify, heappop, heappush, heappushpop, heapreplace,
    _heapify_max, _heappop_max, _heapreplace_max,
)

__all__ = ["heappush", "heappop", "heapify", "heapreplace", "merge",
           "nlargest", "nsmallest", "heappushpop"]


def merge(*iterables, key=None, reverse=False):
    """Merge sorted inputs into one sorted stream, without reading them whole."""
    heap = []
    pop_root = _heappop_max if reverse else heappop
    replace_root = _heapreplace_max if reverse else heapreplace
    fix = _heapify_max if reverse else heapify
    sign = -1 if reverse else 1
    for order, iterable in enumerate(iterables):
        advance = iter(iterable).__next__
        try:
            value = advance()
        except StopIteration:
            continue
        mark = value if key is None else key(value)
        heap.append([mark, order * sign, value, advance])
    fix(heap)
    while len(heap) > 1:
        entry = heap[0]
        advance = entry[3]
        try:
            while True:
                value = entry[2]
                yield value
                value = entry[2] = advance()
                entry[0] = value if key is None else key(value)
                replace_root(heap, entry)
                if heap[0] is not entry:
                    break
        except StopIteration:
            pop_root(heap)
    if heap:
        _, _, value, advance = heap[0]
        yield value
        while True:
            try:
                value = advance()
            except StopIteration:
                return
            yield value


def nsmallest(n, iterable, key=None):
    """The n smallest items, as sorted(iterable, key=key)[:n]."""
    if n == 1:
        nothing = object()
        best = min(iterable, default=nothing, key=key)
        return [] if best is nothing else [best]
    try:
        size = len(iterable)
    except (TypeError, AttributeError):
        pass
    else:
        if n >= size:
            return sorted(iterable, key=key)[:n]
    return _select(n, iterable, key, 1, _heapify_max, _heapreplace_max, False)


def nlargest(n, iterable, key=None):
    """The n largest items, as sorted(iterable, key=key, reverse=True)[:n]."""
    if n == 1:
        nothing = object()
        best = max(iterable, default=nothing, key=key)
        return [] if best is nothing else [best]
    try:
        size = len(iterable)
    except (TypeError, AttributeError):
        pass
    else:
        if n >= size:
            return sorted(iterable, key=key, reverse=True)[:n]
    return _select(n, iterable, key, -1, heapify, heapreplace, True)


def _select(n, iterable, key, step, fix, replace, largest):
    iterator = iter(iterable)
    order = 0
    kept = []
    for _, value in zip(range(n), iterator):
        kept.append((value if key is None else key(value), order, value))
        order += step
    if not kept:
        return []
    fix(kept)
    bound = kept[0][0]
    for value in iterator:
        mark = value if key is None else key(value)
        if (bound < mark) if largest else (mark < bound):
            replace(kept, (mark, order, value))
            bound = kept[0][0]
            order += step
    kept.sort(reverse=largest)
    return [value for _, _, value in kept]
