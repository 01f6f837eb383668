import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtIn } from "../../../src/experiment/catalogue.js";
import { DefinitionError, parseDefinition } from "../../../src/experiment/definition.js";
import { programWords } from "../../../src/experiment/launch.js";
import { newPlan, parseFactors, shardOf } from "../../../src/experiment/plan.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-definition-"));
  writeFileSync(join(folder, "x.py"), "print(1)\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = `
program: x.py
factors: { threads: [1, 2], gil: [py32, fifo], switch_interval: 5ms, rounds: 3 }
inside: threads
repeats: 4
quick: { repeats: 1, factors: { rounds: 1 } }
validate_py2: { factors: { switch_interval: null, check_interval: 100 } }
metrics:
  wall_seconds: how long
  slow_down: { ratio: wall_seconds, to: { threads: 1 } }
`;
const parsed = (text: string) => parseDefinition(text, join(folder, "experiment.yaml"));
const options = { factors: {}, repeats: null, seed: 1 };

describe("a description", () => {
  it("has the sizes it asks for, the others being as the full one", () => {
    const definition = parsed(TEXT);
    expect(definition.quick).toMatchObject({
      repeats: 1,
      factors: { rounds: [1], threads: [1, 2] },
    });
    expect(definition.validate).toEqual(definition.full);
    expect(definition.validatePython2.factors).not.toHaveProperty("switch_interval");
    expect(definition.judged).toBe("wall_seconds");
    expect(definition.metrics[1]).toMatchObject({ ratio: "wall_seconds", to: { threads: 1 } });
  });

  it.each([
    ["metrics: {}", /metrics: name at least one/],
    ["titel: x\nmetrics: { a: b }", /there is no key titel; there are name, factors/],
    ["metrics: [a]", /metrics: not a list of keys and values/],
    ["metrics: { a: b }\ninside: threads", /inside: there is no factor threads/],
    ["factors: { gil: py32 }\ninside: gil\nmetrics: { a: b }", /a program cannot vary gil/],
    ["metrics: { a: { ratio: b } }", /metrics\.a: ratio and to go together/],
    ["metrics: { a: { better: faster } }", /better: faster is none of lower, higher/],
    ["metrics: { a: b }\nfigures: [{ kind: pie }]", /figures\[0\]: kind: pie is none of lanes/],
    ["metrics: { a: b }\nfigures: [{ kind: curve, x: n }]", /figures\[0\]: curve needs y/],
    ["metrics: { a: b }\njudged: c", /judged: no metric c/],
    ["metrics: { a: b }\nrepeats: 0", /repeats: not a number above 0/],
    ["a: [", /experiment\.yaml: /],
    ["just text", /the file: not a list of keys and values/],
  ])("is refused in one line: %s", (text, message) => {
    expect(() => parsed(text)).toThrow(DefinitionError);
    expect(() => parsed(text)).toThrow(message);
    try {
      parsed(text);
    } catch (error) {
      expect((error as Error).message).not.toContain("\n");
    }
  });
});

describe("a plan", () => {
  it("runs every launch once a repeat, in an order that changes but is the seed's", () => {
    const plan = newPlan(parsed(TEXT), parsed(TEXT).full, { ...options, repeats: 8 });
    expect(plan.cells).toHaveLength(4);
    expect(plan.launches).toHaveLength(16);
    const orders = new Set<string>();
    for (let repeat = 1; repeat <= 8; repeat++) {
      const launches = plan.launches.filter((launch) => launch.repeat === repeat);
      expect(launches.map(({ factors }) => factors.gil).sort()).toEqual(["fifo", "py32"]);
      orders.add(launches.map(({ factors }) => factors.gil).join());
    }
    expect(orders.size).toBe(2);
    const again = newPlan(parsed(TEXT), parsed(TEXT).full, { ...options, repeats: 8 });
    expect(again.launches).toEqual(plan.launches);
    expect(again.fingerprint).toBe(plan.fingerprint);
    const other = newPlan(parsed(TEXT), parsed(TEXT).full, { ...options, seed: 2 });
    expect(other.fingerprint).not.toBe(plan.fingerprint);
  });

  it("tells a program its factors, durations in seconds, all values of those inside", () => {
    const [launch] = newPlan(parsed(TEXT), parsed(TEXT).full, options).launches;
    expect(programWords(launch).sort()).toEqual(
      [`gil=${launch.factors.gil}`, "rounds=3", "switch_interval=0.005", "threads=1,2"].sort(),
    );
  });

  it("is cut into shards that together are the whole", () => {
    const plan = newPlan(parsed(TEXT), parsed(TEXT).full, options);
    const numbers = [1, 2, 3].flatMap((i) => shardOf(plan, i, 3).map(({ number }) => number));
    expect(numbers.sort((a, b) => a - b)).toEqual(plan.launches.map(({ number }) => number));
  });

  it("takes factors from the command line and refuses what it cannot vary", () => {
    const definition = parsed(TEXT);
    expect(parseFactors(["threads=1,8", "python=3.9"], definition)).toEqual({
      threads: [1, 8],
      python: [3.9],
    });
    expect(() => parseFactors(["thread=1"], definition)).toThrow(/has no factor thread: threads/);
    expect(() => parseFactors(["threads"], definition)).toThrow(/no factor with its values/);
    const plan = (factors: Record<string, (string | number)[]>) =>
      newPlan(definition, definition.full, { ...options, factors });
    expect(() => plan({ gil: ["py31"] })).toThrow(/there is no discipline py31/);
    expect(() => plan({ switch_interval: [5] })).toThrow(/no duration such as 5ms/);
    expect(() => plan({ threads: [1, 1] })).toThrow(/a value is given twice/);
  });
});

describe("the experiments that come with takegil", () => {
  it("can all be read, and name only factors and metrics they have", () => {
    const all = builtIn();
    expect(all.map(({ name }) => name)).toContain("countdown");
    for (const { name, full, metrics, figures, reference, title, text } of all) {
      expect(title.length, name).toBeGreaterThan(20);
      expect(text.length, name).toBeGreaterThan(60);
      const columns = metrics.map((metric) => metric.name);
      for (const { at, among, x, by } of figures) {
        const used = [...Object.keys(at), ...Object.keys(among), ...by];
        for (const factor of x === null ? used : [...used, x]) {
          expect(Object.keys(full.factors), `${name}: ${factor}`).toContain(factor);
        }
      }
      for (const { metric } of reference) expect(columns, name).toContain(metric);
      for (const { name: metric, meaning } of metrics) expect(meaning, metric).not.toBe("");
    }
  });
});
