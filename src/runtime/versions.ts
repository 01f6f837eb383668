/** Versions of CPython whose check points a run can have. */
import { PointVersion } from "../vm/checkpoints.js";

/** Versions of CPython whose check points can be chosen. */
export const pythonVersions = ["2.7", "3.9", "3.10", "3.11", "3.12", "3.13"] as const;
export type PythonVersion = (typeof pythonVersions)[number];

/** What is put into the code for each. */
export const POINT_VERSIONS: Readonly<Record<PythonVersion, PointVersion>> = {
  "2.7": PointVersion.Ticks,
  "3.9": PointVersion.Instructions,
  "3.10": PointVersion.Returns,
  "3.11": PointVersion.Calls,
  "3.12": PointVersion.Calls,
  "3.13": PointVersion.Calls,
};
