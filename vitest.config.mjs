import { defineConfig } from "vitest/config";

// Tests run on built JavaScript: const enums are inlined and worker URLs resolve as shipped.
export default defineConfig({
  test: {
    include: ["dist/test/**/*.test.js"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxConcurrency: 2,
  },
});
