/** A load of 100 connections under every discipline: all is answered, and nothing is left. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { disciplineNames } from "../../src/gil/disciplines.js";
import type { LoadResult } from "../../src/load/plan.js";
import { takegil } from "../cli/command.js";
import { serving } from "./serving.js";

const FOLDER = fileURLToPath(new URL("../../../experiments/load/", import.meta.url));
const REQUESTS = 300;

describe("a server under load", () => {
  it.each(disciplineNames.filter((name) => name !== "none-unsafe"))(
    "answers everything under %s",
    async (gil) => {
      const options = ["--threads", "4", "--gil", gil, "--timeout", "60s"];
      const server = await serving(options, "app", { TAKEGIL_LEAK_CHECK: "1" }, FOLDER);
      const url = `http://127.0.0.1:${server.port}/mix`;
      const args = ["load", url, "-c", "100", "-a", String(REQUESTS), "--timeout", "60s", "--json"];
      const { status, stdout } = await takegil(args, { timeoutMs: 50_000 });
      expect(status).toBe(0);
      const result = JSON.parse(stdout) as LoadResult;
      expect(result).toMatchObject({ sent: REQUESTS, good: REQUESTS, other: 0, errors: 0 });
      expect([result.timeouts, result.cutOff]).toEqual([0, 0]);
      expect(await server.stop()).toBe(0);
    },
  );
});
