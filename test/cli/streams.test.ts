/**
 * Threads use a stream while another closes or detaches it. CPython 3.11 may crash here; takegil
 * must not, nor lose a block.
 */
import { describe, expect, it } from "vitest";
import { isBuilt, takegil } from "./command.js";

const PROGRAM = `
import io, threading, time

class Slow(io.RawIOBase):
    def readable(self): return True
    def writable(self): return True
    def readinto(self, room):
        time.sleep(0.002)
        room[:4] = b'abc\\n'
        return 4
    def write(self, data):
        time.sleep(0.002)
        return len(data)

seen = set()

def attempt(f, *args):
    try:
        f(*args)
    except ValueError as e:
        seen.add(str(e))

for kind in range(24):
    buffer = io.BufferedReader(Slow(), 4) if kind % 2 else io.BufferedWriter(Slow(), 4)
    stream = io.TextIOWrapper(buffer) if kind % 3 == 0 else buffer
    def work():
        for _ in range(5):
            if kind % 2:
                attempt(stream.readline)
            else:
                attempt(stream.write, b'some bytes' if stream is buffer else 'some text')
    threads = [threading.Thread(target=work) for _ in range(3)]
    for t in threads:
        t.start()
    time.sleep(0.003)
    attempt(stream.close if kind % 4 < 2 else stream.detach)
    for t in threads:
        t.join()
print(sorted(seen))
`;

describe.skipIf(!isBuilt)("streams that are taken away from their users", () => {
  it("say so, and nothing is lost", async () => {
    process.env.TAKEGIL_LEAK_CHECK = "1";
    const words = ["run", "--malloc", "debug", "-c", PROGRAM];
    const ended = await takegil(words, { timeoutMs: 55_000 });
    delete process.env.TAKEGIL_LEAK_CHECK;
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const messages = ended.stdout.match(/'[^']+'/g) ?? [];
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) expect(message).toMatch(/closed file|has been detached/);
  });
});
