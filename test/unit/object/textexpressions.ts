/** Python expressions on text, for comparison with CPython: one a line. */

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** str: searching, splitting, case, padding, slicing, codecs, errors. */
export const strings: readonly string[] = lines(String.raw`
" a  b ".rsplit(None,1)
"  a b  c ".split(None,1)
"  a b  c ".split(maxsplit=2)
"a,b,,c".split(",")
"a,b,,c".rsplit(",",2)
"abc".split("")
"abc".rsplit("")
"".split()
"".split(",")
"aXXbXXc".split("XX",1)
"aXXbXXc".rsplit("XX",1)
"ab\ncd\r\nef\x0bgh\x1cij\x85kl\u2028mn".splitlines()
"ab\ncd\r\n".splitlines(keepends=True)
"中文字中".split("中")
"a中b".partition("中")
"a.b.c".rpartition(".")
"abc".partition("x")
"abc".rpartition("x")
"Hello World".swapcase()
"hello wORLD o'neil".title()
"hELLO".capitalize()
"ǆabc".title()
"ǆabc".capitalize()
"straße".upper()
"ΑΣ ΣΑ".lower()
"İI".lower()
"ﬁx".title()
"ﬁx".upper()
"STRASSE ß".casefold()
"Ꭰ".casefold()
"aBc1".isalnum()
"٣".isdigit()
"²".isdigit()
"²".isdecimal()
"½".isnumeric()
"一".isnumeric()
"ab c".isalpha()
"".isalpha()
"".isprintable()
"a\n".isprintable()
"Abc Def".istitle()
"ABC1".isupper()
"abc1".islower()
"1".islower()
"ǅ".istitle()
"a_1".isidentifier()
"1a".isidentifier()
"é".isidentifier()
"\x1f".isspace()
"abc".center(10,"*")
"abc".center(9,"*")
"ab".center(5)
"abc".ljust(6,"中")
"abc".rjust(6,"-")
"-42".zfill(6)
"+4".zfill(1)
"".zfill(3)
"a\tbc\td".expandtabs()
"a\tbc\n\td".expandtabs(4)
"a\tb".expandtabs(0)
"a\tb".expandtabs(tabsize=2)
"xxabcxx".strip("x")
"xyabcyx".lstrip("xy")
"xyabcyx".rstrip("xy")
"  abc  ".strip()
"\u3000abc\u2003".strip()
"abc".strip(None)
"abc".replace("b","")
"aaa".replace("a","b",2)
"aaa".replace("a","中")
"中a中".replace("中","b")
"abc".replace("","-")
"abc".replace("","-",2)
"".replace("","x")
"".replace("","x",0)
"abc".replace("x","y")
"aaaa".replace("aa","b")
"abcabc".find("c",3)
"abcabc".find("c",-3,-1)
"abcabc".rfind("c")
"abc".find("",3)
"abc".find("",4)
"abc".rfind("")
"abc".index("b")
"abc".count("")
"aaaa".count("aa")
"中文中".count("中")
"abc".find("中")
"中文".find("a")
"中文é".find("é")
"aé".find("é")
"abc".startswith("b",1)
"abc".startswith(("x","a"))
"abc".endswith("bc")
"abc".endswith(("x",""))
"abc".startswith("")
"abc".startswith("",4)
"abc".removeprefix("ab")
"abc".removesuffix("c")
"abc".removesuffix("")
"-".join(["a","b","c"])
"-".join("abc")
"".join(())
"".join(["abc"])
"中".join(["a","b"])
"a".join(["中"])
",".join({"x":1,"y":2})
"abc"*3
"a"*0
3*"ab"
"中"*3
"abc"[1]
"abc"[-1]
"abc"[::-1]
"abc"[::2]
"abcdef"[1:4]
"abcdef"[4:1:-1]
"abcdef"[-3:]
"中文字"[1:]
"ab中"[0:2]
"abc"[10:]
"abc"[:10]
"abc" < "abd"
"abc" == "abc"
"abc" != "abd"
"abc" >= "ab"
"a" < "中"
"b" in "abc"
"" in "abc"
"中" in "abc"
"abc" in "ab"
"a" + "中"
"é" + "a"
len("a中𝒳")
len("")
repr("a'b")
repr('a"b')
repr("a'\"b")
repr("\x00\x1f\x7f\x80\xa0\xad\u0378\ue000\u2028\U0001f600\ud800")
ascii("é中𝒳")
str(5)
str(1.5)
str(None)
str([1,"a"])
str(object="x")
str()
"abc".translate({97:"xyz",98:None,99:0x4e2d})
"abc".translate(str.maketrans("ab","xy","c"))
"abc".translate({})
str.maketrans({"a":1,98:"x"})
str.maketrans("a","b")
"abc".translate([1,2])
"a".__add__("b")
"a".__mul__(3)
"a".__rmul__(3)
"a".__contains__("a")
"a".__len__()
"a".__getitem__(0)
"a".__eq__(1)
"a".__lt__("b")
"a".__str__()
"a".__repr__()
"a".__sizeof__()
"é".__sizeof__()
"中".__sizeof__()
"𝒳".__sizeof__()
"a".__getnewargs__()
"abc".encode("utf-16-le")
hash("") == 0
hash("a") == hash("a")
"a" is "a"[0:1]
"abc".foo
str.upper("a")
str.join("-",["a"])
str.upper(1)
str.upper()
list("a中")
list("")
tuple("ab")
"abc".__iter__().__length_hint__()
"a".join(["b",1])
"a".__getitem__("x")
"x".__add__(1)
"é".upper()
"ÿ".upper()
"µ".upper()
"ß".title()
"aé".swapcase()
"ABCÀ".lower()
"abc".find("b",None,None)
"abc".find("b",0,None)
"abc".count("b",1.5)
"a\x00b".split("\x00")
"abc".ljust(-5)
"abc"[1:2][0]
"ab" > "a"
"\ud800".encode("utf-8","replace")
"a\ud800b".encode("ascii","ignore")
"\udc80".encode("ascii","surrogateescape")
"é".encode("latin-1")
"ab".encode("cp1252")
"€".encode("cp1252")
"Ж".encode("koi8-r")
"Ж".encode("cp1251")
"é".encode("iso8859-15")
"a".encode("utf_16_be")
"a".find(1)
"a".find()
"a".find("a",1,2,3)
"a".find("a","x")
"a".count(1)
"a".index("z")
"a".rindex("z")
"a".replace(1,2)
"a".replace("a",2)
"a".replace("a")
"a".replace("a","b","c")
"a".split(1)
"a".split("")
"a".split("a","b")
"a".split(sep="a",foo=1)
"a".split(1,2,3)
"a".splitlines(1,2)
"a".startswith(1)
"a".startswith((1,))
"a".startswith()
"a".endswith(1)
"a".center("b")
"a".center(5,"ab")
"a".center(5,1)
"a".center()
"a".ljust(5,b"a")
"a".zfill("a")
"a".partition(1)
"a".partition("")
"a".strip(1)
"a".strip("a","b")
"a".join(1)
"a".join([1])
"a".join(["a",b"b"])
"a".removeprefix(1)
"a".expandtabs("a")
"a".encode(1)
"a".encode("foo")
"a".encode("utf-8",1)
"\ud800".encode()
"é".encode("ascii")
"é€".encode("latin-1")
"é€x".encode("ascii")
"a"+1
1+"a"
"a"*"b"
"a"["a"]
"a"[5]
"a"[1.5]
1 in "a"
"a".translate(1)
"a".translate({97:1.5})
"a".translate({97:0x110000})
str.maketrans(1)
str.maketrans("a","bc")
str.maketrans("a",1)
str.maketrans({"ab":1})
str.maketrans({1.5:1})
str.maketrans("a","b",1)
str(1,"utf-8")
str("a","utf-8")
str(object=1)
str(1,2,3,4)
str(x=1)
"a".isidentifier(1)
"a".upper(1)
"a".encode(encoding="ascii",errors="strict",x=1)
"a" < 1
"abc".__getitem__(slice(0,2,0))
int("a".zfill(3),16)
"a€𝒳".encode("utf-16")
"a€".encode("utf-16-be")
"\ud800".encode("utf-16")
"a𝒳".encode("utf-32-le")
"é€\ud800".encode("ascii","backslashreplace")
"é€".encode("ascii","xmlcharrefreplace")
"é€".encode("ascii","replace")
"é€".encode("ascii","ignore")
"\udcff".encode("utf-8","surrogateescape")
"\ud800".encode("utf-8","surrogatepass")
"é".encode("ascii","foo")
"a".encode("ascii","foo")
"\u4e2d".encode("cp1252")
"é".encode("iso-8859-15")
"a".encode("utf-8-sig")
"abc".encode("UTF8")
"abc".encode("Latin_1")
"\u20ac".encode("latin1")
`);

