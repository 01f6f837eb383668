/**
 * What of io gives the GIL away, and how often (I7 to I12): counted releases of whole programs. The
 * thread's end is one more.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ROOT } from "../guest/corpus.js";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "takegil-releases-"));
const file = join(folder, "text");
writeFileSync(file, "0123456789abcde\n".repeat(4096));
/** The buffer's size is what the file system likes (I9): the figures below are for 4096. */
const isUsual = statSync(file).blksize === 4096;

/** Releases of MainThread while it runs `code`, its end included. */
async function releases(code: string): Promise<number> {
  const source = `import io\npath = ${JSON.stringify(file)}\n${code}\n`;
  const command = [join(ROOT, "dist/src/cli/main.js"), "run", "--stats", "-c", source];
  const { stderr } = await run(process.execPath, command);
  const columns = /^MainThread .*$/m.exec(stderr)?.[0].split(/\s{2,}/) ?? [];
  return Number(columns[7]);
}

describe.skipIf(!isUsual)("releases of the GIL", () => {
  const cases: [string, string, number][] = [
    ["text read: open, fstat, ioctl, lseek, close", "open(path).close()", 5],
    ["text written: lseek twice", "open(path + 'w', 'w').close()", 6],
    ["unbuffered: open, fstat, close", "open(path, 'rb', 0).close()", 3],
    ["all at once: fstat, lseek, two reads", "f = open(path, 'rb')\nf.read()\nf.close()", 9],
    ["a refill for each 4096 bytes", "f = open(path, 'rb')\nwhile f.read(1): pass\nf.close()", 22],
    ["a chunk of text for each 8192", "f = open(path)\nfor l in f: pass\nf.close()", 14],
    [
      "written bytes and text that waits",
      "f = open(path + 'w', 'w')\nfor i in range(65536): f.write('x')\nf.close()",
      14,
    ],
    [
      "a seek within the buffer",
      "f = open(path, 'rb')\nf.read(9)\nf.seek(3)\nf.seek(5)\nf.close()",
      6,
    ],
    ["streams in memory", "b = io.BytesIO(b'x' * 99999)\nb.read()\nio.StringIO('y').read()", 0],
  ];
  it.each(cases)("%s", async (_, code, expected) => {
    expect(await releases(code)).toBe(expected + 1);
  });
});
