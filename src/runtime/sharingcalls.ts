/** The C library's calls for processes that share descriptors, through koffi. */
import { createRequire } from "node:module";
import type { SharingCalls } from "../vm/processes.js";

type Koffi = typeof import("koffi");

/** Numbers of Linux on 64-bit processors. */
const enum C {
  AfUnix = 1,
  SockStream = 1,
  SolSocket = 1,
  ScmRights = 1,
  CloseOnExec = 0o2000000,
  NonBlocking = 0o4000,
  /** eventfd: reading lowers by one instead of to 0. */
  EfdSemaphore = 1,
  MfdCloseOnExec = 1,
  MsgDontWait = 0x40,
  MsgNoSignal = 0x4000,
  MsgCloseOnExec = 0x40000000,
}

/** Bytes of a cmsghdr before its descriptors. */
const CONTROL_HEAD = 16;
/** Most descriptors that the kernel takes with a message. */
const MOST_FDS = 253;

interface Message {
  name: null;
  nameLength: number;
  vectors: { base: Uint8Array; length: number }[];
  vectorCount: number;
  control: Uint8Array | null;
  controlLength: number;
  flags: number;
}

function newMessage(bytes: Uint8Array, control: Uint8Array | null): Message {
  return {
    name: null,
    nameLength: 0,
    vectors: [{ base: bytes, length: bytes.length }],
    vectorCount: 1,
    control,
    controlLength: control?.length ?? 0,
    flags: 0,
  };
}

type Transfer = (fd: number, message: Message, flags: number) => number;

function bindMessages(koffi: Koffi, lib: ReturnType<Koffi["load"]>) {
  const vector = koffi.struct({ base: "void *", length: "size_t" });
  const message = koffi.struct({
    name: "void *",
    nameLength: "uint32_t",
    vectors: koffi.pointer(vector),
    vectorCount: "size_t",
    control: "void *",
    controlLength: "size_t",
    flags: "int",
  });
  const pointer = koffi.pointer(message);
  const send = lib.func("sendmsg", "long", ["int", pointer, "int"]) as Transfer;
  const receive = lib.func("recvmsg", "long", ["int", koffi.inout(pointer), "int"]) as Transfer;
  return { send, receive };
}

/** The control part of a message that carries `fds`. */
function packFds(fds: readonly number[]): Uint8Array | null {
  if (fds.length === 0) return null;
  const length = CONTROL_HEAD + 4 * fds.length;
  const control = Buffer.alloc(Math.ceil(length / 8) * 8);
  control.writeBigUInt64LE(BigInt(length), 0);
  control.writeInt32LE(C.SolSocket, 8);
  control.writeInt32LE(C.ScmRights, 12);
  for (let i = 0; i < fds.length; i++) control.writeInt32LE(fds[i], CONTROL_HEAD + 4 * i);
  return control;
}

function unpackFds(control: Buffer, fds: Int32Array): void {
  const carries = control.readInt32LE(8) === C.SolSocket && control.readInt32LE(12) === C.ScmRights;
  const length = carries ? Number(control.readBigUInt64LE(0)) : CONTROL_HEAD;
  const count = Math.min((length - CONTROL_HEAD) >> 2, fds.length);
  for (let i = 0; i < count; i++) fds[i] = control.readInt32LE(CONTROL_HEAD + 4 * i);
  if (count < fds.length) fds[count] = -1;
}

function bind(koffi: Koffi): SharingCalls {
  const lib = koffi.load("libc.so.6");
  const socketpair = lib.func("int socketpair(int domain, int type, int protocol, _Out_ int *fds)");
  const eventfd = lib.func("int eventfd(unsigned int value, int flags)");
  const memfd = lib.func("int memfd_create(const char *name, unsigned int flags)");
  const read = lib.func("long read(int fd, void *bytes, size_t length)");
  const write = lib.func("long write(int fd, const void *bytes, size_t length)");
  const { send, receive } = bindMessages(koffi, lib);
  const count = new BigUint64Array(1);
  const one = BigUint64Array.of(1n);
  return {
    errno: () => koffi.errno(),
    socketpair: (fds) => socketpair(C.AfUnix, C.SockStream | C.CloseOnExec, 0, fds) as number,
    semaphore: (value) => eventfd(value, C.EfdSemaphore | C.NonBlocking | C.CloseOnExec) as number,
    lower: (fd) => read(fd, count, 8) as number,
    raise: (fd) => write(fd, one, 8) as number,
    memoryFile: (name) => memfd(name, C.MfdCloseOnExec) as number,
    sendFds: (socket, fds, bytes) =>
      send(socket, newMessage(bytes, packFds(fds)), C.MsgDontWait | C.MsgNoSignal),
    receiveFds(socket, fds, bytes) {
      const control = Buffer.alloc(CONTROL_HEAD + 4 * MOST_FDS + 4);
      const message = newMessage(bytes, control);
      const length = receive(socket, message, C.MsgDontWait | C.MsgCloseOnExec);
      unpackFds(message.controlLength > 0 ? control : Buffer.alloc(CONTROL_HEAD), fds);
      return length;
    },
  };
}

let loaded: SharingCalls | null = null;

/** The calls, or null where koffi cannot load the C library (another system's). */
export function loadSharingCalls(): SharingCalls | null {
  if (loaded !== null) return loaded;
  try {
    loaded = bind(createRequire(import.meta.url)("koffi") as Koffi);
  } catch {
    return null;
  }
  return loaded;
}