/** bytes and bytearray. */
export const binary: readonly string[] = lines(String.raw`
str(b"abc","ascii")
str(b"\xff","ascii","replace")
b"abc".__sizeof__()
bytearray(b"abc").__sizeof__()
"a".encode().decode()
bytes([65,66]).decode()
bytes("é","utf-8")
bytearray(b"abc").pop()
b"a,b".split(b",")
b" a  b ".split()
b"ab"*2
b"a" in b"abc"
b"abc"[0]
b"abc"[1:]
bytearray(b"abc")[::-1]
b"abc".upper()
b"%d" % 5
b"\x80\x81".decode("cp1252","replace")
b"\xff".decode()
b"a\xffb".decode("ascii")
b"\xe2\x82".decode()
b"\xed\xa0\x80".decode()
str(b"a","foo")
str(b"a",errors="strict")
bytes("a")
bytes(-1)
bytes([256])
bytes(["a"])
bytes(1.5)
bytes("a","ascii",1)
bytes(1,"a")
b"a"+"a"
b"a"+1
b"a"[5]
b"a"["a"]
"a" in b"a"
300 in b"a"
b"a".find("a")
b"a".find(300)
b"a".split("a")
b"a".split(b"")
b"a".join([1])
b"a".join(1)
b"a".replace("a",b"b")
b"a".startswith("a")
b"a".startswith((1,))
b"a".strip("a")
b"a".center(5,"a")
b"a".center(5,b"ab")
b"a".partition("a")
bytes.fromhex("zz")
bytes.fromhex("1")
bytes.fromhex(1)
b"a".hex("ab")
b"abc".hex(":",2)
b"a".translate(b"a")
bytes.maketrans(b"a",b"bc")
b"a".decode("foo")
b"%d" % 1
b"%s" % "a"
b"a" % 1
bytearray("a")
bytearray(b"a").append(256)
bytearray(b"a").append("a")
bytearray().pop()
bytearray(b"a").pop(5)
bytearray(b"a").remove(5)
bytearray(b"a").extend("a")
bytearray(b"a").extend(1)
bytearray(b"a").insert("a",1)
bytearray(b"a").__setitem__(0,256)
bytearray(b"a").__setitem__(0,"a")
bytearray(b"a").__setitem__(5,1)
bytearray(b"a").__setitem__(slice(0,1),"a")
bytearray(b"abcd").__setitem__(slice(0,4,2),b"a")
hash(bytearray())
b"abc".removeprefix("a")
b"a" < "a"
b"%b|%s|%a|%r|%c|%c|%5d|%-5x|%.2f" % (b"a",bytearray(b"b"),"é","x",65,b"z",3,255,1.5)
b"%c" % 256
b"%c" % "a"
b"%c" % b"ab"
b"%(a)s" % {b"a":b"x"}
b"%(a)s" % {"a":b"x"}
b"%d" % "a"
b"%z" % 1
b"%s" % 1
b"%5s|%-5s|%.1s" % (b"a",b"b",b"cd")
repr(b"a'b")
repr(b"a'b\"")
repr(b"\x00\t\n\r\\\xff")
repr(bytearray(b"a'b"))
str(b"abc")
bytes("a","ascii","strict")
bytes(b"a",errors="strict")
bytes(source=b"a")
bytes(x=1)
bytes(1,2,3,4)
bytes([1,2,3])
bytes(range(3))
bytes((1,2))
bytes({1:2})
bytes(5)
bytes(10**30)
bytes([10**30])
bytes(None)
bytes(True)
bytearray(None)
bytearray(3)
bytearray("é","latin-1")
bytearray([1,2]).__alloc__()
bytearray(b"abc")[1:2]
bytearray(b"abc")[5]
bytearray(b"abc")["a"]
bytearray(b"abc")+b"d"
b"abc"+bytearray(b"d")
bytearray(b"a")*3
bytearray(b"abc")==b"abc"
b"abc"<bytearray(b"abd")
b"a"==1
b"a"==[97]
b"a"<1
bytearray(b"a").__iadd__(1)
bytearray().insert(5,1)
bytearray(b"a").index(b"z")
b"a".index(b"z")
b"a".rindex(98)
bytearray(b"abc").copy()
bytearray(b"abc").reverse()
bytearray.fromhex("0a 0b")
bytes.fromhex("0a0B ff")
bytes.fromhex(" 0a\n")
bytes.fromhex("0 a")
bytes.fromhex("é")
b"\x00\xff".hex()
b"abcd".hex(" ")
b"abcde".hex("-",2)
b"abcde".hex("-",-2)
b"abcde".hex(sep=b"-")
b"abc".hex(1)
b"abc".hex("é")
bytes.maketrans(b"ab",b"xy")[97:99]
bytes.maketrans("a",b"b")
b"abc".translate(None,b"b")
b"abc".translate(bytes.maketrans(b"a",b"z"),b"c")
b"abc".translate(None,delete=b"a")
b"abc".translate(1)
list(b"ab")
list(bytearray(b"ab"))
b"abc"[1]
b"abc"[-1]
b"abc"[::-1]
b"abc"[10**30]
97 in b"abc"
b"bc" in b"abc"
"a" in b"abc"
-1 in b"abc"
1.5 in b"abc"
bytearray(b"a").pop("x")
bytearray(b"abc").pop(0)
bytearray(b"a").remove("a")
bytearray(b"a").extend([1,"a"])
bytearray(b"a").extend([256])
bytearray(b"a").append(1.5)
bytearray(b"a").__delitem__(5)
bytearray(b"a").__setitem__(slice(0,1),5)
bytearray(b"a").__setitem__("a",5)
bytearray(b"a").__setitem__(slice(0,1),[300])
b"a b".split(None,0)
b" a  b ".rsplit(None,1)
b"a,b,c".rsplit(b",",1)
b"".split()
b"".split(b",")
b"a\r\nb\nc\r".splitlines(True)
b"abc".center(7,b"*")
b"-5".zfill(5)
b"a\tb".expandtabs(4)
b"hello world".title()
b"ABC".swapcase()
b"aXa".replace(b"a",b"bb",1)
b"abc".replace(b"",b"-",2)
b",".join([b"a",bytearray(b"b")])
bytearray(b",").join([b"a"])
b"abc".find(b"c",-1)
b"abc".count(b"")
b"aaa".count(b"aa")
b"abc".startswith((b"x",b"a"))
hash(b"a")==hash(b"a")
b"abc".decode(encoding="ascii")
b"abc".decode("ascii",foo=1)
bytearray(b"abc").decode()
b"\xff\xfea\x00".decode("utf-16")
b"a\x00\x00".decode("utf-16-le")
b"\x00\xd8a\x00".decode("utf-16-le")
b"\x00\xdca\x00".decode("utf-16-le")
b"\x00\xd8".decode("utf-16-le")
b"a\x00\x00".decode("utf-32-le")
b"\x00\x00\x11\x00".decode("utf-32-le")
b"\x00\xd8\x00\x00".decode("utf-32-le")
b"a\xff\xe2\x82z".decode("utf-8","replace")
b"a\xff\xe2\x82z".decode("utf-8","ignore")
b"a\xff".decode("utf-8","backslashreplace")
b"a\xff".decode("utf-8","surrogateescape")
b"\xed\xa0\x80".decode("utf-8","surrogatepass")
b"\xf0\x9f\x92".decode("utf-8","replace")
b"\xf0\x80\x80\x80".decode("utf-8","replace")
b"\xc0\x80".decode("utf-8","replace")
b"\xff".decode("foo")
b"\xe9".decode("cp1252")
b"\x81".decode("cp1252")
b"\xef\xbb\xbfa".decode("utf-8-sig")
b"x".decode("utf_8")
b"\xff".decode("ascii","replace")
b"\xff".decode("ascii","surrogateescape")
`);

