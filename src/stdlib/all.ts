/**
 * Every declaring module, in one fixed order: native functions are numbered as they are declared,
 * and the numbers must agree between the carriers of a heap. A test holds the list complete.
 */
import "../object/builtinfunction.js";
import "../object/bytearray.js";
import "../object/bytestype.js";
import "../object/cell.js";
import "../object/classmethod.js";
import "../object/complextype.js";
import "../object/descriptor.js";
import "../object/dicttype.js";
import "../object/dictviews.js";
import "../object/exceptions.js";
import "../object/exceptiontypes.js";
import "../object/floattype.js";
import "../object/function.js";
import "../object/genericalias.js";
import "../object/inttype.js";
import "../object/iterators.js";
import "../object/listtype.js";
import "../object/method.js";
import "../object/module.js";
import "../object/namespace.js";
import "../object/objecttype.js";
import "../object/property.js";
import "../object/range.js";
import "../object/settype.js";
import "../object/singletons.js";
import "../object/slicetype.js";
import "../object/strtype.js";
import "../object/super.js";
import "../object/traceback.js";
import "../object/tupletype.js";
import "../object/typeobject.js";
import "../object/zipmap.js";
import "../vm/code.js";
import "../vm/generator.js";
import "./builtins.js";
import "./deque.js";
import "./dictkinds.js";
import "./itercombine.js";
import "./itertools.js";
import "./math.js";
import "./random.js";
import "./structtime.js";
import "./sys.js";
import "./time.js";
