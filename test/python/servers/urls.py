"""urllib.parse, html, mimetypes, and the parts of email that HTTP needs."""
import email
import email.message
import email.utils
import html
import mimetypes
from urllib.parse import (
    parse_qs, parse_qsl, quote, quote_from_bytes, quote_plus, unquote, unquote_plus,
    unquote_to_bytes, urldefrag, urlencode, urljoin, urlparse, urlsplit, urlunparse, urlunsplit,
)


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error)
    else:
        print('->', repr(result))


URLS = ['http://user:pass@Host.Example:8080/a/b;p=1?q=1&r=2#frag', '', '/path', '//host/path', 'a:b',
        'mailto:someone@example.org', 'http://[::1]:80/x', 'http://[::1/x', 'HTTP://A', '?q', '#f',
        'file:///etc/passwd', 'http://a/b?c?d#e#f', 'http:', 'x-y.z+1:rest', '1a:b', 'http://h:/',
        'http://h:99999/', 'http://h:x/', '  http://space/ ', 'http://a\tb/\nc', 'http://h;x/p;q']
for url in URLS:
    print(url)
    attempt(urlsplit, url)
    attempt(urlparse, url)
    try:
        parts = urlsplit(url)
    except ValueError:
        continue
    print(urlunsplit(parts), urlunparse(urlparse(url)), parts.geturl(), urldefrag(url))
    print(parts.username, parts.password, parts.hostname, end=' ')
    attempt(lambda: parts.port)
attempt(urlsplit, b'http://h/p?q')
print(urlsplit(b'http://u:p@H:80/p').hostname, urlsplit(b'http://h:80').port, urldefrag(b'a#b'))
print(urlsplit(b'http://h/p').geturl(), urlparse('a;b').encode(), urlparse(b'a;b').decode())
attempt(urlsplit, 'http://h', b'x')
attempt(urlsplit, '/x', 'ftp')
attempt(urlsplit, 'http://a/b#c', '', False)
print('join')
BASE = 'http://a/b/c/d;p?q'
for url in ('g', './g', 'g/', '/g', '//g', '?y', 'g?y', '#s', 'g#s', ';x', 'g;x', '', '.', './', '..',
            '../', '../g', '../..', '../../', '../../g', '../../../g', '/./g', '/../g', 'g.', '..g',
            './../g', './g/.', 'g/./h', 'g/../h', 'http:g', 'mailto:x', 'http://other/x'):
    print(url, urljoin(BASE, url))
attempt(urljoin, '', 'x')
attempt(urljoin, b'http://a/b', b'c')
print('quoting')
for text in ('abc', 'a b', 'a/b', 'ü', '100%', 'a+b&c=d', '~-._', '', '€\udcff'):
    attempt(quote, text)
    attempt(quote_plus, text)
attempt(quote, 'a/b', safe='')
attempt(quote, b'\xff/')
attempt(quote, 'ü', encoding='latin-1')
attempt(quote, b'x', encoding='utf-8')
attempt(quote, 5)
attempt(quote_from_bytes, 'x')
for text in ('a%20b', '%C3%BC', '%', '%zz', '%c3', 'ü%20', 'a+b', '%41%42', '', '%E2%82%ACx'):
    attempt(unquote, text)
    attempt(unquote_plus, text)
    attempt(unquote_to_bytes, text)
attempt(unquote, '%FC', encoding='latin-1')
attempt(unquote, b'%41')
for query in ('a=1&b=2', 'a=1&a=2', 'a=&b', '', '&&a=1', 'a=%20+x', 'a=1;b=2', 'ü=%C3%BC', '=x'):
    attempt(parse_qsl, query)
    attempt(parse_qs, query, keep_blank_values=True)
attempt(parse_qs, 'a=1;b=2', separator=';')
attempt(parse_qs, 'a', strict_parsing=True)
attempt(parse_qs, 'a=1&b=2&c=3', max_num_fields=2)
attempt(parse_qs, b'a=1')
attempt(parse_qs, 'a=1', separator='')
attempt(urlencode, {'a': 1, 'b': 'x y', 'ü': '&'})
attempt(urlencode, [('a', [1, 2]), ('b', 'xy')])
attempt(urlencode, [('a', [1, 2]), ('b', 'xy')], doseq=True)
attempt(urlencode, {'a': b'\xff'}, quote_via=quote)
attempt(urlencode, 'text')
attempt(urlencode, 5)

print('html')
attempt(html.escape, '<a href="x">\'&</a>')
attempt(html.escape, '<"\'>', quote=False)
attempt(html.unescape, '&lt;&amp;&gt;&quot;&#39;&#x27;&nbsp;&unknown;& &#65;')

print('types')
for name in ('a.txt', 'a.HTML', 'a.tar.gz', 'a.tgz', 'a.png', 'a.json', 'a', 'a.unknown', 'a.css',
             'a.svg', 'a.pdf', 'http://h/x.jpg?q', 'data:text/html,x', 'data:,x', 'a.gz', 'dir/a.py'):
    print(name, mimetypes.guess_type(name))
print(mimetypes.guess_extension('image/png'), mimetypes.guess_extension('no/such'), mimetypes.guess_type('x.webp', strict=False))

print('messages')
message = email.message_from_string(
    'Subject: hello\nTo: a@b\nX-Long: one\n two\nContent-Type: Text/HTML; charset="UTF-8"; x=y\n\nbody\n')
print(message.keys(), message['subject'], message['SUBJECT'], message['none'], len(message))
print(repr(message['x-long']), message.get_content_type(), message.get_content_charset())
print(message.get_param('x'), message.get_params(), message.get_payload(), 'to' in message)
print(message.get_content_maintype(), message.get_content_subtype(), message.is_multipart())
message['To'] = 'c@d'
print(message.get_all('to'), message.get_all('none'), message.get_all('none', 5))
del message['To']
message.add_header('Content-Disposition', 'attachment', filename='a"b.txt')
print(message['content-disposition'], message.get_filename(), message.get_content_disposition())
message.replace_header('subject', 'changed')
attempt(message.replace_header, 'none', 'x')
print(message.items())
made = email.message.Message()
made['A'] = '1'
made.set_payload('text')
print(made.as_string(), bytes(made), made.get_content_type(), made.values())

print('dates')
for when in (0, 1_000_000_000, 1_700_000_000.9):
    print(email.utils.formatdate(when), '|', email.utils.formatdate(when, usegmt=True))
for text in ('Sun, 09 Sep 2001 01:46:40 GMT', '09 Sep 2001 01:46:40 +0200', 'Sun, 9 Sep 01 01:46 -0500',
             'Sunday, 09-Sep-01 01:46:40 GMT', 'Sun Sep  9 01:46:40 2001', 'nonsense', ''):
    fields = email.utils.parsedate_tz(text)
    print(text, fields, fields and fields[9] is not None and email.utils.mktime_tz(fields))
print(email.utils.parseaddr('A Name <a@b.c>'), email.utils.formataddr(('A. Name', 'a@b')))
