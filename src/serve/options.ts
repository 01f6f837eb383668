/** What `takegil serve` is asked for; plain data, since it crosses processes. */
export interface ServeOptions {
  /** `module:name` of the WSGI application. */
  application: string;
  /** Threads that call it, in each process. */
  threads: number;
  /** Processes. */
  workers: number;
  host: string;
  /** 0: one that is free. */
  port: number;
  /** Connections that the system keeps waiting. */
  backlog: number;
  gil: string;
  switchIntervalUs: number;
  /** Bytes of each process's Python heap. */
  heapSize: number;
  /** Python threads alive at once in a process, its MainThread and pool included. */
  maxThreads: number;
  /** How long a thread may work on a request, in ms. */
  timeoutMs: number;
  /** How long requests under way may take once the server is told to end, in ms. */
  gracefulMs: number;
  /** How long a connection without a request is kept, in ms. */
  keepAliveMs: number;
  /** How long a client may keep the server waiting, in ms. */
  clientTimeoutMs: number;
  /** Keep a process that can take the place of one that ends. */
  reserve: boolean;
  /** Requests after which a process is replaced by a new one; 0: never. */
  maxRequests: number;
  /** File of the access log, `-` for standard output, or null for none. */
  accessLog: string | null;
  logLevel: string;
  /**
   * Where metrics are served: a path of the server itself, an address of its own, or nowhere.
   */
  metrics: string | { host: string; port: number } | null;
  /** File of the trace, or null. */
  trace: string | null;
}
