/** A version of a file that is too large for a function. */
export interface LargeFile {
  readonly key: string;
  readonly version: string | undefined;
}

/** Starts the job that splits a file into pieces; false if it splits another one. */
export const splitJob =
  (start: (given: Readonly<Record<string, string>>) => Promise<boolean>) =>
  ({ key, version }: LargeFile): Promise<boolean> =>
    start({ '--key': key, ...(version !== undefined && { '--version': version }) });
