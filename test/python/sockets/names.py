"""Names and addresses."""
import socket


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__module__, type(error).__name__, error, getattr(error, 'errno', None))
    else:
        print('->', result)


print('conversions')
for text in ('127.0.0.1', '1.2.3', '1.2', '1', '0x7f.1', '010.1.1.1', '256.1.1.1', '1.2.3.4.5', '',
             '1.2.3.4 ', 'x', '4294967295', '4294967296', '1.70000'):
    attempt(socket.inet_aton, text)
attempt(socket.inet_aton, 5)
attempt(socket.inet_aton, b'1.2.3.4')
for text in ('127.0.0.1', '1.2.3', '01.2.3.4', '1.2.3.4 ', '::1'):
    attempt(socket.inet_pton, socket.AF_INET, text)
SIX = ('::', '::1', '1::', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', 'fe80::1:0:0:2',
       '::ffff:1.2.3.4', '::1.2.3.4', '1:0:0:2:0:0:0:3', '2001:db8::1', '1:2', ':::', '1::2::3',
       '12345::', '::1.2.3', 'g::', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:1.2.3.4', '', ':1', '1:',
       'ABCD::EF', '0:0:0:0:0:0:0:0', '1:0:3:0:5:0:7:0')
for text in SIX:
    attempt(socket.inet_pton, socket.AF_INET6, text)
    try:
        packed = socket.inet_pton(socket.AF_INET6, text)
    except OSError:
        continue
    print(text, socket.inet_ntop(socket.AF_INET6, packed))
attempt(socket.inet_pton, 99, '1.2.3.4')
attempt(socket.inet_pton, socket.AF_INET, 5)
attempt(socket.inet_ntoa, b'\1\2\3\4')
attempt(socket.inet_ntoa, b'\1\2\3')
attempt(socket.inet_ntoa, 'text')
attempt(socket.inet_ntop, socket.AF_INET, b'\1\2\3\4')
attempt(socket.inet_ntop, socket.AF_INET, b'\1\2\3')
attempt(socket.inet_ntop, 99, b'\1\2\3\4')
attempt(socket.inet_ntop, socket.AF_INET6, bytearray(16))
print(socket.htons(1), socket.htonl(1), socket.ntohs(0x1234), socket.ntohl(0x12345678))
for name in ('htons', 'htonl', 'ntohs', 'ntohl'):
    attempt(getattr(socket, name), -1)
    attempt(getattr(socket, name), 1 << 33)
    attempt(getattr(socket, name), 'x')
attempt(socket.htons, 70000)

print('look-ups')
for args in (('127.0.0.1', 80), ('127.0.0.1', '80'), ('127.0.0.1', None), (None, 80),
             ('::1', 80), ('127.0.0.1', 'http'), (b'127.0.0.1', b'80'), ('127.1', 5)):
    attempt(socket.getaddrinfo, *args)
for kwargs in (dict(type=socket.SOCK_STREAM), dict(proto=socket.IPPROTO_UDP), dict(type=socket.SOCK_RAW),
               dict(family=socket.AF_INET6), dict(flags=socket.AI_CANONNAME), dict(family=12345),
               dict(type=77), dict(flags=socket.AI_NUMERICHOST),
               dict(family=socket.AF_INET6, flags=socket.AI_V4MAPPED, type=socket.SOCK_STREAM)):
    attempt(socket.getaddrinfo, '127.0.0.1', 80, **kwargs)
attempt(socket.getaddrinfo, None, 80, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
attempt(socket.getaddrinfo, None, None)
attempt(socket.getaddrinfo, 'no.such.host.invalid', 80)
attempt(socket.getaddrinfo, 'localhost', 80, flags=socket.AI_NUMERICHOST)
attempt(socket.getaddrinfo, '127.0.0.1', 'no-such-service')
attempt(socket.getaddrinfo, '127.0.0.1', 'http', flags=socket.AI_NUMERICSERV)
attempt(socket.getaddrinfo, 5, 80)
attempt(socket.getaddrinfo, '127.0.0.1', 1.5)
attempt(socket.getaddrinfo, 'localhost', 80, socket.AF_INET, socket.SOCK_STREAM)
print([type(item).__name__ for item in socket.getaddrinfo('127.0.0.1', 1)[0]])
attempt(socket.gethostbyname, 'localhost')
attempt(socket.gethostbyname, '10.2.3.4')
attempt(socket.gethostbyname, '')
attempt(socket.gethostbyname, 'no.such.host.invalid')
attempt(socket.gethostbyname, 5)
print(isinstance(socket.gethostname(), str), socket.gethostname() != '')
attempt(socket.getservbyname, 'http')
attempt(socket.getservbyname, 'http', 'tcp')
attempt(socket.getservbyname, 'http', 'nonsense')
attempt(socket.getservbyname, 'no-such-service')
attempt(socket.getservbyport, 80)
attempt(socket.getservbyport, 80, 'tcp')
attempt(socket.getservbyport, 1 << 20)
attempt(socket.getprotobyname, 'tcp')
attempt(socket.getprotobyname, 'nonsense')
NUMERIC = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
attempt(socket.getnameinfo, ('127.0.0.1', 80), NUMERIC)
attempt(socket.getnameinfo, ('127.0.0.1', 80), socket.NI_NUMERICHOST)
attempt(socket.getnameinfo, ('::1', 80, 0, 0), NUMERIC)
attempt(socket.getnameinfo, ('localhost', 80), NUMERIC)
attempt(socket.getnameinfo, '127.0.0.1', 0)
attempt(socket.getnameinfo, (), 0)

print('constants')
print(socket.AF_INET, repr(socket.SOCK_STREAM), repr(socket.AI_PASSIVE), repr(socket.MSG_PEEK))
print(repr(socket.MSG_PEEK | socket.MSG_OOB), socket.SHUT_RDWR, socket.SOMAXCONN, socket.has_ipv6)
print(socket.has_dualstack_ipv6(), socket.EAGAIN, socket.EBADF)
