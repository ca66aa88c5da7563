import { isWithRows, type Source } from '../sources/definition.ts';
import { expectedMinutes, expectedStep, fewRefused, usualRefusedShare } from '../sources/watched.ts';

/** What alarms and operators look at in a source. */
export interface WatchedSource {
  readonly id: string;
  readonly kind: Source['kind'];
  /** Whether rows come, and not calls. */
  readonly hasRows: boolean;
  /** Whether rows come in loads. The events of a topic come one by one. */
  readonly hasLoads: boolean;
  /** For how long nothing may come, and the minutes of the steps in which an alarm looks back. */
  readonly expected: { readonly every: string; readonly minutes: number; readonly step: number } | undefined;
  /** The share of what comes that may be refused; undefined if no alarm tells of it. */
  readonly refusedShare: number | undefined;
  /** From so many refused rows or events on, their share counts. */
  readonly refusedFrom: number;
}

/** What is looked at in each source. */
export const watchedSources = (sources: readonly Source[]): readonly WatchedSource[] =>
  sources.map((source) => {
    const { id, kind, expectEvery: every, maxRefusedShare } = source;
    const hasRows = isWithRows(source);
    return {
      id,
      kind,
      hasRows,
      hasLoads: isWithRows(source) && (kind !== 'kafka' || source.objects.some(({ rows }) => rows === 'records')),
      expected: every === undefined ? undefined : { every, minutes: expectedMinutes(every), step: expectedStep(every) },
      refusedShare: maxRefusedShare ?? (hasRows ? usualRefusedShare : undefined),
      refusedFrom: fewRefused,
    };
  });
