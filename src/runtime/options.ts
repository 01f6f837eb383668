/** A wrong option; the message is one line for the user. */
export class OptionError extends Error {
  override name = "OptionError";
}
