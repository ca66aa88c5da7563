/** One of the parts of which a run of all tests is made. */
export interface Part {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** File in which it tells what became of its tests; without one it is a single test. */
  readonly report?: string;
  /**
   * Files and folders that decide how it ends, beside the versions of what runs it. Undefined: it is never taken for
   * proven.
   */
  readonly inputs?: readonly string[];
  /** What must be there while it runs. */
  readonly needs?: Service;
  /** The same with some of its files of tests alone. Undefined: it has none. */
  readonly commandOf?: (files: readonly string[]) => readonly string[];
}

/**
 * Something that parts of a lane share, one after the other: it starts before the first of them that runs, and ends
 * when its standard input does.
 */
export interface Service {
  readonly name: string;
  readonly command: readonly string[];
  /** File that it writes when it is there. */
  readonly ready: string;
  /** Tells parts of that file. */
  readonly env: Readonly<Record<string, string>>;
}

/** A file of tests, what became of them, and how long they took. */
export interface TestFile {
  readonly file: string;
  readonly seconds: number;
  readonly passed: number;
  /** Failed or skipped; at least one where the file could not be read as tests. */
  readonly failed: number;
}

/** How a part ended. */
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Wall clock. */
  readonly seconds: number;
  /** Time of processors, in its own and in system calls, with all processes that it started and waited for. */
  readonly processorSeconds: number;
  readonly files: readonly TestFile[];
  /** It was not run, because these inputs have passed before. */
  readonly proven: boolean;
}
