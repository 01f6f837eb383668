/**
 * The account of pymalloc that `sys._debugmallocstats` prints, in CPython 3.11's words (A21, A22):
 * a row a size class, then where every byte of the arenas went.
 */
import { assert } from "../base/assert.js";
import { Geometry, PymallocKind, shapeOf } from "./geometry.js";
import { Control } from "./layout.js";
import { Memory } from "./state.js";
import { arenas, poolsOf } from "./walk.js";

/** Columns before the equals sign, and those of the number behind it. */
const enum Columns {
  Label = 35,
  Number = 21,
}

/** Bytes of a node of CPython 3.10's radix tree of arenas: its root, mid and bottom (A22). */
const MAP_NODE_BYTES = { root: 262144, mid: 262144, bot: 131072 };

/** What a size class has. */
export interface ClassAccount {
  pools: number;
  /** Blocks allocated, and those that its pools have left. */
  used: number;
  available: number;
}

/** A line of the account: a label, an equals sign, a number with commas. */
export function accountLine(label: string, value: number): string {
  const number = value.toLocaleString("en-US");
  return `${label.padEnd(Columns.Label)}=${number.padStart(Columns.Number)}`;
}

/** What each size class has, in pools that anything is allocated in. */
export function classAccounts(words: Int32Array): ClassAccount[] {
  const accounts: ClassAccount[] = Array.from({ length: Geometry.Classes }, () => ({
    pools: 0,
    used: 0,
    available: 0,
  }));
  for (const arena of arenas(words)) {
    for (const pool of poolsOf(words, arena)) {
      if (pool.allocated === 0) continue;
      const account = accounts[pool.sizeClass];
      account.pools++;
      account.used += pool.allocated;
      account.available += pool.capacity - pool.allocated;
    }
  }
  return accounts;
}

function classRows(accounts: readonly ClassAccount[]): string[] {
  const rows = [
    "class   size   num pools   blocks in use  avail blocks",
    "-----   ----   ---------   -------------  ------------",
  ];
  for (const [cls, { pools, used, available }] of accounts.entries()) {
    if (pools === 0) continue;
    const fields = [
      String(cls).padStart(5),
      String((cls + 1) << 4).padStart(6),
      String(pools).padStart(11),
      String(used).padStart(15),
      String(available).padStart(13),
    ];
    rows.push(fields.join(" "));
  }
  return rows;
}

/** Where the bytes of the arenas went; the last line is their sum. */
function byteLines(words: Int32Array, accounts: readonly ClassAccount[]): string[] {
  const shape = shapeOf(words);
  const all = arenas(words);
  let [used, available, pools, quantization] = [0, 0, 0, 0];
  for (const [cls, account] of accounts.entries()) {
    const size = (cls + 1) << 4;
    used += account.used * size;
    available += account.available * size;
    pools += account.pools;
    quantization += account.pools * ((shape.poolBytes - Geometry.PoolHeaderBytes) % size);
  }
  const unused = all.reduce((sum, arena) => sum + arena.freePools, 0);
  const alignment = all.length * (shape.arenaBytes - shape.poolCount * shape.poolBytes);
  const total = all.length * shape.arenaBytes;
  const headers = pools * Geometry.PoolHeaderBytes;
  const parts = [used, available, unused * shape.poolBytes, headers, quantization, alignment];
  const sum = parts.reduce((a, b) => a + b, 0);
  assert(sum === total, `the account of arenas adds up to ${sum} bytes, not ${total}`);
  return [
    accountLine("# bytes in allocated blocks", used),
    accountLine("# bytes in available blocks", available),
    accountLine(`${unused} unused pools * ${shape.poolBytes} bytes`, unused * shape.poolBytes),
    accountLine("# bytes lost to pool headers", headers),
    accountLine("# bytes lost to quantization", quantization),
    accountLine("# bytes lost to arena alignment", alignment),
    accountLine("Total", total),
  ];
}

/**
 * 3.10's account of its radix tree. Heaps here are smaller than what one bottom node covers (16
 * GiB), so the tree would have one node of each kind.
 */
function mapLines(): string[] {
  const { root, mid, bot } = MAP_NODE_BYTES;
  return [
    "",
    "arena map counts",
    accountLine("# arena map mid nodes", 1),
    accountLine("# arena map bot nodes", 1),
    "",
    accountLine("# bytes lost to arena map root", root),
    accountLine("# bytes lost to arena map mid", mid),
    accountLine("# bytes lost to arena map bot", bot),
    accountLine("Total", root + mid + bot),
  ];
}

/** The whole account of the heap whose words are `words`, without the lines of free lists. */
export function pymallocAccount(words: Int32Array): string[] {
  const shape = shapeOf(words);
  const accounts = classAccounts(words);
  const total = words[Memory.ArenasAllocatedTotal];
  const current = words[Memory.ArenasCurrent];
  const label = `${current} arenas * ${shape.arenaBytes} bytes/arena`;
  return [
    `Small block threshold = ${Geometry.SmallRequest}, in ${Geometry.Classes} size classes.`,
    "",
    ...classRows(accounts),
    "",
    accountLine("# arenas allocated total", total),
    accountLine("# arenas reclaimed", total - current),
    accountLine("# arenas highwater mark", words[Memory.ArenasHighWater]),
    accountLine("# arenas allocated current", current),
    accountLine(label, current * shape.arenaBytes),
    "",
    ...byteLines(words, accounts),
    ...(words[Control.Pymalloc] === PymallocKind.V310 ? mapLines() : []),
  ];
}
