import type { DisciplineClass, DisciplineName } from "../../src/gil/disciplines.js";

export const disciplineMutants: readonly (readonly [
  Exclude<DisciplineName, "py32" | "none-unsafe">,
  string,
  DisciplineClass,
])[] = [];
