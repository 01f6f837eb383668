/**
 * The little of SVG that the charts need: escaped text, short numbers and step-shaped paths.
 * Files must stay small with a million events, so coordinates have at most two decimals.
 */

/** A coordinate in its shortest form. */
export function coordinate(value: number): string {
  const text = value.toFixed(2).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}

/** Text fit for element content and attributes; characters XML cannot hold become dots. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "·")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/** Attributes of an element, by name; numbers are shortened, text is escaped. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A document under construction. */
export class SvgDocument {
  private readonly parts: string[] = [];

  /** Add an element; with text it may hold a tooltip or be a label. */
  element(name: string, attributes: Attributes, content = ""): void {
    const open = openTag(name, attributes);
    this.parts.push(content === "" ? `${open}/>` : `${open}>${content}</${name}>`);
  }

  /** Add a rectangle with a tooltip; an empty one adds none. */
  rectangle(x: number, y: number, width: number, height: number, more: Attributes, tip = ""): void {
    const content = tip === "" ? "" : `<title>${escapeXml(tip)}</title>`;
    this.element("rect", { x, y, width, height, ...more }, content);
  }

  /** Add a text; its content is escaped. */
  text(x: number, y: number, content: string, more: Attributes): void {
    this.element("text", { x, y, ...more }, escapeXml(content));
  }

  /** Open a group, to be closed by {@link close}. */
  open(attributes: Attributes): void {
    this.parts.push(`${openTag("g", attributes)}>`);
  }

  close(): void {
    this.parts.push("</g>");
  }

  /** The whole document. */
  finish(width: number, height: number, title: string, style: string): string {
    const attributes = {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
      role: "img",
    };
    return [
      `${openTag("svg", attributes)}>`,
      `<title>${escapeXml(title)}</title>`,
      `<style>${style}</style>`,
      ...this.parts,
      "</svg>\n",
    ].join("\n");
  }
}

function openTag(name: string, attributes: Attributes): string {
  let tag = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    tag += ` ${key}="${typeof value === "number" ? coordinate(value) : escapeXml(value)}"`;
  }
  return tag;
}

/**
 * The outline of columns of equal width that stand on a base line, as path data: bars of the same
 * height are joined, empty ones left out.
 *
 * @param heights height of each column, in px
 */
export function columnsPath(
  x: number,
  base: number,
  columnWidth: number,
  heights: Float64Array,
): string {
  let path = "";
  for (let i = 0; i < heights.length; ) {
    if (heights[i] <= 0) {
      i++;
      continue;
    }
    path += `M${coordinate(x + i * columnWidth)} ${coordinate(base)}`;
    for (; i < heights.length && heights[i] > 0; ) {
      let end = i + 1;
      while (end < heights.length && heights[end] === heights[i]) end++;
      path += `V${coordinate(base - heights[i])}H${coordinate(x + end * columnWidth)}`;
      i = end;
    }
    path += `V${coordinate(base)}Z`;
  }
  return path;
}
