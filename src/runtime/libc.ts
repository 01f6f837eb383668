/**
 * The C library's calls that Node has no function for, through koffi. Loaded at the first use: most
 * programs need none of it, and loading takes some 20 ms.
 */
import { createRequire } from "node:module";
import type { Libc, ProcessCalls, SocketCalls } from "../vm/host.js";

type Koffi = typeof import("koffi");
type Library = ReturnType<Koffi["load"]>;

/** The calls as koffi makes them; each leaves its errno behind. */
function bind(koffi: Koffi, lib: Library): Omit<Libc, "errno" | "sockets" | "processes"> {
  const poll = lib.func("int poll(_Inout_ void *fds, unsigned long count, int timeout)");
  const getCores = lib.func("int sched_getaffinity(int thread, size_t size, _Out_ uint8_t *cores)");
  const setCores = lib.func("int sched_setaffinity(int thread, size_t size, uint8_t *cores)");
  const pipe2 = lib.func("int pipe2(_Out_ int *fds, int flags)");
  return {
    lseek: lib.func("int64_t lseek(int fd, int64_t offset, int whence)") as Libc["lseek"],
    dup2: lib.func("int dup2(int fd, int fd2)") as Libc["dup2"],
    chdir: lib.func("int chdir(const char *path)") as Libc["chdir"],
    fcntl: lib.func("int fcntl(int fd, int command, int argument)") as Libc["fcntl"],
    poll: (fds, timeoutMs) => poll(fds, fds.length >> 1, timeoutMs) as number,
    schedGetAffinity: (thread, cores) => getCores(thread, cores.length, cores) as number,
    schedSetAffinity: (thread, cores) => setCores(thread, cores.length, cores) as number,
    clockGettime: lib.func(
      "int clock_gettime(int clock, _Out_ int64_t *time)",
    ) as Libc["clockGettime"],
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
  sendmsg: "int64_t sendmsg(int fd, uintptr_t message, int flags)",
  recvmsg: "int64_t recvmsg(int fd, uintptr_t message, int flags)",
  read: "int64_t read(int fd, uintptr_t data, size_t length)",
  write: "int64_t write(int fd, uintptr_t data, size_t length)",
  preadv2: "int64_t preadv2(int fd, uintptr_t vectors, int count, int64_t offset, int flags)",
  pwritev2: "int64_t pwritev2(int fd, uintptr_t vectors, int count, int64_t offset, int flags)",
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

const SPAWN = "posix_spawn_file_actions";

const PROCESS_CALLS: Readonly<Record<keyof Omit<ProcessCalls, "pidfd_open">, string>> = {
  posix_spawn: "int posix_spawn(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t)",
  posix_spawn_file_actions_init: `int ${SPAWN}_init(uintptr_t)`,
  posix_spawn_file_actions_destroy: `int ${SPAWN}_destroy(uintptr_t)`,
  posix_spawn_file_actions_adddup2: `int ${SPAWN}_adddup2(uintptr_t, int, int)`,
  posix_spawn_file_actions_addchdir_np: `int ${SPAWN}_addchdir_np(uintptr_t, uintptr_t)`,
  posix_spawn_file_actions_addclosefrom_np: `int ${SPAWN}_addclosefrom_np(uintptr_t, int)`,
  posix_spawnattr_init: "int posix_spawnattr_init(uintptr_t)",
  posix_spawnattr_destroy: "int posix_spawnattr_destroy(uintptr_t)",
  posix_spawnattr_setflags: "int posix_spawnattr_setflags(uintptr_t, short)",
  posix_spawnattr_setpgroup: "int posix_spawnattr_setpgroup(uintptr_t, int)",
  posix_spawnattr_setsigdefault: "int posix_spawnattr_setsigdefault(uintptr_t, uintptr_t)",
  posix_spawnattr_setsigmask: "int posix_spawnattr_setsigmask(uintptr_t, uintptr_t)",
  waitpid: "int waitpid(int, uintptr_t, int)",
};

/** Number of the system call pidfd_open, the same for all processors. */
const PIDFD_OPEN = 434;

function bindAll(lib: Library, calls: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(calls).map(([name, text]) => [name, bindOptional(lib, text)]),
  );
}

/** The function, or null where the library does not have it. */
function bindOptional(lib: Library, text: string): unknown {
  try {
    return lib.func(text);
  } catch {
    return null;
  }
}

function bindProcesses(lib: Library): ProcessCalls {
  const system = lib.func("int64_t syscall(int64_t number, int64_t a, int64_t b)");
  const calls = bindAll(lib, PROCESS_CALLS) as unknown as ProcessCalls;
  return { ...calls, pidfd_open: (pid, flags) => system(PIDFD_OPEN, pid, flags) as number };
}

let loaded: Libc | null = null;

/** The C library, or null where koffi cannot load it (another system's). */
export function loadLibc(): Libc | null {
  if (loaded !== null) return loaded;
  try {
    const koffi = createRequire(import.meta.url)("koffi") as Koffi;
    const lib = koffi.load("libc.so.6");
    let sockets: SocketCalls | null = null;
    let processes: ProcessCalls | null = null;
    loaded = {
      ...bind(koffi, lib),
      errno: () => koffi.errno(),
      get sockets() {
        sockets ??= bindAll(lib, SOCKET_CALLS) as unknown as SocketCalls;
        return sockets;
      },
      get processes() {
        processes ??= bindProcesses(lib);
        return processes;
      },
    };
  } catch {
    return null;
  }
  return loaded;
}
