/** Templates of `sub` and `expand`: text with references to groups. */
import {
  ArgumentError,
  controlEscape,
  countOf,
  isIdentifier,
  OCTAL,
  quoteName,
  readGroupNumber,
  Tokens,
} from "./retokens.js";

/** Text, or the number of a group. */
export type Piece = string | number;

const isDigit = (token: string | null): boolean => token !== null && /^[0-9]$/.test(token);
const isOctal = (token: string | null): boolean =>
  token !== null && token.length === 1 && OCTAL.includes(token);

class TemplateParser {
  readonly #source: Tokens;
  readonly #groups: number;
  readonly #groupCalled: (name: string) => number;
  readonly #pieces: Piece[] = [];
  #text = "";

  constructor(source: Tokens, groups: number, groupCalled: (name: string) => number) {
    this.#source = source;
    this.#groups = groups;
    this.#groupCalled = groupCalled;
  }

  parse(): Piece[] {
    for (let token = this.#source.get(); token !== null; token = this.#source.get()) {
      if (token[0] !== "\\") this.#text += token;
      else this.#escape(token);
    }
    this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    if (this.#text !== "") this.#pieces.push(this.#text);
    this.#text = "";
  }

  #add(group: number, offset: number): void {
    if (group >= this.#groups) {
      throw this.#source.error(`invalid group reference ${group}`, offset);
    }
    this.#flush();
    this.#pieces.push(group);
  }

  #escape(token: string): void {
    const letter = token.slice(1);
    if (letter === "g") this.#named();
    else if (letter === "0") this.#zero();
    else if (isDigit(letter)) this.#number(letter);
    else {
      const code = controlEscape(token);
      if (code === undefined && /^[a-zA-Z]$/.test(letter)) {
        throw this.#source.error(`bad escape ${token}`, 2);
      }
      this.#text += code === undefined ? token : String.fromCharCode(code);
    }
  }

  #named(): void {
    const source = this.#source;
    if (!source.match("<")) throw source.error("missing <");
    const name = source.getUntil(">", "group name");
    const offset = countOf(name) + 1;
    if (isIdentifier(name)) {
      const group = this.#groupCalled(name);
      if (group < 0) {
        throw new ArgumentError("IndexError", `unknown group name ${quoteName(name)}`);
      }
      this.#add(group, offset);
      return;
    }
    const group = readGroupNumber(name);
    if (group < 0) throw source.error(`bad character in group name ${quoteName(name)}`, offset);
    this.#add(group, offset);
  }

  #zero(): void {
    let digits = "0";
    while (digits.length < 3 && isOctal(this.#source.next)) digits += this.#source.get();
    this.#text += String.fromCharCode(Number.parseInt(digits, 8) & 0xff);
  }

  #number(first: string): void {
    const source = this.#source;
    let digits = first;
    if (isDigit(source.next)) {
      digits += source.get();
      if (isOctal(digits[0]) && isOctal(digits[1]) && isOctal(source.next)) {
        digits += source.get();
        const code = Number.parseInt(digits, 8);
        if (code > 0o377) {
          const message = `octal escape value \\${digits} outside of range 0-0o377`;
          throw source.error(message, digits.length + 1);
        }
        this.#text += String.fromCharCode(code);
        return;
      }
    }
    this.#add(Number(digits), digits.length);
  }
}

/**
 * The pieces of a template for a pattern of `groups` groups (the whole match included). Throws
 * {@link PatternError} and {@link ArgumentError}.
 */
export function parseTemplate(
  characters: string[],
  isText: boolean,
  groups: number,
  groupCalled: (name: string) => number,
): Piece[] {
  return new TemplateParser(new Tokens(characters, isText), groups, groupCalled).parse();
}
