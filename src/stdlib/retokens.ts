/** The characters of regular expressions and templates, one token after another; their errors. */
import { isDecimal, isNameContinue, isNameStart } from "../object/unicode.js";

/** What is wrong with a pattern, and where; -1: nowhere in particular. */
export class PatternError extends Error {
  override name = "PatternError";
  position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** A mistake that is no error of the pattern. */
export class ArgumentError extends Error {
  override name = "ArgumentError";
  kind: "ValueError" | "OverflowError" | "IndexError" | "RecursionError";

  constructor(kind: ArgumentError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Number of code points in a token or name. */
export function countOf(text: string): number {
  let n = 0;
  for (const _ of text) n++;
  return n;
}

export function isIdentifier(name: string): boolean {
  let first = true;
  for (const character of name) {
    const code = character.codePointAt(0) as number;
    if (!(first ? isNameStart(code) : isNameContinue(code))) return false;
    first = false;
  }
  return !first;
}

/** A name as repr() shows it in messages. */
export function quoteName(name: string): string {
  const quote = name.includes("'") && !name.includes('"') ? '"' : "'";
  return quote + name.replace(/\\/g, "\\\\").replaceAll(quote, `\\${quote}`) + quote;
}

export const within = (set: string, character: string | null): boolean =>
  character !== null && character !== "" && character.length === 1 && set.includes(character);

export const DIGITS = "0123456789";
export const OCTAL = "01234567";
export const HEX = "0123456789abcdefABCDEF";
export const isLetter = (c: string): boolean => /^[a-zA-Z]$/.test(c);

/** What is not ASCII in a message about bytes, as escapes. */
function escaped(message: string): string {
  const hex = (c: string): string => `\\x${c.charCodeAt(0).toString(16)}`;
  return message.replace(/[\x80-\xff]/g, hex);
}

/** Hands out a text character by character, an escape as one token. */
export class Tokens {
  readonly isText: boolean;
  #characters: string[];
  #index = 0;
  next: string | null = null;

  constructor(characters: string[], isText: boolean) {
    this.#characters = characters;
    this.isText = isText;
    this.#advance();
  }

  #advance(): void {
    const index = this.#index;
    if (index >= this.#characters.length) {
      this.next = null;
      return;
    }
    let token = this.#characters[index];
    this.#index++;
    if (token === "\\") {
      if (this.#index >= this.#characters.length) {
        throw new PatternError("bad escape (end of pattern)", this.#characters.length - 1);
      }
      token += this.#characters[this.#index++];
    }
    this.next = token;
  }

  get(): string | null {
    const token = this.next;
    this.#advance();
    return token;
  }

  match(token: string): boolean {
    if (this.next !== token) return false;
    this.#advance();
    return true;
  }

  /** At most `n` tokens of the characters in `set`. */
  getWhile(n: number, set: string): string {
    let result = "";
    for (let i = 0; i < n && within(set, this.next); i++) result += this.get();
    return result;
  }

  /** What stands before `terminator`, called `name` in messages. */
  getUntil(terminator: string, name: string): string {
    let result = "";
    for (;;) {
      const token = this.next;
      this.#advance();
      if (token === null) {
        if (result === "") throw this.error(`missing ${name}`);
        throw this.error(`missing ${terminator}, unterminated name`, countOf(result));
      }
      if (token === terminator) {
        if (result === "") throw this.error(`missing ${name}`, 1);
        return result;
      }
      result += token;
    }
  }

  /** Where the next token begins. */
  tell(): number {
    return this.#index - (this.next === null ? 0 : countOf(this.next));
  }

  seek(index: number): void {
    this.#index = index;
    this.#advance();
  }

  /** An error `offset` characters before the next token. */
  error(message: string, offset = 0): PatternError {
    return new PatternError(this.isText ? message : escaped(message), this.tell() - offset);
  }

  checkName(name: string, offset: number): void {
    if (isIdentifier(name)) return;
    throw this.error(`bad character in group name ${quoteName(name)}`, countOf(name) + offset);
  }
}

const CONTROL: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };

/** The character of `\a`, `\n` and their like. */
export function controlEscape(token: string): number | undefined {
  const letter = token.slice(1);
  return Object.hasOwn(CONTROL, letter) ? CONTROL[letter] : undefined;
}

/** A group's number as int() reads it; -1: none. */
export function readGroupNumber(name: string): number {
  const text = name.trim().replace(/^\+/, "");
  let value = 0;
  if (text === "" || /^_|__|_$/.test(text)) return -1;
  for (const character of text.replaceAll("_", "")) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80 && /[0-9]/.test(character)) value = value * 10 + Number(character);
    else if (isDecimal(code)) value = value * 10 + decimalValue(code);
    else return -1;
  }
  return value;
}

/** Value of a decimal digit of any script: the digits of a script stand in a row. */
function decimalValue(code: number): number {
  let zero = code;
  while (isDecimal(zero - 1) && code - zero < 9) zero--;
  return code - zero;
}
