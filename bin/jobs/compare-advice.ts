/** Differences of one kind, their repair, and whether the repair was sent. */
export interface Told {
  readonly kind: string;
  readonly repair: string;
  readonly sent: boolean;
}

const ofParted =
  'An operator unmerged these people, and an event from before may have linked the identifier. See why it is there (npm run explain -- <profile_id>). If it is wrong: npm run unmerge -- <identifier>';

/** Advice for differences without a repair, by kind. */
const unmendable: Readonly<Record<string, string>> = {
  missing_person:
    'The events of these people were sent again and made no profile. Look for them in the quarantine (npm run replay -- --quarantine --dry-run), in the suppressions and among the identifiers that your rules block.',
  unknown_person:
    'The lake has no event of these people. Look at each with npm run explain -- <profile_id>: its events may be older than the lake, or were erased there. If they were erased, erase the profile from the table, too.',
  unknown_identifier: ofParted,
  misplaced_identifier: ofParted,
  segment:
    'A correction did not help, or no identifier leads to these profiles. Look at each with npm run explain -- <profile_id>.',
};
const unled =
  'No identifier leads to these profiles, so no event can reach them. Look at each (npm run explain -- <profile_id>), then delete its item.';

/** Advice about the differences that a comparison found, one line each. */
export function adviceOn(told: readonly Told[], report: boolean): string[] {
  const mendable = told.filter(({ repair }) => repair !== 'none');
  const kinds = [...new Set(told.filter(({ repair }) => repair === 'none').map(({ kind }) => kind))];
  return [
    whatWasSent(mendable, report),
    ...(mendable.length > 0 ? [stubborn] : []),
    ...new Set(kinds.map((kind) => `${kind}, none: ${unmendable[kind] ?? unled}`)),
  ];
}

function whatWasSent(mendable: readonly Told[], report: boolean): string {
  if (report) return 'Nothing was sent, because this was a report. To send the repairs: npm run compare';
  if (mendable.some(({ sent }) => !sent)) return notSent;
  if (mendable.length === 0) return 'No repair exists for them.';
  return 'The repairs are on the event stream. Compare again after they were stitched.';
}

const notSent =
  "Nothing was sent. If the lake's rules drop events that the stream applies (`missing` with `drop`), the table is right. Otherwise too many profiles differ: look for a failed job or a restored table. Only if the table is wrong, run npm run job -- profiles --argument most-corrections=<more> after the next export.";
const stubborn =
  'If a profile still differs at the next comparison, it was written meanwhile, a limit or an operator keeps it so (npm run explain -- <profile_id>), or its correction is in the quarantine.';
