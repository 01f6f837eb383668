/** The runtime's own log, through pino; a log that nobody reads does not even load it. */
type Write = (details: object, text: string) => void;

/** The part of pino's logger that the runtime uses. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  readonly fatal: Write;
  readonly isLevelEnabled: (level: string) => boolean;
}

const silent: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  fatal() {},
  isLevelEnabled: () => false,
};

/** A log of `level` (pino's names) on standard error. */
export async function newLog(level: string): Promise<Log> {
  if (level === "silent") return silent;
  const { pino } = await import("pino");
  const log = pino({ level, name: "takegil" }, pino.destination({ dest: 2, sync: true }));
  return {
    debug: (details, text) => log.debug(details, text),
    info: (details, text) => log.info(details, text),
    warn: (details, text) => log.warn(details, text),
    error: (details, text) => log.error(details, text),
    fatal: (details, text) => log.fatal(details, text),
    isLevelEnabled: (name) => log.isLevelEnabled(name),
  };
}
