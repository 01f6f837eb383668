"""What a file holds, by its name."""

import posixpath

__all__ = ['guess_type', 'guess_extension', 'guess_all_extensions', 'add_type', 'init',
           'types_map', 'suffix_map', 'encodings_map', 'common_types']

suffix_map = {'.svgz': '.svg.gz', '.tgz': '.tar.gz', '.taz': '.tar.gz', '.tz': '.tar.gz',
              '.tbz2': '.tar.bz2', '.txz': '.tar.xz'}
encodings_map = {'.gz': 'gzip', '.Z': 'compress', '.bz2': 'bzip2', '.xz': 'xz', '.br': 'br'}
_KINDS = {
    'application/javascript': '.js .mjs', 'application/json': '.json',
    'application/manifest+json': '.webmanifest', 'application/msword': '.doc .dot .wiz',
    'application/octet-stream': '.bin .a .dll .exe .o .obj .so', 'application/pdf': '.pdf',
    'application/pkcs7-mime': '.p7c', 'application/postscript': '.ps .ai .eps',
    'application/vnd.ms-excel': '.xls .xlb', 'application/vnd.ms-powerpoint': '.ppt .pot .ppa .pps',
    'application/wasm': '.wasm', 'application/x-csh': '.csh', 'application/x-hdf5': '.h5',
    'application/x-latex': '.latex', 'application/x-python-code': '.pyc .pyo',
    'application/x-sh': '.sh', 'application/x-tar': '.tar', 'application/x-tex': '.tex',
    'application/xml': '.xsl .rdf .wsdl .xpdl', 'application/zip': '.zip',
    'audio/3gpp': '.3gp .3gpp', 'audio/aac': '.adts .loas .ass', 'audio/basic': '.au .snd',
    'audio/mpeg': '.mp3 .mp2', 'audio/opus': '.opus', 'audio/x-aiff': '.aif .aifc .aiff',
    'audio/x-wav': '.wav', 'image/avif': '.avif', 'image/bmp': '.bmp', 'image/gif': '.gif',
    'image/ief': '.ief', 'image/jpeg': '.jpg .jpe .jpeg', 'image/heic': '.heic',
    'image/png': '.png', 'image/svg+xml': '.svg', 'image/tiff': '.tiff .tif',
    'image/vnd.microsoft.icon': '.ico', 'message/rfc822': '.eml .mht .mhtml .nws',
    'text/css': '.css', 'text/csv': '.csv', 'text/html': '.html .htm',
    'text/plain': '.txt .bat .c .h .ksh .pl', 'text/richtext': '.rtx',
    'text/tab-separated-values': '.tsv', 'text/x-python': '.py', 'text/x-vcard': '.vcf',
    'text/xml': '.xml', 'video/mp4': '.mp4', 'video/mpeg': '.mpeg .m1v .mpa .mpe .mpg',
    'video/quicktime': '.mov .qt', 'video/webm': '.webm', 'video/x-msvideo': '.avi',
}
types_map = {extension: kind for kind, extensions in _KINDS.items()
             for extension in extensions.split()}
common_types = {'.rtf': 'application/rtf', '.jpg': 'image/jpg', '.mid': 'audio/midi',
                '.midi': 'audio/midi', '.pct': 'image/pict', '.pic': 'image/pict',
                '.pict': 'image/pict', '.webp': 'image/webp', '.xul': 'text/xul'}
knownfiles = ['/etc/mime.types', '/etc/httpd/mime.types', '/etc/httpd/conf/mime.types',
              '/etc/apache/mime.types', '/etc/apache2/mime.types', '/usr/local/etc/mime.types']
inited = False


def init(files=None):
    """Read the files of types that the system has; done at the first question."""
    global inited
    inited = True
    for path in knownfiles if files is None else [*knownfiles, *files]:
        try:
            with open(path, encoding='utf-8') as file:
                for line in file:
                    kind, *extensions = line.partition('#')[0].split() or ['']
                    for extension in extensions:
                        types_map['.' + extension] = kind
        except OSError:
            continue


def guess_type(url, strict=True):
    """The type of what an address or path names, and how it is packed; None where unknown."""
    import os
    if not inited:
        init()
    url = os.fspath(url)
    if isinstance(url, bytes):
        url = url.decode('utf-8', 'surrogateescape')
    scheme, colon, rest = url.partition(':')
    path = rest if colon and '/' not in scheme and scheme else url
    if scheme.lower() == 'data':
        comma = path.find(',')
        if comma < 0:
            return None, None
        kind = path[:comma].split(';')[0]
        return kind if '/' in kind and '=' not in kind else 'text/plain', None
    base, extension = posixpath.splitext(path)
    while extension.lower() in suffix_map:
        base, extension = posixpath.splitext(base + suffix_map[extension.lower()])
    encoding = encodings_map.get(extension)
    if encoding is not None:
        base, extension = posixpath.splitext(base)
    kind = types_map.get(extension.lower())
    if kind is None and not strict:
        kind = common_types.get(extension.lower())
    return kind, encoding


def guess_all_extensions(type, strict=True):
    """The extensions of files of the type."""
    if not inited:
        init()
    type = type.lower()
    maps = [types_map] if strict else [types_map, common_types]
    return list(dict.fromkeys(extension for known in maps for extension, kind in known.items()
                              if kind == type))


def guess_extension(type, strict=True):
    """The most common extension of files of the type."""
    extensions = guess_all_extensions(type, strict)
    return extensions[0] if extensions else None


def add_type(type, ext, strict=True):
    """Let files with the extension be of the type."""
    (types_map if strict else common_types)[ext] = type
