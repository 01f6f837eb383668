/**
 * The repository's own rules, as pure functions over file texts: which folder may import which,
 * how long lines and files may be, what must not be left behind. `structure.test.ts` applies them
 * to the repository and proves on synthetic sources that each rule can fail.
 */

/** A file of the repository; `path` is relative to the root and uses forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** One breach of one rule, worded so that the line can be found and mended. */
export interface Violation {
  rule: "layers" | "packages" | "length" | "columns" | "leftover" | "machine" | "unreachable";
  path: string;
  line: number;
  message: string;
}

/** One import, export-from, dynamic import or worker URL. */
export interface Import {
  line: number;
  specifier: string;
  kind: "import" | "url";
}

/**
 * For each folder, the folders it may import besides itself. The list is closed: a folder that is
 * not named here is a violation, so that a new layer is a decision and not an accident.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "src/base": [],
  "src/sync": ["src/base"],
  "src/memory": ["src/base", "src/sync"],
  "src/trace": ["src/base", "src/sync", "src/memory"],
  "src/gil": ["src/base", "src/sync", "src/memory", "src/trace"],
  "src/object": ["src/base", "src/sync", "src/memory", "src/trace", "src/gil"],
  "src/gc": ["src/base", "src/sync", "src/memory", "src/trace", "src/gil", "src/object"],
  "src/syntax": ["src/base"],
  "src/compiler": ["src/base", "src/syntax"],
  "src/vm": [
    "src/base",
    "src/sync",
    "src/memory",
    "src/trace",
    "src/gil",
    "src/object",
    "src/gc",
    "src/syntax",
    "src/compiler",
  ],
  "src/stdlib": [
    "src/base",
    "src/sync",
    "src/memory",
    "src/trace",
    "src/gil",
    "src/object",
    "src/gc",
    "src/syntax",
    "src/compiler",
    "src/vm",
  ],
  "src/runtime": [
    "src/base",
    "src/sync",
    "src/memory",
    "src/trace",
    "src/gil",
    "src/object",
    "src/gc",
    "src/syntax",
    "src/compiler",
    "src/vm",
    "src/stdlib",
    "src/report",
  ],
  "src/report": ["src/base", "src/trace"],
  "src/serve": ["src/base", "src/trace", "src/runtime"],
  "src/load": ["src/base"],
  "src/index.ts": ["src/base", "src/trace", "src/gil", "src/compiler", "src/runtime", "src/report"],
  "src/experiment": ["src/base", "src/memory", "src/trace", "src/gil", "src/report"],
  "src/cli": [
    "src/experiment",
    "src/base",
    "src/sync",
    "src/memory",
    "src/trace",
    "src/gil",
    "src/syntax",
    "src/compiler",
    "src/runtime",
    "src/report",
    "src/serve",
    "src/load",
    "src/index.ts",
  ],
  workers: ["src/base", "src/memory", "src/runtime"],
  experiments: [
    "src/index.ts",
    "src/sync",
    "src/memory",
    "src/trace",
    "src/gil",
    "src/report",
    "src/experiment",
  ],
  test: ["src", "workers", "experiments"],
};

/** npm packages each folder may import; folders that are not named may import none. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "src/syntax": ["py-ast"],
  "src/runtime": ["comlink", "koffi", "pino", "piscina", "rolldown"],
  "src/experiment": ["yaml"],
  "src/serve": ["pino"],
  "src/load": ["autocannon"],
  "src/cli": ["commander", "pino"],
  experiments: ["commander"],
  test: ["fast-check", "vitest"],
};

/** Files that may exceed {@link MAX_LINES}: parser and eval loop. */
export const LONG_FILES: readonly RegExp[] = [
  /^src\/syntax\/(parser|grammar|expression|statement)[a-z]*\.ts$/,
  /^src\/vm\/eval[a-z]*\.ts$/,
];

export const MAX_LINES = 900;
export const MAX_COLUMNS = 100;

/**
 * A string literal too long to share a line with anything: it cannot be wrapped, so it may stay.
 */
const LONG_LITERAL = /"[^"]{70,}"|'[^']{70,}'|`[^`]{70,}`/;

// The words are assembled so that this file does not accuse itself.
const LEFTOVERS = new RegExp(
  `\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"].join("|")})\\b`,
);
const MACHINE_PATHS = new RegExp(
  ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]+/", "\\.\\./sha" + "red/"].join("|"),
);

