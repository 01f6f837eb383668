"""tempfile, shutil, glob, fnmatch: files and folders come, are found, copied, and go."""
import fnmatch
import glob
import os
import shutil
import tempfile

for pat in ('*.py', '?', 'a*b*c', '[abc]x', '[!abc]x', '[a-c]x', '[x-a]', '[]]', '[!]]', '[', 'a[', '[a', 'a.b', '*', '**', '[!', '[a-', '[-a]', '[^a]', '[[]', '[a&&b]', '[--0]', '', 'é*', '\\*', 'a*?b', '[\\]'):
    print(repr(pat), repr(fnmatch.translate(pat)), [n for n in ('a.py', 'x', 'ax', 'dx', 'abc', 'axbxc', ']', 'a', '[', 'a.b', 'axb', '', 'ét', '-', '\\', '^', '&', '*') if fnmatch.fnmatchcase(n, pat)])
print(fnmatch.filter(['a.py', 'b.txt', 'c.py'], '*.py'), fnmatch.filter([b'a', b'bc'], b'?'), fnmatch.fnmatch('A', 'a'))

with tempfile.TemporaryDirectory(prefix='tree-', suffix='.d') as root:
    print(os.path.basename(root)[:5], root.endswith('.d'), os.path.isdir(root), os.stat(root).st_mode & 0o777)
    os.chdir(root)
    for name in ('a/b/c.txt', 'a/d.py', 'a/.hidden', 'e.py', 'f[1].txt', '.dot/g.py'):
        os.makedirs(os.path.dirname(name) or '.', exist_ok=True)
        with open(name, 'w') as f:
            f.write(name * 3)
    os.symlink('e.py', 'link')
    for pattern in ('*', '*.py', '*/*.py', '**', '**/*.py', 'a/*', 'a/**', 'f[[]1].txt', glob.escape('f[1].txt'), 'e.py', 'nothing', 'nothing*', '.*', '*/', 'a/b/', '?.py', '[ef]*', '.dot/*', 'a/*/*'):
        print(pattern, sorted(glob.glob(pattern)), sorted(glob.glob(pattern, recursive=True)), sorted(glob.glob(pattern, recursive=True, include_hidden=True)))
    print(sorted(glob.glob('*.py', root_dir='a')), sorted(glob.glob(os.path.join(root, '*.py'))) == [os.path.join(root, 'e.py')], sorted(glob.glob(b'*.py')), glob.has_magic('a*'), sorted(glob.iglob('a/*')))
    os.chmod('e.py', 0o640)
    print(shutil.copy('e.py', 'copy.py'), os.stat('copy.py').st_mode & 0o777, open('copy.py').read(), shutil.copyfile('e.py', 'plain.py'), shutil.copy('e.py', 'a'))
    print(shutil.copy2('e.py', 'two.py'), int(os.stat('two.py').st_mtime) == int(os.stat('e.py').st_mtime))
    for call in (lambda: shutil.copyfile('e.py', 'e.py'), lambda: shutil.copyfile('none', 'x'), lambda: shutil.copyfile('a', 'x'), lambda: shutil.copytree('a', '.dot'), lambda: shutil.rmtree('none'),
                 lambda: shutil.rmtree('link'), lambda: shutil.move('e.py', 'a'), lambda: shutil.rmtree('none', ignore_errors=True), lambda: shutil.rmtree('e.py')):
        try:
            print(call())
        except Exception as e:
            print(type(e).__name__, str(e).replace(root, 'ROOT'), getattr(e, 'errno', None))
    print(shutil.copytree('a', 'copy', ignore=shutil.ignore_patterns('*.py', '.*')), sorted(glob.glob('copy/**', recursive=True)))
    print(shutil.copytree('a', 'copy', dirs_exist_ok=True), sorted(glob.glob('copy/**', recursive=True, include_hidden=True)))
    print(shutil.move('copy', 'moved'), os.path.exists('copy'), shutil.move('moved/b/c.txt', 'moved'), os.listdir('moved/b'))
    failures = []
    shutil.rmtree('none', onerror=lambda f, path, info: failures.append((f.__name__, path, info[0].__name__)))
    print(sorted(set(failures))[-1:])
    shutil.rmtree('moved')
    print(os.path.exists('moved'), shutil.which('sh') is not None, shutil.which('no-such-command'), shutil.which('e.py', path='.'), shutil.which('./e.py'))
    os.chmod('e.py', 0o750) if os.path.exists('e.py') else None
    with tempfile.NamedTemporaryFile('w+', dir=root, suffix='.txt') as f:
        f.write('text\nmore\n')
        f.seek(0)
        print(f.read(), f.name.startswith(root), f.name.endswith('.txt'), os.path.exists(f.name), f.closed)
        name = f.name
    print(os.path.exists(name), f.closed)
    f = tempfile.NamedTemporaryFile(dir=root, delete=False)
    f.write(b'abc')
    f.close()
    print(open(f.name, 'rb').read(), os.stat(f.name).st_mode & 0o777)
    os.unlink(f.name)
    fd, path = tempfile.mkstemp('.s', 'p', root)
    print(os.write(fd, b'xyz'), os.path.basename(path)[0], path[-2:], os.path.getsize(path))
    os.close(fd)
    with tempfile.TemporaryFile() as f:
        f.write(b'12')
        f.seek(0)
        print(f.read())
    with tempfile.SpooledTemporaryFile(max_size=4) as f:
        f.write(b'123')
        first = f._rolled
        f.write(b'456')
        f.seek(0)
        print(first, f._rolled, f.read())
    inner = tempfile.mkdtemp(dir=root)
    t = tempfile.TemporaryDirectory(dir=root)
    print(os.path.isdir(inner), os.path.isdir(t.name))
    t.cleanup()
    print(os.path.isdir(t.name))
    try:
        tempfile.mkstemp(b'a', 'b')
    except TypeError as e:
        print(e)
    try:
        tempfile.mkdtemp(dir=os.path.join(root, 'none'))
    except OSError as e:
        print(type(e).__name__)
    print(len({os.path.basename(tempfile.mktemp()) for _ in range(50)}), tempfile.gettempprefix(), os.path.isdir(tempfile.gettempdir()))
    os.chdir('/')
print(os.path.exists(root), shutil.get_terminal_size((70, 20)) == (int(os.environ.get('COLUMNS', 70)), 20))
