/**
 * The marks under a source line in a traceback (PEP 657): `^` under the failing part, `~` under the
 * rest of a binary operation or subscript. CPython parses the part; here a scan for its outermost
 * operator does.
 */

/** Marks for columns (UTF-8 bytes) of `source`, without indentation; "" where none are shown. */
export function carets(
  source: string,
  line: number,
  endLine: number,
  column: number,
  endColumn: number,
): string {
  if (line < 0 || endLine < 0 || column < 0 || endColumn < 0) return "";
  const start = characterOffset(source, column);
  const end = line === endLine ? characterOffset(source, endColumn) : source.trimEnd().length;
  const indent = source.length - source.replace(/^[ \t\f]+/, "").length;
  const anchors = line === endLine ? findAnchors(source.slice(start, end)) : null;
  if (anchors === null && end - start === source.length - indent) return "";
  let marks = "";
  for (let i = indent; i < end; ) {
    const code = source.codePointAt(i) as number;
    let mark = "^";
    if (i < start) mark = " ";
    else if (anchors !== null && (i < start + anchors[0] || i >= start + anchors[1])) mark = "~";
    marks += isWide(code) ? mark + mark : mark;
    i += code > 0xffff ? 2 : 1;
  }
  return marks;
}

/** First and last code points of the blocks whose characters take two columns. */
const wideRanges = [
  0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x2614, 0x2615, 0x2648, 0x2653,
  0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97c, 0xac00, 0xd7a3,
  0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18cff,
  0x1b000, 0x1b2fb, 0x1f18e, 0x1f19a, 0x1f200, 0x1f320, 0x1f32d, 0x1f64f, 0x1f680, 0x1f6fc, 0x1f900,
  0x1faff, 0x20000, 0x3fffd,
];

function isWide(code: number): boolean {
  if (code < 0x1100) return false;
  for (let i = 0; i < wideRanges.length; i += 2) {
    if (code >= wideRanges[i] && code <= wideRanges[i + 1]) return true;
  }
  return false;
}

/** Code points before byte `offset` of the line's UTF-8 form, as a string index. */
function characterOffset(source: string, offset: number): number {
  let bytes = 0;
  for (let i = 0; i < source.length; i++) {
    if (bytes >= offset) return i;
    const unit = source.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return source.length;
}

interface Token {
  text: string;
  start: number;
  kind: "operand" | "operator" | "open" | "close" | "word";
}

const spaces = /\s+/.source;
const string = /[rRbBuUfF]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/.source;
const number = /(?:\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\.\d\w*)/.source;
const word = /[\p{L}_][\p{L}\p{N}_]*/u.source;
const symbol = /\*\*|\/\/|<<|>>|==|!=|<=|>=|:=|->|[-+*/%@&|^~<>=.,:;()[\]{}]/.source;
const pattern = new RegExp([spaces, string, number, word, symbol].join("|"), "uy");

/** Words that bind looser than every arithmetic operator, or begin a statement. */
const looser = new Set(
  "and or not in is if else lambda await yield return raise assert del import from for while with".split(
    " ",
  ),
);

const precedence: Record<string, number> = {
  "|": 1,
  "^": 2,
  "&": 3,
  "<<": 4,
  ">>": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "//": 6,
  "%": 6,
  "@": 6,
  "**": 8,
};

function scan(text: string): Token[] | null {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) return null;
    const piece = match[0];
    if (piece.trim() === "") continue;
    let kind: Token["kind"] = "operator";
    if (/^[\p{L}_]/u.test(piece)) kind = looser.has(piece) ? "word" : "operand";
    else if (/^["'\d]/.test(piece) || /^\.\d/.test(piece)) kind = "operand";
    else if (/^[([{]$/.test(piece)) kind = "open";
    else if (/^[)\]}]$/.test(piece)) kind = "close";
    tokens.push({ text: piece, start, kind });
  }
  return tokens;
}

/**
 * Where the operator of the outermost binary operation of `segment` stands, or the brackets of the
 * outermost subscript: start and end; null where `segment` is something else.
 */
function findAnchors(segment: string): [number, number] | null {
  const tokens = scan(segment);
  if (tokens === null || tokens.length === 0) return null;
  let depth = 0;
  let best: Token | null = null;
  let bestPower = 100;
  let afterOperand = false;
  for (const token of tokens) {
    if (token.kind === "close") depth--;
    if (
      depth === 0 &&
      (token.kind === "word" || /^(?:[<>]|[=!<>]=|:=|[=,:;~])$/.test(token.text))
    ) {
      return null;
    }
    if (depth === 0 && token.kind === "operator" && token.text !== ".") {
      const power = precedence[token.text];
      if (afterOperand && power !== undefined) {
        // The last of equal operators is the outermost; of powers the first.
        if (power < bestPower || (power === bestPower && token.text !== "**")) {
          best = token;
          bestPower = power;
        }
      } else if (!afterOperand && bestPower > 7) {
        // A sign binds tighter than all binary operators but the power.
        bestPower = 7.5;
      }
      afterOperand = false;
    } else if (token.kind !== "operator") {
      afterOperand = token.kind !== "open" && token.kind !== "word";
    }
    if (token.kind === "open") depth++;
  }
  if (depth !== 0) return null;
  if (best !== null) {
    const wide = best.text.length === 2 || opensGroup(tokens, tokens.indexOf(best) + 1, best);
    return [best.start, best.start + (wide ? 2 : 1)];
  }
  return bestPower === 100 ? subscriptAnchors(tokens, segment) : null;
}

/**
 * Does a parenthesis that only groups the right operand stand right behind `operator`? CPython
 * takes the character for a part of the operator, because the operand begins behind it.
 */
function opensGroup(tokens: Token[], at: number, operator: Token): boolean {
  if (tokens[at]?.text !== "(" || tokens[at].start !== operator.start + 1) return false;
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    if (tokens[i].kind === "open") depth++;
    else if (depth === 1 && tokens[i].text === ",") return false;
    else if (tokens[i].kind === "close" && --depth === 0) {
      return i > at + 1 && !/^[.([]$/.test(tokens[i + 1]?.text ?? "");
    }
  }
  return false;
}

/** The brackets of a subscript that ends the segment. */
function subscriptAnchors(tokens: Token[], segment: string): [number, number] | null {
  const last = tokens[tokens.length - 1];
  if (last.text !== "]") return null;
  let depth = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    if (tokens[i].kind === "close") depth++;
    if (tokens[i].kind !== "open" || --depth > 0) continue;
    if (i === 0 || tokens[i - 1].kind === "operator") return null;
    return [tokens[i].start, segment.trimEnd().length];
  }
  return null;
}
