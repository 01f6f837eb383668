import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSchedule, parseSchedule } from "../../../src/sync/schedule.js";

describe("schedules", () => {
  it("read as they are written", () => {
    const choices = [
      { place: 0, action: 0 },
      { place: 0, action: 0 },
      { place: 1, action: 1 },
      { place: 2, action: 2 },
    ];
    const text = formatSchedule({ sharedWords: [0x800, 0x810], choices });
    expect(text).toBe("800,810|1*2 2t 3k");
    expect(parseSchedule(text)).toEqual({ sharedWords: [0x800, 0x810], choices });
  });

  it("survive being printed, whatever they say", () => {
    const choice = fc.record({ place: fc.nat(9), action: fc.nat(2) });
    const schedule = fc.record({
      sharedWords: fc.array(fc.nat(0xffff)),
      choices: fc.array(choice, { maxLength: 60 }),
    });
    fc.assert(
      fc.property(schedule, (written) => {
        expect(parseSchedule(formatSchedule(written))).toEqual(written);
      }),
    );
  });

  it.each(["", "1 2", "800|0", "800|1x", "800|1*0", "zz|1", "1|2|3", "800|1t2"])(
    "refuse %j",
    (text) => {
      expect(() => parseSchedule(text)).toThrow(RangeError);
    },
  );
});
