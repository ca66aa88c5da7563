import type { BarrierList } from '../../core/privacy/barrier-list.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import type { BarrierFile, BarrierFileVersion } from './barrier-file.ts';

/** Where the list is read, and with which clock, in milliseconds since 1970. */
export interface FreshBarriersDeps {
  readonly file: Pick<BarrierFile, 'read'>;
  readonly now: () => number;
  /** Logs what an operator must look at. */
  readonly warn: (message: string, details: Readonly<Record<string, string>>) => void;
}

/** Until the list is read again, and until it is tried again after a failure. */
const fresh = 60_000;
const untilNextTry = 10_000;
/** For how long a list serves that cannot be read again: an outage of S3 must not stop everything at once. */
const usable = 15 * 60_000;

/**
 * Makes a reader of the list of barriers that asks once a minute whether it changed. Callers at the same time share one
 * request. It fails without any list, and once the last one is a quarter of an hour old: then nothing may pass.
 */
export function freshBarriers({ file, now, warn }: FreshBarriersDeps): () => Promise<BarrierList> {
  let kept: (BarrierFileVersion & { readonly at: number }) | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const at = now();
    triedAt = at;
    const version = (await file.read(kept?.tag)) ?? kept;
    if (version !== undefined) kept = { ...version, at };
  }

  return async () => {
    const isDue = kept === undefined || (now() - kept.at > fresh && now() - triedAt > untilNextTry);
    if (reading !== undefined || isDue) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      try {
        await reading;
      } catch (error) {
        if (kept === undefined || now() - kept.at > usable) throw error;
        warn('the list of barriers cannot be read again; the last one serves', { error: errorNameOf(error) });
      }
    }
    if (kept === undefined || now() - kept.at > usable) throw new BarriersTooOld();
    return kept.list;
  };
}

/** The list of barriers could not be read for a quarter of an hour. */
class BarriersTooOld extends Error {
  override readonly name = 'BarriersTooOld';

  constructor() {
    super('the list of barriers could not be read for a quarter of an hour');
  }
}