/** memoryview. */
export const views: readonly string[] = lines(`
memoryview(5)
memoryview()
memoryview(b"abc")[1]
memoryview(b"abc")[-1]
memoryview(b"abc")[5]
memoryview(b"abc")["a"]
memoryview(b"abcdef")[1:4].tobytes()
memoryview(b"abcdef")[::2].tobytes()
memoryview(b"abcdef")[::-1].tolist()
memoryview(b"abcdef")[1:5][::2].tobytes()
len(memoryview(b"abc"))
memoryview(b"abc").nbytes
memoryview(b"abc").readonly
memoryview(bytearray(b"abc")).readonly
memoryview(b"abc").format
memoryview(b"abc").itemsize
memoryview(b"abc").ndim
memoryview(b"abc").shape
memoryview(b"abcd")[::2].strides
memoryview(b"abc").obj
memoryview(b"abc").contiguous
memoryview(b"abcd")[::2].contiguous
memoryview(b"abc") == b"abc"
memoryview(b"abc") == bytearray(b"abd")
memoryview(b"abc") != b"abc"
memoryview(b"abc") == 5
memoryview(b"abcd")[::2] == b"ac"
hash(memoryview(b"abc")) == hash(b"abc")
hash(memoryview(bytearray(b"abc")))
memoryview(b"abc").hex()
memoryview(b"abc").tolist()
bytes(memoryview(b"abc"))
bytearray(memoryview(b"abc"))
b"x" + memoryview(b"abc")
b"".join([memoryview(b"ab"), b"c"])
list(memoryview(b"abc"))
memoryview(b"abc").__setitem__(0,1)
memoryview(bytearray(b"abc")).__setitem__(0,65)
memoryview(bytearray(b"abc")).__setitem__(0,256)
memoryview(bytearray(b"abc")).__setitem__(0,"a")
memoryview(bytearray(b"abc")).__setitem__(9,1)
memoryview(bytearray(b"abc")).__setitem__(slice(0,2),b"xy")
memoryview(bytearray(b"abc")).__setitem__(slice(0,2),b"xyz")
memoryview(bytearray(b"abc")).__setitem__(slice(0,2),5)
memoryview(bytearray(b"abc")).__delitem__(0)
memoryview(b"abc") < b"abd"
str(memoryview(b"abc"),"ascii")
memoryview(memoryview(b"abc")).tobytes()
97 in memoryview(b"abc")
memoryview(b"abc").tobytes().decode()
b"abc".find(memoryview(b"c"))
bytearray(b"abc").__iadd__(memoryview(b"d"))
memoryview(b"abc")[0:2].obj
memoryview(object=b"a").tolist()
`);

