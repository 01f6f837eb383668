import { SvgDocument } from "./svg.js";

/** The page that figures of the heap are drawn on: colours, measures, text styles. */

/**
 * Bands of size classes, small to large: viridis, whose lightness grows evenly, so that the bands
 * stay in order for every kind of colour vision and in grey.
 */
export const bands: readonly { readonly most: number; readonly colour: string }[] = [
  { most: 32, colour: "#440154" },
  { most: 64, colour: "#3b528b" },
  { most: 96, colour: "#2c728e" },
  { most: 128, colour: "#21918c" },
  { most: 192, colour: "#28ae80" },
  { most: 256, colour: "#5ec962" },
  { most: 384, colour: "#addc30" },
  { most: 512, colour: "#fde725" },
];

/** The band of size class 0…31. */
export function bandOf(sizeClass: number): number {
  return bands.findIndex(({ most }) => (sizeClass + 1) * 16 <= most);
}

/** Text of the band's range of block sizes. */
export function bandLabel(band: number): string {
  const least = band === 0 ? 16 : bands[band - 1].most + 16;
  return `${least}–${bands[band].most}`;
}

/** Colours that differ for every kind of colour vision (M. Okabe, K. Ito), for parts of a whole. */
export const partColours = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#f0e442",
] as const;

export const inks = {
  ink: "#17202c",
  faint: "#66707f",
  grid: "#e3e8ee",
  rest: "#c3cad3",
  empty: "#f0f2f5",
  edge: "#b6c2d1",
  dash: "#93a1b3",
  mark: "#c2410c",
} as const;

export const page = { width: 1200, margin: 28 } as const;

const fonts = "Inter,system-ui,-apple-system,'Segoe UI','DejaVu Sans',Arial,sans-serif";

/** Styles of every figure of the heap; `b0`… are the bands. */
export const style = [
  `text{font-family:${fonts};font-size:11px;fill:${inks.ink};font-variant-numeric:tabular-nums}`,
  `.faint{fill:${inks.faint}}.end{text-anchor:end}.mid{text-anchor:middle}.head{font-weight:600}`,
  ".h{font-size:14px;font-weight:600}",
  `.grid{stroke:${inks.grid};stroke-width:1}`,
  ...bands.map(({ colour }, i) => `.b${i}{fill:${colour}}`),
  ".free{fill-opacity:.3}.untouched{fill-opacity:.12}",
  `.empty{fill:${inks.empty};stroke:${inks.edge};stroke-width:.6}`,
  `.virgin{fill:none;stroke:${inks.dash};stroke-width:.8;stroke-dasharray:1.5 1.5}`,
  `.mark{fill:none;stroke:${inks.mark};stroke-width:2}`,
  `.link{fill:none;stroke:${inks.mark};stroke-width:1;stroke-opacity:.5}`,
  ".halo{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}",
].join("");

/** A document with a white page behind everything. */
export function newPage(): SvgDocument {
  const svg = new SvgDocument();
  // Sized by percentage, since the height is known only at the end.
  svg.element("rect", { width: "100%", height: "100%", fill: "#fff" });
  return svg;
}

/** About how wide a text of the common size is, px. */
export function textWidth(text: string): number {
  return text.length * 6.1;
}

/** Swatches with labels from `x` to the right; gives where they end. */
export function drawSwatches(
  svg: SvgDocument,
  x: number,
  y: number,
  items: readonly { readonly label: string; readonly attributes: Record<string, string> }[],
): number {
  let at = x;
  for (const { label, attributes } of items) {
    svg.rectangle(at, y - 10, 13, 12, attributes);
    svg.text(at + 18, y, label, {});
    at += 18 + textWidth(label) + 16;
  }
  return at;
}

/**
 * A step for an axis, two to five of which make up `most`: 1, 2 or 5 times a power of ten of the
 * unit; units are `thousand` apart, 1024 for bytes.
 */
export function roundStep(most: number, thousand: number): number {
  let unit = 1;
  while (most >= unit * thousand) unit *= thousand;
  const least = most / unit / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  const factor = [1, 2, 5, 10].find((f) => f * power >= least * (1 - 1e-9))!;
  return Math.max(factor * power * unit, 1);
}
