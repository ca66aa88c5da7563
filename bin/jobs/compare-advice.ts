/** Differences of one kind that a comparison found: what mends them, and whether that was sent. */
export interface Told {
  readonly kind: string;
  readonly repair: string;
  readonly sent: boolean;
}

const ofParted =
  'An operator parted these people, and what was said while they were one may have linked the identifier. See why it is there (npm run explain -- <profile_id>); if it is wrong: npm run unmerge -- <identifier>';

/** What an operator does about what nothing mends, by its kind. */
const unmendable: Readonly<Record<string, string>> = {
  missing_person:
    'The events of these people were sent again and made no profile. Look for them in the quarantine (npm run replay -- --quarantine --dry-run), in the suppressions and among the identifiers that your rules block.',
  unknown_person:
    'No event of the lake tells of these people. Look at each with npm run explain -- <profile_id>: what made it may be older than the lake, or was erased there; then erase it from the table, too.',
  unknown_identifier: ofParted,
  misplaced_identifier: ofParted,
};
const unled =
  'No identifier leads to these profiles, so no event can reach them. Each is an item of the table that nothing names: look at it (npm run explain -- <profile_id>), then delete it.';

/** What to do next, a line each, about what a comparison found. */
export function adviceOn(told: readonly Told[], report: boolean): string[] {
  const mendable = told.filter(({ repair }) => repair !== 'none');
  const held = mendable.some(({ sent }) => !sent);
  const kinds = [...new Set(told.filter(({ repair }) => repair === 'none').map(({ kind }) => kind))];
  return [
    report
      ? 'Nothing was sent: this was a report. To mend what can be: npm run compare'
      : held
        ? notSent
        : mendable.length > 0
          ? 'What mends them is on the event stream; compare again when it has been stitched.'
          : 'Nothing mends them.',
    ...(mendable.length > 0 ? [stubborn] : []),
    ...new Set(kinds.map((kind) => `${kind}, none: ${unmendable[kind] ?? unled}`)),
  ];
}

const notSent =
  "Nothing was sent. Either the lake's rules drop events that the stream applies (`missing` with `drop`), and then the table is right; or more profiles differ than can be true: look for what went wrong at large, a job that failed or a table that was restored, and only if it is the table that is wrong run npm run job -- profiles --argument most-corrections=<more> after the next export.";
const stubborn =
  'What still differs at the next comparison: its profile was written meanwhile, a limit or an operator keeps it so (npm run explain -- <profile_id>), or its correction is in quarantine.';
