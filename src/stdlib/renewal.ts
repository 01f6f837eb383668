/** An interpreter started in another process, whose heap was copied, learns where it is now. */
import { heap } from "../memory/heap.js";
import { dictGetStr } from "../object/dict.js";
import { identifier } from "../object/identifiers.js";
import { ModuleObject } from "../object/layout.js";
import { VmState } from "../vm/state.js";
import { fillEnviron } from "./posix.js";
import { putProcess } from "./sys.js";

const I32 = heap.I32;
const ID_posix = identifier("posix");
const ID_environ = identifier("environ");

/** Say what this process is, in `sys` and in `os.environ`; false with an exception pending. */
export function describeProcess(): boolean {
  const posix = dictGetStr(I32[VmState.Modules], ID_posix);
  const environ = posix === 0 ? 0 : dictGetStr(I32[posix + ModuleObject.Dict], ID_environ);
  return putProcess(I32[VmState.SysDict]) && (environ === 0 || fillEnviron(environ) === 0);
}
