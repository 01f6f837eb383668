/** takegil's public interface: see {@link Interpreter}. */

export { type RaceMode, type RaceRun, raceCounts, raceModes } from "./runtime/countrace.js";
export {
  type DeadlockAction,
  type DisciplineName,
  deadlockActions,
  disciplineNames,
  Interpreter,
  type InterpreterOptions,
  OptionError,
  type RunResult,
  STATUS_BROKEN,
  STATUS_DEADLOCK,
  STATUS_STOPPED,
} from "./runtime/interpreter.js";
