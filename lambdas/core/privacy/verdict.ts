import type { Identifier } from '../identifiers/identifier.ts';
import { type Barrier, type Stop, stopOf } from './barrier.ts';

/** An event that is dropped, and by what; or the identifiers that it keeps. */
export type Verdict =
  | { readonly dropped: Stop }
  | { readonly dropped?: undefined; readonly kept: readonly Identifier[] };

type BarrierOf = (id: Identifier) => Barrier | undefined;

/**
 * Judges an event by its identifiers, most trusted first: the first decides whether it is dropped, and others that are
 * stopped are left out of it. So it needs no profile, and every order and every reader decides the same.
 */
export function judge(identifiers: readonly Identifier[], at: string, barrierOf: BarrierOf): Verdict {
  const [trusted] = identifiers;
  const dropped = trusted === undefined ? undefined : stopOf(barrierOf(trusted), at);
  if (dropped !== undefined) return { dropped };
  const kept = identifiers.filter((id) => stopOf(barrierOf(id), at) === undefined);
  return { kept: kept.length === identifiers.length ? identifiers : kept };
}

/** Judges what the platform says of one person: any identifier that is stopped drops it. */
export function judgeCorrection(identifiers: readonly Identifier[], at: string, barrierOf: BarrierOf): Verdict {
  const [dropped] = identifiers.flatMap((id) => stopOf(barrierOf(id), at) ?? []);
  return dropped === undefined ? { kept: identifiers } : { dropped };
}
