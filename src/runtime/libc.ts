/**
 * The C library's calls that Node has no function for, through koffi. Loaded at the first use: most
 * programs need none of it, and loading takes some 20 ms.
 */
import { createRequire } from "node:module";
import type { Libc } from "../vm/host.js";

type Koffi = typeof import("koffi");

/** The calls as koffi makes them; each leaves its errno behind. */
function bind(koffi: Koffi): Omit<Libc, "errno"> {
  const lib = koffi.load("libc.so.6");
  const poll = lib.func("int poll(_Inout_ void *fds, unsigned long count, int timeout)");
  const pipe2 = lib.func("int pipe2(_Out_ int *fds, int flags)");
  return {
    lseek: lib.func("int64_t lseek(int fd, int64_t offset, int whence)") as Libc["lseek"],
    dup: lib.func("int dup(int fd)") as Libc["dup"],
    dup2: lib.func("int dup2(int fd, int fd2)") as Libc["dup2"],
    chdir: lib.func("int chdir(const char *path)") as Libc["chdir"],
    fcntl: lib.func("int fcntl(int fd, int command, int argument)") as Libc["fcntl"],
    poll: (fds, timeoutMs) => poll(fds, fds.length >> 1, timeoutMs) as number,
    pipe: (fds, flags) => pipe2(fds, flags) as number,
  };
}

let loaded: Libc | null = null;

/** The C library, or null where koffi cannot load it (another system's). */
export function loadLibc(): Libc | null {
  if (loaded !== null) return loaded;
  try {
    const koffi = createRequire(import.meta.url)("koffi") as Koffi;
    loaded = { ...bind(koffi), errno: () => koffi.errno() };
  } catch {
    return null;
  }
  return loaded;
}
