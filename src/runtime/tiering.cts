/**
 * When V8 compiles: set for the process by its main thread, before anything of size is loaded,
 * since code caches hold for the flags that they were made under. Imported by the loader of packs,
 * and by the interpreter for programs that import takegil as a library.
 */
import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";

/**
 * V8 compiles the eval loop in 0.1 to 0.3 s, beside the thread that runs it. While it waits for
 * that code to be entered it may compile the loop once more, for the activation already under way
 * (OSR): that takes a core for 1.3 to 2 s, on two cores half of the machine, and nobody enters the
 * result. It does so when 500 times the function's length has been executed meanwhile: in five of
 * nine runs of an echo client. With 8,000 times it was one of eleven, while long loops in small
 * functions, such as a sort's, still get theirs within some 20 ms. More than 35,000 times overflow
 * for a function of 60 kB.
 */
const INVOCATIONS_BEFORE_OSR = 8000;

/** Of Node 20; V8 complains on standard error of a flag that it does not know. */
const KNOWN_TO = /^11\./;

if (isMainThread && KNOWN_TO.test(process.versions.v8)) {
  setFlagsFromString(`--invocation-count-for-osr=${INVOCATIONS_BEFORE_OSR}`);
}
