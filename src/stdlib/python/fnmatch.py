"""Names that match a pattern of the shell: * ? [seq] [!seq]."""

import os
import re

__all__ = ['filter', 'fnmatch', 'fnmatchcase', 'translate']

_compiled = {}


def _matcher(pat):
    matcher = _compiled.get(pat)
    if matcher is None:
        if isinstance(pat, bytes):
            source = translate(pat.decode('latin-1')).encode('latin-1')
        else:
            source = translate(pat)
        if len(_compiled) >= 1000:
            _compiled.clear()
        matcher = _compiled[pat] = re.compile(source).match
    return matcher


def fnmatch(name, pat):
    """Does name match pat? On systems where case does not count in file names, it does not here."""
    return fnmatchcase(os.path.normcase(name), os.path.normcase(pat))


def fnmatchcase(name, pat):
    """Does name match pat, letter by letter?"""
    return _matcher(pat)(name) is not None


def filter(names, pat):
    """A list of the names that match."""
    match = _matcher(os.path.normcase(pat))
    return [name for name in names if match(os.path.normcase(name))]


def _translate_set(body):
    """The regular expression of what stands between [ and ]."""
    if '-' not in body:
        chunk = body.replace('\\', r'\\')
    else:
        chunks = []
        start = 0
        dash = 2 if body[0] == '!' else 1
        while True:
            dash = body.find('-', dash)
            if dash < 0:
                break
            chunks.append(body[start:dash])
            start = dash + 1
            dash += 3
        if body[start:]:
            chunks.append(body[start:])
        else:
            chunks[-1] += '-'
        # Ranges that hold nothing go.
        for k in range(len(chunks) - 1, 0, -1):
            if chunks[k - 1][-1] > chunks[k][0]:
                chunks[k - 1] = chunks[k - 1][:-1] + chunks[k][1:]
                del chunks[k]
        chunk = '-'.join(c.replace('\\', r'\\').replace('-', r'\-') for c in chunks)
    chunk = re.sub(r'([&~|])', r'\\\1', chunk)
    if not chunk:
        return '(?!)'
    if chunk == '!':
        return '.'
    if chunk[0] == '!':
        chunk = '^' + chunk[1:]
    elif chunk[0] in '^[':
        chunk = '\\' + chunk
    return f'[{chunk}]'


def translate(pat):
    """The regular expression of a pattern."""
    star = object()
    parts = []
    i, n = 0, len(pat)
    while i < n:
        c = pat[i]
        i += 1
        if c == '*':
            if not parts or parts[-1] is not star:
                parts.append(star)
        elif c == '?':
            parts.append('.')
        elif c == '[':
            j = i
            if j < n and pat[j] == '!':
                j += 1
            if j < n and pat[j] == ']':
                j += 1
            j = pat.find(']', j)
            if j < 0:
                parts.append('\\[')
            else:
                parts.append(_translate_set(pat[i:j]))
                i = j + 1
        else:
            parts.append(re.escape(c))
    # What stands between two stars is taken at the first place where it is, for good.
    result = []
    pieces = [[]]
    for part in parts:
        if part is star:
            pieces.append([])
        else:
            pieces[-1].append(part)
    result.append(''.join(pieces[0]))
    for piece in pieces[1:-1]:
        result.append(f'(?>.*?{"".join(piece)})')
    if len(pieces) > 1:
        result.append('.*' + ''.join(pieces[-1]))
    return f'(?s:{"".join(result)})\\Z'
