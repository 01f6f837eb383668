/** What the grammar remembers of an expression: enough to word CPython's errors about it. */

import type { Token } from "./token.js";

/** An expression by the name that error messages give it. */
export interface Shape {
  /** `function call`, `literal`, `name`, … as in "cannot assign to function call". */
  kind: string;
  /** First and last token. */
  first: Token;
  last: Token;
  /** Items of a tuple or list; the value of a starred expression; the left side of `x in y`. */
  items: Shape[];
  /** Whether it stands in parentheses of its own. */
  grouped: boolean;
}

/** What an expression is wanted as. */
export type TargetUse = "assign" | "delete" | "for";

/** The first part of an expression that cannot be a target, or null. */
export function invalidTarget(shape: Shape, use: TargetUse): Shape | null {
  switch (shape.kind) {
    case "tuple":
    case "list":
      for (const item of shape.items) {
        const found = invalidTarget(item, use);
        if (found !== null) return found;
      }
      return null;
    case "starred":
      return use === "delete" ? shape : invalidTarget(shape.items[0], use);
    case "comparison":
      // `for x in y` reads as a comparison.
      if (use !== "for") return shape;
      return shape.items.length === 1 ? invalidTarget(shape.items[0], use) : null;
    case "name":
    case "subscript":
    case "attribute":
      return null;
    default:
      return shape;
  }
}
