# open() and the classes of io on real files.
import io
import os
import sys

folder = '/tmp/takegil-files-%d' % os.getpid()
os.mkdir(folder)
p = folder + '/x.txt'
with open(p,'w') as f:
    print(f.write('hello\nwörld\n'), f.tell(), f.name==p, f.mode, f.closed)
print(f.closed)
with open(p) as f:
    print(f.readline(), f.tell()); print(f.read()); 
for line in open(p): print(repr(line))
with open(p,'rb') as f: print(f.read(), repr(f).replace(folder, ''), repr(f.raw).replace(folder, ''))
with open(p,'ab') as f: print(f.tell(), f.write(b'x\r\ny\rz')); 
print(open(p).read().encode()); print(open(p,newline='').readlines())
f=open(p,newline=''); f.readlines(); print(f.newlines)
with open(p,'r+b') as f:
    f.seek(2); print(f.read(3)); f.write(b'ABC'); print(f.tell()); f.seek(0); print(f.read())
try: open('/nonexistent/x')
except OSError as e: print(repr(e), e.filename)
try: open('/tmp')
except OSError as e: print(repr(e))
for m in ('q','rw','rb+t','', 'rr'):
    try: open(p,m)
    except ValueError as e: print(e)
try: open(p).write('x')
except io.UnsupportedOperation as e: print(e)
try: open(p,'w').read()
except io.UnsupportedOperation as e: print(e)
print(io.open is open, open, isinstance(sys.stdout, io.TextIOWrapper))
f=open(p,'w'); f.close()
try: f.write('a')
except ValueError as e: print(e)
try: f.read()
except ValueError as e: print(e)
with open(p,'w',encoding='utf-16') as f: f.write('aé\n'*3)
print(open(p,'rb').read()); print(open(p,encoding='utf-16').readlines())
with open(p,'w',newline='\r\n') as f: f.writelines(['a\n','b\n'])
print(open(p,'rb').read())
with open(p,'wb',0) as f: print(repr(f).replace(folder, ''), f.write(b'raw'))
r,w=os.pipe(); os.write(w,b'abc'); print(os.read(r,10)); os.close(w); print(os.read(r,1)); os.close(r)
sys.stdout.flush(); sys.stdout.buffer.write(b'bytes\n'); 
with open(p,'w+') as f:
    for i in range(1500): f.write('línea %d\n'%i)
    f.seek(0); n=0; pos=[]
    while True:
        t=f.tell(); l=f.readline()
        if not l: break
        pos.append(t)
    f.seek(pos[1321]); print(f.readline()); print(os.stat(p).st_size, len(pos))
try: open(p).seek(3,1)
except OSError as e: print(type(e), e)
print(sorted(e.name for e in os.scandir(folder)), [e.is_file() for e in os.scandir(folder)])
b=io.BytesIO(b'abc'); print(isinstance(b, io.BufferedIOBase), isinstance(io.StringIO(), io.TextIOBase))
os.remove(p)
os.rmdir(folder)
print(os.path.exists(folder))
