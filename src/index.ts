/** takegil's public interface: see {@link Interpreter}. */

export { type DisciplineName, disciplineNames, disciplines } from "./gil/disciplines.js";
export { type RaceMode, type RaceRun, raceCounts, raceModes } from "./runtime/countrace.js";
export {
  type DeadlockAction,
  deadlockActions,
  Interpreter,
  type InterpreterOptions,
  type RunResult,
  STATUS_BROKEN,
  STATUS_DEADLOCK,
  STATUS_STOPPED,
} from "./runtime/interpreter.js";
export { OptionError } from "./runtime/options.js";
