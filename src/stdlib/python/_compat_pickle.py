"""What modules, functions and classes of Python 3 are called in Python 2, for pickles of
protocols 0 to 2."""

_MODULES = """
    __builtin__ builtins  copy_reg copyreg  Queue queue  SocketServer socketserver
    ConfigParser configparser  repr reprlib  markupbase _markupbase  _winreg winreg
    thread _thread  dummy_thread _dummy_thread  xmlrpclib xmlrpc.client
    SimpleXMLRPCServer xmlrpc.server  httplib http.client  htmlentitydefs html.entities
    HTMLParser html.parser  Cookie http.cookies  cookielib http.cookiejar
    BaseHTTPServer http.server  test.test_support test.support  commands subprocess
    urlparse urllib.parse  robotparser urllib.robotparser  urllib2 urllib.request
    dbhash dbm.bsd  dumbdbm dbm.dumb  dbm dbm.ndbm  gdbm dbm.gnu  anydbm dbm
    Tkinter tkinter  ttk tkinter.ttk  Tix tkinter.tix  tkFont tkinter.font
    tkFileDialog tkinter.filedialog  tkSimpleDialog tkinter.simpledialog
    tkColorChooser tkinter.colorchooser  tkCommonDialog tkinter.commondialog
    tkMessageBox tkinter.messagebox  Dialog tkinter.dialog  Tkdnd tkinter.dnd
    ScrolledText tkinter.scrolledtext  Tkconstants tkinter.constants
    _abcoll collections.abc
""".split()

# Modules of Python 2 that became part of another one.
_MERGED = """
    cPickle pickle  _elementtree xml.etree.ElementTree  FileDialog tkinter.filedialog
    SimpleDialog tkinter.simpledialog  DocXMLRPCServer xmlrpc.server
    SimpleHTTPServer http.server  CGIHTTPServer http.server  UserDict collections
    UserList collections  UserString collections  whichdb dbm  StringIO io  cStringIO io
""".split()

# Modules of Python 3 that were part of another one.
_SPLIT = """
    _bz2 bz2  _dbm dbm  _functools functools  _gdbm gdbm  _pickle pickle
""".split()

_NAMES = """
    __builtin__.xrange builtins.range  __builtin__.reduce functools.reduce
    __builtin__.intern sys.intern  __builtin__.unichr builtins.chr
    __builtin__.unicode builtins.str  __builtin__.long builtins.int
    itertools.izip builtins.zip  itertools.imap builtins.map
    itertools.ifilter builtins.filter  itertools.ifilterfalse itertools.filterfalse
    itertools.izip_longest itertools.zip_longest
    UserDict.IterableUserDict collections.UserDict  UserList.UserList collections.UserList
    UserString.UserString collections.UserString  whichdb.whichdb dbm.whichdb
    _socket.fromfd socket.fromfd
    _multiprocessing.Connection multiprocessing.connection.Connection
    multiprocessing.process.Process multiprocessing.context.Process
    multiprocessing.forking.Popen multiprocessing.popen_fork.Popen
    urllib.ContentTooShortError urllib.error.ContentTooShortError
    urllib2.HTTPError urllib.error.HTTPError  urllib2.URLError urllib.error.URLError
""".split()

_URLLIB = {
    'urllib.request': 'getproxies pathname2url url2pathname urlcleanup urlopen urlretrieve',
    'urllib.parse': 'quote_plus quote unquote_plus unquote urlencode',
}

_EXCEPTIONS = """
    ArithmeticError AssertionError AttributeError BaseException BufferError BytesWarning
    DeprecationWarning EOFError EnvironmentError Exception FloatingPointError FutureWarning
    GeneratorExit IOError ImportError ImportWarning IndentationError IndexError KeyError
    KeyboardInterrupt LookupError MemoryError NameError NotImplementedError OSError
    OverflowError PendingDeprecationWarning ReferenceError RuntimeError RuntimeWarning
    StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TypeError
    UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
    UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
""".split()

# Exceptions that are newer than Python 2: it gets their base.
_NEW_OSERRORS = """
    BrokenPipeError ChildProcessError ConnectionAbortedError ConnectionError
    ConnectionRefusedError ConnectionResetError FileExistsError FileNotFoundError
    InterruptedError IsADirectoryError NotADirectoryError PermissionError ProcessLookupError
    TimeoutError
""".split()


def _pairs(words):
    return zip(words[::2], words[1::2])


def _dotted(name):
    return tuple(name.rsplit('.', 1))


IMPORT_MAPPING = dict(_pairs(_MODULES))
REVERSE_IMPORT_MAPPING = {new: old for old, new in IMPORT_MAPPING.items()}
IMPORT_MAPPING.update(_pairs(_MERGED))
REVERSE_IMPORT_MAPPING.update(_pairs(_SPLIT))

NAME_MAPPING = {_dotted(old): _dotted(new) for old, new in _pairs(_NAMES)}
for _module, _names in _URLLIB.items():
    NAME_MAPPING.update((('urllib', name), (_module, name)) for name in _names.split())
NAME_MAPPING.update((('exceptions', name), ('builtins', name)) for name in _EXCEPTIONS)
NAME_MAPPING.update(
    (('multiprocessing', name), ('multiprocessing.context', name))
    for name in ('AuthenticationError', 'BufferTooShort', 'ProcessError', 'TimeoutError'))

REVERSE_NAME_MAPPING = {new: old for old, new in NAME_MAPPING.items()}
REVERSE_NAME_MAPPING['_functools', 'reduce'] = '__builtin__', 'reduce'
REVERSE_NAME_MAPPING['http.server', 'CGIHTTPRequestHandler'] = (
    'CGIHTTPServer', 'CGIHTTPRequestHandler')
REVERSE_NAME_MAPPING['http.server', 'SimpleHTTPRequestHandler'] = (
    'SimpleHTTPServer', 'SimpleHTTPRequestHandler')
REVERSE_NAME_MAPPING['_socket', 'socket'] = 'socket', '_socketobject'
for _name in _NEW_OSERRORS:
    REVERSE_NAME_MAPPING['builtins', _name] = 'exceptions', 'OSError'
REVERSE_NAME_MAPPING['builtins', 'ModuleNotFoundError'] = 'exceptions', 'ImportError'

NAME_MAPPING['__builtin__', 'basestring'] = 'builtins', 'str'
NAME_MAPPING['exceptions', 'StandardError'] = 'builtins', 'Exception'
NAME_MAPPING['UserDict', 'UserDict'] = 'collections', 'UserDict'
NAME_MAPPING['socket', '_socketobject'] = 'socket', 'SocketType'
