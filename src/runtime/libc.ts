/**
 * The C library's calls that Node has no function for, through koffi. Loaded at the first use: most
 * programs need none of it, and loading takes some 20 ms.
 */
import { createRequire } from "node:module";
import type { Libc, SocketCalls } from "../vm/host.js";

type Koffi = typeof import("koffi");
type Library = ReturnType<Koffi["load"]>;

/** The calls as koffi makes them; each leaves its errno behind. */
function bind(koffi: Koffi, lib: Library): Omit<Libc, "errno" | "sockets"> {
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
    address: (view) => Number(koffi.address(view)),
  };
}

/**
 * Places in memory are declared as numbers: koffi then looks at no object, and a call makes none.
 */
const SOCKET_CALLS: Readonly<Record<keyof SocketCalls, string>> = {
  socket: "int socket(int family, int type, int protocol)",
  socketpair: "int socketpair(int family, int type, int protocol, uintptr_t fds)",
  bind: "int bind(int fd, uintptr_t address, uint32_t length)",
  listen: "int listen(int fd, int backlog)",
  accept4: "int accept4(int fd, uintptr_t address, uintptr_t length, int flags)",
  connect: "int connect(int fd, uintptr_t address, uint32_t length)",
  send: "int64_t send(int fd, uintptr_t data, size_t length, int flags)",
  sendto:
    "int64_t sendto(int fd, uintptr_t data, size_t length, int flags, uintptr_t to, uint32_t size)",
  recv: "int64_t recv(int fd, uintptr_t data, size_t length, int flags)",
  recvfrom:
    "int64_t recvfrom(int fd, uintptr_t data, size_t length, int flags, uintptr_t from, uintptr_t size)",
  shutdown: "int shutdown(int fd, int how)",
  setsockopt: "int setsockopt(int fd, int level, int option, uintptr_t value, uint32_t length)",
  getsockopt: "int getsockopt(int fd, int level, int option, uintptr_t value, uintptr_t length)",
  getsockname: "int getsockname(int fd, uintptr_t address, uintptr_t length)",
  getpeername: "int getpeername(int fd, uintptr_t address, uintptr_t length)",
  poll: "int poll(uintptr_t fds, unsigned long count, int timeout)",
  close: "int close(int fd)",
  epoll_create1: "int epoll_create1(int flags)",
  epoll_ctl: "int epoll_ctl(int epfd, int operation, int fd, uintptr_t event)",
  epoll_wait: "int epoll_wait(int epfd, uintptr_t events, int most, int timeout)",
};

function bindSockets(lib: Library): SocketCalls {
  const bound = Object.entries(SOCKET_CALLS).map(([name, text]) => [name, lib.func(text)]);
  return Object.fromEntries(bound) as SocketCalls;
}

let loaded: Libc | null = null;

/** The C library, or null where koffi cannot load it (another system's). */
export function loadLibc(): Libc | null {
  if (loaded !== null) return loaded;
  try {
    const koffi = createRequire(import.meta.url)("koffi") as Koffi;
    const lib = koffi.load("libc.so.6");
    let sockets: SocketCalls | null = null;
    loaded = {
      ...bind(koffi, lib),
      errno: () => koffi.errno(),
      get sockets() {
        sockets ??= bindSockets(lib);
        return sockets;
      },
    };
  } catch {
    return null;
  }
  return loaded;
}
