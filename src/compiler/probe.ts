/**
 * Probes: calls inserted before statements, so that a run can be stopped at a line of its program
 * without a test in the eval loop. A probe calls {@link Probe.Name} with its number.
 */
import type * as tree from "../syntax/tree.js";

export const enum Probe {
  /** The builtin that probes call; it exists where there are probes. */
  Name = "__takegil_probe__",
}

export const enum ProbeNumber {
  /** Stands for the program's end. */
  Exit = -1,
}

/** A probe that is wanted. */
export interface ProbeRequest {
  readonly line: number;
  /** What it is called with. */
  readonly number: number;
}

/** Where a probe came to stand. */
export interface ProbePlace {
  /** The line asked for, and the line of the statement before which the probe stands. */
  readonly asked: number;
  readonly line: number;
}

/**
 * Insert each probe before the first statement that begins in its line or after it. Those
 * statements that must stay first, docstrings and imports from `__future__`, get none before them.
 *
 * @returns the places; null where there is no statement behind the line
 */
export function insertProbes(
  module: tree.Module,
  requests: readonly ProbeRequest[],
): (ProbePlace | null)[] {
  const places = requests.map(({ line: asked, number }) => {
    const found = findPlace(module.body as tree.Stmt[], asked, true);
    return found === null ? null : { ...found, asked, number };
  });
  // From the back, so that the places found stay valid.
  const backwards = places.filter((place) => place !== null).sort(laterFirst);
  for (const { body, index, number } of backwards) {
    body.splice(index, 0, newProbe(body[index], number));
  }
  return places.map((place) => place && { asked: place.asked, line: place.line });
}

interface Place {
  readonly body: tree.Stmt[];
  readonly index: number;
  readonly line: number;
}

function laterFirst(a: Place & { number: number }, b: Place & { number: number }): number {
  return b.line - a.line || b.index - a.index || b.number - a.number;
}

/** The nearest statement at or behind `line`, in this block or in one within it. */
function findPlace(body: tree.Stmt[], line: number, first: boolean): Place | null {
  let best: Place | null = null;
  const offer = (place: Place | null): void => {
    if (place !== null && (best === null || place.line < best.line)) best = place;
  };
  body.forEach((statement, index) => {
    const fixed = first && index === 0 && isDocstring(statement);
    if (statement.line >= line && !fixed && !isFutureImport(statement)) {
      offer({ body, index, line: statement.line });
    }
    const scope = statement.kind === "FunctionDef" || statement.kind === "ClassDef";
    for (const block of blocksOf(statement)) {
      offer(findPlace(block, line, scope || statement.kind === "AsyncFunctionDef"));
    }
  });
  return best;
}

function isDocstring(statement: tree.Stmt): boolean {
  return (
    statement.kind === "Expr" &&
    statement.value.kind === "Constant" &&
    statement.value.value.kind === "str"
  );
}

function isFutureImport(statement: tree.Stmt): boolean {
  return statement.kind === "ImportFrom" && statement.module === "__future__";
}

/** The blocks within a statement, whatever its kind. */
function blocksOf(statement: tree.Stmt): tree.Stmt[][] {
  const parts = statement as unknown as Record<string, unknown>;
  const blocks: tree.Stmt[][] = [];
  for (const name of ["body", "orelse", "finalbody"]) {
    if (Array.isArray(parts[name])) blocks.push(parts[name] as tree.Stmt[]);
  }
  for (const name of ["handlers", "cases"]) {
    const clauses = parts[name];
    if (!Array.isArray(clauses)) continue;
    for (const clause of clauses as { body: tree.Stmt[] }[]) blocks.push(clause.body);
  }
  return blocks;
}

/** `__takegil_probe__(number)` as a statement at the place of `before`. */
function newProbe(before: tree.Stmt, number: number): tree.Stmt {
  const { line, col, endLine, endCol } = before;
  const place = { line, col, endLine, endCol };
  const func: tree.Expr = { kind: "Name", id: Probe.Name, ctx: "Load", ...place };
  const argument: tree.Expr = {
    kind: "Constant",
    value: { kind: "int", value: BigInt(number) },
    ...place,
  };
  const call: tree.Expr = { kind: "Call", func, args: [argument], keywords: [], ...place };
  return { kind: "Expr", value: call, ...place };
}
