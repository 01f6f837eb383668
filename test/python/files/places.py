# What tell() gives is a place to come back to, whatever number it is.
import io

data = 'ab\r\ncd\refé\n'.encode()
for newline in (None, ''):
    f = io.TextIOWrapper(io.BytesIO(data), 'utf-8', newline=newline)
    lines = []
    places = [f.tell()]
    while line := f.readline():
        lines.append(line)
        places.append(f.tell())
    for place, line in zip(places, lines):
        f.seek(place)
        assert f.readline() == line, (place, line)
    print(places)