const IMPORT_STATEMENT = new RegExp(
  [
    /(?:^|[;\n])[ \t]*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/,
    /(?:^|[;\n])[ \t]*import\s*["']([^"']+)["']/,
    /\bimport\(\s*["']([^"']+)["']\s*\)/,
    /\bnew URL\(\s*["'](\.[^"']+)["']\s*,\s*import\.meta\.url/,
  ]
    .map((pattern) => pattern.source)
    .join("|"),
  "g",
);

/** Blank out comments, keeping every newline and every string literal as it is. */
export function withoutComments(text: string): string {
  const pattern =
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(pattern, (match) =>
    match.startsWith("/*") || match.startsWith("//") ? match.replace(/[^\n]/g, " ") : match,
  );
}

/** Every module that `file` imports, with the line it is named on. */
export function importsOf(file: SourceFile): Import[] {
  const text = withoutComments(file.text);
  const found: Import[] = [];
  for (const match of text.matchAll(IMPORT_STATEMENT)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? match[4];
    const end = match.index + match[0].length;
    const line = text.slice(0, end).split("\n").length;
    found.push({ line, specifier, kind: match[4] === undefined ? "import" : "url" });
  }
  return found;
}

/** The layer a path belongs to: `src/<folder>`, `src/<file>.ts`, or the top-level folder. */
export function layerOf(path: string): string {
  const parts = path.split("/");
  return parts[0] === "src" ? `src/${parts[1]}` : parts[0];
}

/** The path a relative specifier names, with `.ts` in place of `.js`, `.cts` of `.cjs`. */
export function resolveImport(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/").replace(/\.(c?)js$/, ".$1ts");
}

function mayImport(layer: string, target: string): boolean {
  const allowed = LAYERS[layer];
  if (allowed === undefined) return false;
  return (
    target === layer ||
    allowed.includes(target) ||
    (target.startsWith("src/") && allowed.includes("src"))
  );
}

/** Imports that point the wrong way, or at an npm package the folder may not use. */
export function checkImports(file: SourceFile): Violation[] {
  const layer = layerOf(file.path);
  const violations: Violation[] = [];
  if (LAYERS[layer] === undefined) {
    const message = `the folder ${layer} is not in the list of layers`;
    return [{ rule: "layers", path: file.path, line: 1, message }];
  }
  for (const { line, specifier, kind } of importsOf(file)) {
    if (specifier.startsWith("node:")) continue;
    if (specifier.startsWith(".")) {
      const target = layerOf(resolveImport(file.path, specifier));
      // A worker is started by URL, from the layer that spawns it; that is not an import.
      if (kind === "url" || mayImport(layer, target)) continue;
      const message = `${layer} must not import ${target} ("${specifier}")`;
      violations.push({ rule: "layers", path: file.path, line, message });
    } else {
      const parts = specifier.split("/");
      const name = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
      if (PACKAGES[layer]?.includes(name)) continue;
      const message = `${layer} must not import the package "${name}"`;
      violations.push({ rule: "packages", path: file.path, line, message });
    }
  }
  return violations;
}

function isTypeScript(path: string): boolean {
  return path.endsWith(".ts") || path.endsWith(".cts");
}

/** Lines over 100 columns, files over 900 lines, leftovers and paths of one machine. */
export function checkText(file: SourceFile): Violation[] {
  const { path, text } = file;
  const violations: Violation[] = [];
  const lines = text.split("\n");
  const isCode = isTypeScript(path);
  if (isCode && lines.length - 1 > MAX_LINES && !LONG_FILES.some((long) => long.test(path))) {
    const message = `${lines.length - 1} lines; the limit is ${MAX_LINES}`;
    violations.push({ rule: "length", path, line: MAX_LINES + 1, message });
  }
  lines.forEach((content, index) => {
    const line = index + 1;
    if (isCode && [...content].length > MAX_COLUMNS && !LONG_LITERAL.test(content)) {
      const message = `${[...content].length} columns; the limit is ${MAX_COLUMNS}`;
      violations.push({ rule: "columns", path, line, message });
    }
    const leftover = LEFTOVERS.exec(content);
    if (leftover !== null) {
      violations.push({ rule: "leftover", path, line, message: `leftover ${leftover[0]}` });
    }
    const machine = MACHINE_PATHS.exec(content);
    if (machine !== null) {
      const message = `"${machine[0]}" exists only on one machine`;
      violations.push({ rule: "machine", path, line, message });
    }
  });
  return violations;
}

/** True for a file from which reachability starts: public API, commands, workers, tests. */
export function isRoot(path: string): boolean {
  return (
    path === "src/index.ts" ||
    path === "src/cli/main.ts" ||
    path === "src/compiler/freeze.ts" ||
    path === "src/runtime/packing.ts" ||
    /^workers\/[^/]+\.cts$/.test(path) ||
    /^experiments\/[^/]+\/[^/]+\.ts$/.test(path) ||
    /^test\/.*\.test\.ts$/.test(path) ||
    path === "test/guest/expect.ts" ||
    path === "test/driver/run.ts"
  );
}

/** Source files that no root reaches, and imports of files that do not exist. */
export function checkReachable(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const violations: Violation[] = [];
  const reached = new Set<string>();
  const queue = files.filter((file) => isRoot(file.path));
  for (const file of queue) reached.add(file.path);
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    for (const { specifier } of importsOf(file)) {
      if (!specifier.startsWith(".")) continue;
      const next = byPath.get(resolveImport(file.path, specifier));
      if (next === undefined || reached.has(next.path)) continue;
      reached.add(next.path);
      queue.push(next);
    }
  }
  for (const { path } of files) {
    if (reached.has(path)) continue;
    const message = "no entry point and no test reaches this file";
    violations.push({ rule: "unreachable", path, line: 1, message });
  }
  return violations;
}

/** Every violation in a set of files, in path order. */
export function checkAll(files: readonly SourceFile[]): Violation[] {
  const sources = files.filter((file) => isTypeScript(file.path));
  return [
    ...sources.flatMap(checkImports),
    ...files.flatMap(checkText),
    ...checkReachable(sources),
  ].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}

/** `path:line: [rule] message`, one a line. */
export function formatViolations(violations: readonly Violation[]): string {
  return violations
    .map(({ rule, path, line, message }) => `${path}:${line}: [${rule}] ${message}`)
    .join("\n");
}
