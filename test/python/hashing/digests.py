"""Digests of every function: of all lengths around its blocks, in one go and in pieces."""
import hashlib
import hmac
import io
import random


def attempt(what, *args, **kwargs):
    try:
        print(what(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


rng = random.Random(7)
DATA = bytes(rng.randrange(256) for _ in range(5000))
NAMES = sorted(hashlib.algorithms_guaranteed) + ['sha512_224', 'sha512_256']
print(NAMES, hashlib.algorithms_guaranteed <= hashlib.algorithms_available)
for name in NAMES:
    size = (20,) if name.startswith('shake') else ()
    h = hashlib.new(name)
    print(h.name, h.digest_size, h.block_size, h.hexdigest(*size))
    total = hashlib.sha256()
    for length in list(range(0, 300, 7)) + [63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 255, 256, 4096, 5000]:
        data = DATA[:length]
        whole = hashlib.new(name, data).digest(*size)
        pieces = hashlib.new(name)
        at = 0
        while at < length:
            step = rng.randrange(1, 150)
            pieces.update(data[at:at + step])
            at += step
        assert pieces.digest(*size) == whole, (name, length)
        assert pieces.copy().digest(*size) == whole
        total.update(whole)
    print('  ', total.hexdigest())
    a = hashlib.new(name, b'ab')
    b = a.copy()
    b.update(bytearray(b'c'))
    a.update(memoryview(b'c'))
    print('  ', a.hexdigest(*size) == b.hexdigest(*size) == hashlib.new(name, b'abc').hexdigest(*size))
print(hashlib.shake_128(b'x').hexdigest(400))
print(hashlib.shake_256(b'x').hexdigest(0), hashlib.shake_256(b'').digest(3))
for options in [{}, {'digest_size': 5}, {'key': b'secret'}, {'salt': b'salt'}, {'person': b'me'},
                {'key': b'k' * 20, 'salt': b's' * 8, 'person': b'p' * 8, 'digest_size': 20},
                {'fanout': 2, 'depth': 2, 'leaf_size': 4096, 'node_offset': 1, 'node_depth': 1, 'inner_size': 32,
                 'last_node': True}]:
    for make in (hashlib.blake2b, hashlib.blake2s):
        print(sorted(options), make(DATA[:700], **options).hexdigest())
print(hashlib.blake2b.MAX_KEY_SIZE, hashlib.blake2s.SALT_SIZE)
attempt(hashlib.blake2b, salt=b'x' * 17)
attempt(hashlib.blake2s, key=b'x' * 33)
attempt(hashlib.new, 'nothing')
attempt(hashlib.md5, 'text')
attempt(hashlib.md5().update, 5)
attempt(hashlib.md5().update, 'text')
print(hashlib.pbkdf2_hmac('sha256', b'password', b'salt', 1000).hex())
print(hashlib.pbkdf2_hmac('sha1', b'password', b'salt', 2, 50).hex())
attempt(hashlib.pbkdf2_hmac, 'sha1', b'p', b's', 0)
attempt(hashlib.pbkdf2_hmac, 'nothing', b'p', b's', 1)
print(hashlib.scrypt(b'password', salt=b'NaCl', n=16, r=8, p=1, dklen=40).hex())
attempt(hashlib.scrypt, b'p', salt=b's', n=3, r=1, p=1)
print(hashlib.file_digest(io.BytesIO(DATA), 'sha256').hexdigest() == hashlib.sha256(DATA).hexdigest())
for name in ('md5', 'sha256', 'sha512', 'sha3_256', 'blake2b'):
    for key in (b'', b'key', b'k' * 200):
        h = hmac.new(key, b'message', name)
        print(h.name, h.digest_size, h.block_size, h.hexdigest(), hmac.digest(key, b'message', name) == h.digest())
h = hmac.new(b'k', digestmod=hashlib.sha1)
h.update(b'a')
twin = h.copy()
twin.update(b'b')
print(h.hexdigest(), twin.hexdigest())
attempt(hmac.new, 'text', b'', 'md5')
attempt(hmac.new, b'k', b'm')
print(hmac.compare_digest(b'a', b'a'), hmac.compare_digest('a', 'b'), hmac.compare_digest(b'a', b'ab'))
attempt(hmac.compare_digest, 'a', b'a')
attempt(hmac.compare_digest, '\xe9', 'a')
