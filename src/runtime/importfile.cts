/**
 * Importing a user's module. Not part of the packs, in which every import becomes a bundled one:
 * load it with `createRequire`.
 */
export const importFile = (href: string): Promise<{ default?: unknown }> => import(href);