/** `%` formatting, str.format and format specifications. */
export const formats: readonly string[] = lines(String.raw`
"%5%" % (1,)
"%-%" % 1
"%%" % ()
"%0.3d|%+.3d|%#.5x" % (5,5,5)
"%05s" % "a"
"%.0s" % "abc"
"%5c|" % "x"
"%05c|" % "x"
"%d" % True
"%d" % 10**20
"%x" % -255
"%#o" % -8
"%08.3f" % -3.14159
"%+08.3f" % 3.14159
"% 08.3f" % 3.14159
"%#g" % 1.0
"%.100f" % 1.5
"%(a)d %(b)s %%" % {"a":1,"b":2}
"%(a(b)c)s" % {"a(b)c":3}
"%(a)*d" % {"a":3}
"%*d|%-*d|" % (5,1,5,2)
"%*d|" % (-5,1)
"%.*d|" % (-5,1)
"%s" % ()
"%s" % ((),)
"%s %s" % (1,)
"%99999999999999999999d" % 1
"%.99999999999999999999d" % 1
"%u" % -1
"%x" % True
"%c" % 65
"%c" % ""
"%c" % True
"é%s" % "中"
"%r" % "\n"
"%5.1r|" % "abc"
"%s" % b"a"
"%i%%" % 5
"%e" % 5
"%g" % 10**400
"%(x" % {}
"%()s" % {"":1}
"%l" % 1
"%." % 1
"%.5" % 1
"%5" % 1
"%h d" % 1
"%\x00" % 1
"%\u4e2d" % 1
"{:{}}".format("a",5)
"{:{}.{}}".format("abcdef",10,3)
"{0!r:>10}".format("a")
"{:{:{}}}".format(1,2,3)
"{a.b[c]}".format(a=1)
"{0[0]}{1[a]}".format([1],{"a":2})
"{[0]}".format([5])
"{.real}".format(5)
"{!s}".format(5)
"{!a}".format("é")
"{!}".format(1)
"{!rx}".format(1)
"{0[0}".format(1)
"{0[0]x}".format([1])
"{0.}".format(1)
"{{}}".format()
"{{{}}}".format(1)
"}{".format(1)
"{a{b}}".format(1)
"{0:{1}}".format(5,"05d")
"{:\x00}".format(1)
"{a}".format_map({"a":1})
"{}".format_map({"a":1})
"{0}".format_map({"a":1})
"{a}".format_map({})
"{-1}".format(1)
"{ 0}".format(1)
"{99999999999999999999}".format(1)
"{0[99999999999999999999]}".format([1])
"{0[-1]}".format([1])
"{0!\u4e2d}".format(1)
"{:s}".format(5)
"{!r:^{w}}".format("x",w=9)
"%s" .__mod__("x")
"a".__rmod__("%s")
"a".__format__(">5")
"{0:>10}|{0:<10}|{0:^10}".format("ab")
"{:05d}|{:,}|{:.2f}|{:x}|{:e}".format(42,1234567,3.14159,255,12345.678)
"{a}{b}".format(a=1,b=[1,2])
"{0[0]} {0[1]} {1[k]}".format([1,2],{"k":"v"})
"{!r} {!s}".format("a","b")
"{{}} {}".format(1)
"{:>{w}.{p}f}".format(3.14159,w=10,p=2)
"{:%}".format(0.5)
"{:c}".format(65)
"{:b}".format(5)
"{:#x}".format(255)
"{:+}".format(5)
"{:n}".format(5)
"{}".format(True)
"{:d}".format(True)
"{:5}".format(True)
"{:>5}".format(None)
"{}".format(None)
"{:中>5}".format("a")
"{:.1}".format("abc")
"%s %r %d %5.2f %x %c %%" % ("a","b",3,2.5,255,"z")
"%(x)s-%(y)05d" % {"x":1,"y":2}
"%s" % (1,)
"%s" % [1,2]
"%-10s|" % "ab"
"%+d" % 5
"%e" % 12345.678
"%g" % 0.0001
"%g" % 1e-5
"%g" % 123456789.0
"%.3g" % 1234.5
"%10.3e|" % 1.5
"%5d|%-5d|%05d" % (1,2,3)
"%5s" % "中"
"%s%s%s" % ("é","中","𝒳")
"{:10}|".format("é")
"%s" % "\ud800"
"a".format_map()
"{".format()
"}".format()
"{}".format()
"{0} {}".format(1,2)
"{} {0}".format(1,2)
"{a}".format()
"{!x}".format(1)
"{!r".format(1)
"{:d}".format("a")
"{0.x}".format(1)
"{0[}".format(1)
"{0[]}".format(1)
"{0x}".format(1)
"{0[a]}".format([1])
"%d" % "a"
"%d %d" % 1
"%d" % (1,2)
"%s" % (1,2)
"%z" % 1
"%" % 1
"%(a)s" % 1
"%(a)s" % {"b":1}
"%(a" % {"a":1}
"%c" % "ab"
"%c" % 1.5
"%c" % -1
"%c" % 0x110000
"%x" % 1.5
"%d" % 1.5
"%f" % "a"
"%*d" % ("a",1)
"%.*f" % ("a",1)
"a" % 1
"a" % {"a":1}
"a" % [1]
"a" % ()
"%s%s" % "a"
"%i" % None
"%x" % "a"
"%e" % None
"%5%|" % ()
"%-05d|" % 3
"%+ d" % 3
"%#x %#o %X %#X" % (255,8,255,255)
"%a" % "é"
"%r %s" % ("a","b")
"%.3s|%10s|%-10s|" % ("abcdef","x","y")
"%.0f %g %e %G" % (2.5,1e10,12345.678,1e-10)
"%ld %hd" % (1,2)
format("a","d")
format("a","=5")
format("a","+5")
format("a",",")
format("a","#")
format("a","05")
format("a","x<5.2")
format("abc","^10.2s")
format("a","ss")
format(1)
format([],"d")
format(object(),"x")
`);
