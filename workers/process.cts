/** Entry of the processes of `multiprocessing`: from their pack where there is one. */
import type * as ChildProcesses from "../src/runtime/childprocess.js";
import { isPacking, loadPack, saveCodeCaches } from "../src/runtime/pack.cjs";

type Children = typeof ChildProcesses;

if (isPacking) process.once("exit", saveCodeCaches);
const pack = loadPack("process") as Children | null;
const loaded: Promise<Children> =
  pack === null ? import("../src/runtime/childprocess.js") : Promise.resolve(pack);
void loaded.then(({ runChild }) => runChild(process.argv[2]));
