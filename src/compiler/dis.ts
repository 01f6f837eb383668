/** Listings of code units, in the words and columns of `python3.11 -m dis`. */

import { BINARY_SYMBOLS, COMPARE_SYMBOLS, isJump, OPCODES, Op } from "./opcodes.js";
import { reprConstant } from "./repr.js";
import type { CodeUnit, Constant } from "./unit.js";

const OPNAME_WIDTH = 20;
const OPARG_WIDTH = 5;
const OFFSET_WIDTH = 4;
const MIN_LINE_WIDTH = 3;

/** One instruction of a listing. */
export interface ListedInstruction {
  /** Byte offset as CPython counts it: twice the index of the word. */
  offset: number;
  op: number;
  name: string;
  arg: number | null;
  argText: string;
  /** Line, if the instruction is the first of it. */
  startsLine: number | null;
  isTarget: boolean;
}

/** Code objects have no address before they are in the heap: they are numbered instead. */
class Addresses {
  private readonly known = new Map<CodeUnit, number>();

  of(unit: CodeUnit): string {
    let index = this.known.get(unit);
    if (index === undefined) {
      index = this.known.size;
      this.known.set(unit, index);
    }
    return `0x${((index + 1) * 16).toString(16).padStart(12, "0")}`;
  }
}

/** Target of a jump as an index of a word, or -1 for other instructions. */
export function jumpTarget(unit: CodeUnit, at: number): number {
  const op = unit.code[at] & 0xff;
  const info = OPCODES[op];
  if (info === undefined || !isJump(op)) return -1;
  const arg = unit.code[at] >>> 8;
  const behind = at + 1 + info.caches;
  return info.arg === "jumpBackward" ? behind - arg : behind + arg;
}

function slotName(unit: CodeUnit, slot: number): string {
  const { varNames, cellVars, freeVars } = unit;
  if (slot < varNames.length) return varNames[slot];
  const cells = cellVars.filter((name) => !varNames.includes(name));
  return [...cells, ...freeVars][slot - varNames.length];
}

function constantText(constant: Constant | undefined, addresses: Addresses): string {
  if (constant === undefined) return "";
  return constant.kind === "code" ? codeText(constant.unit, addresses) : reprConstant(constant);
}

function codeText(unit: CodeUnit, addresses: Addresses): string {
  const where = `file "${unit.filename}", line ${unit.firstLine}`;
  return `<code object ${unit.name} at ${addresses.of(unit)}, ${where}>`;
}

function formatValueText(arg: number): string {
  const conversion = ["", "str", "repr", "ascii"][arg & 3];
  if ((arg & 4) === 0) return conversion;
  return conversion === "" ? "with format" : `${conversion}, with format`;
}

function argumentText(unit: CodeUnit, at: number, addresses: Addresses): string {
  const op = unit.code[at] & 0xff;
  const arg = unit.code[at] >>> 8;
  switch (OPCODES[op]!.arg) {
    case "const":
      if (op === Op.KW_NAMES) return "";
      return constantText(unit.consts[arg], addresses);
    case "name":
      if (op !== Op.LOAD_GLOBAL) return unit.names[arg];
      return ((arg & 1) !== 0 ? "NULL + " : "") + unit.names[arg >> 1];
    case "jumpForward":
    case "jumpBackward":
      return `to ${jumpTarget(unit, at) * 2}`;
    case "local":
    case "free":
      return slotName(unit, arg);
    case "compare":
      return COMPARE_SYMBOLS[arg];
    case "binary":
      return BINARY_SYMBOLS[arg];
    default:
      break;
  }
  if (op === Op.FORMAT_VALUE) return formatValueText(arg);
  if (op !== Op.MAKE_FUNCTION) return "";
  const parts = ["defaults", "kwdefaults", "annotations", "closure"];
  return parts.filter((_, i) => (arg & (1 << i)) !== 0).join(", ");
}

/** The instructions of one unit, nested units left out. */
export function listInstructions(unit: CodeUnit): ListedInstruction[] {
  return list(unit, new Addresses());
}

function list(unit: CodeUnit, addresses: Addresses): ListedInstruction[] {
  const targets = new Set(unit.exceptions.map((entry) => entry.target));
  const out: ListedInstruction[] = [];
  let lastLine: number | null = null;
  for (let at = 0; at < unit.code.length; ) {
    const op = unit.code[at] & 0xff;
    const info = OPCODES[op]!;
    const target = jumpTarget(unit, at);
    if (target >= 0) targets.add(target);
    const line = unit.positions[at * 4];
    const startsLine: number | null = line >= 0 && line !== lastLine ? line : null;
    if (startsLine !== null) lastLine = startsLine;
    out.push({
      offset: at * 2,
      op,
      name: info.name,
      arg: info.arg === "none" ? null : unit.code[at] >>> 8,
      argText: argumentText(unit, at, addresses),
      startsLine,
      isTarget: false,
    });
    at += 1 + info.caches;
  }
  for (const instruction of out) instruction.isTarget = targets.has(instruction.offset / 2);
  return out;
}

function format(instruction: ListedInstruction, lineWidth: number, offsetWidth: number): string {
  const { startsLine, isTarget, offset, name, arg, argText } = instruction;
  const fields = [
    (startsLine === null ? "" : String(startsLine)).padStart(lineWidth),
    "   ",
    isTarget ? ">>" : "  ",
    String(offset).padStart(offsetWidth),
    name.padEnd(OPNAME_WIDTH),
  ];
  if (arg !== null) fields.push(String(arg).padStart(OPARG_WIDTH));
  if (argText !== "") fields.push(`(${argText})`);
  return fields.join(" ").trimEnd();
}

function disassembleOne(unit: CodeUnit, addresses: Addresses): string {
  const instructions = list(unit, addresses);
  const lastLine = Math.max(0, ...instructions.map(({ startsLine }) => startsLine ?? 0));
  const lineWidth = Math.max(MIN_LINE_WIDTH, String(lastLine).length);
  const lastOffset = unit.code.length * 2 - 2;
  const offsetWidth = lastOffset >= 10000 ? String(lastOffset).length : OFFSET_WIDTH;
  let out = "";
  for (const instruction of instructions) {
    if (instruction.startsLine !== null && instruction.offset > 0) out += "\n";
    out += `${format(instruction, lineWidth, offsetWidth)}\n`;
  }
  if (unit.exceptions.length > 0) out += "ExceptionTable:\n";
  for (const { start, end, target, depth, lasti } of unit.exceptions) {
    const mark = lasti ? " lasti" : "";
    out += `  ${start * 2} to ${end * 2 - 2} -> ${target * 2} [${depth}]${mark}\n`;
  }
  return out;
}

function disassembleNested(unit: CodeUnit, addresses: Addresses): string {
  let out = disassembleOne(unit, addresses);
  for (const constant of unit.consts) {
    if (constant.kind !== "code") continue;
    out += `\nDisassembly of ${codeText(constant.unit, addresses)}:\n`;
    out += disassembleNested(constant.unit, addresses);
  }
  return out;
}

/** The listing of a unit and of all units within it. */
export function disassemble(unit: CodeUnit): string {
  return disassembleNested(unit, new Addresses());
}
