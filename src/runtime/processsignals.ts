/** What the process does with signals, as MainThread wants it. SIGINT is the embedder's. */
export class ProcessSignals {
  /** Signals that have a handler in Python. */
  readonly #handled = new Set<number>();
  readonly #watched = new Map<NodeJS.Signals, () => void>();

  /** @param deliver gives a signal to MainThread */
  constructor(private readonly deliver: (signum: number) => void) {}

  get isAnyHandled(): boolean {
    return this.#handled.size > 0;
  }

  /** @param disposition -1 a handler in Python, 0 the system's own way, 1 ignored */
  watch(signum: number, name: NodeJS.Signals, disposition: number): void {
    const old = this.#watched.get(name);
    if (old !== undefined) process.off(name, old);
    this.#watched.delete(name);
    if (disposition < 0) this.#handled.add(signum);
    else this.#handled.delete(signum);
    if (disposition === 0 || signum === 2) return;
    const listener = disposition === 1 ? () => {} : () => this.deliver(signum);
    this.#watched.set(name, listener);
    process.on(name, listener);
  }

  unwatch(): void {
    for (const [name, listener] of this.#watched) process.off(name, listener);
    this.#watched.clear();
    this.#handled.clear();
  }
}
