import type { Applied } from '../adapters/dynamodb/applied-list.ts';
import { OperatorRefused } from '../core/operations/operator-refused.ts';

/** The table that shall go live, and the live one. */
export interface RestoreDeps {
  readonly from: string;
  readonly live: string;
  /** What stands for the list of barriers as it is now, and for who opted out. */
  readonly saidNow: () => Promise<string>;
  /** What a table says was applied to it. */
  readonly appliedTo: (table: string) => Promise<Applied | undefined>;
  /** Says it of the live table, while it is filled. */
  readonly note: (applied: Applied) => Promise<void>;
  readonly forget: () => Promise<void>;
  /** Whether a table has nothing but what outlives its profiles. */
  readonly isEmpty: (table: string) => Promise<boolean>;
  readonly fill: (from: string, to: string) => Promise<number>;
}

const reapplyTo = (table: string): string => `npm run privacy -- reapply --table ${table}`;

/**
 * Lets a restored or rebuilt table go live: copies it into the emptied live table. It may be repeated after a crash.
 * @throws OperatorRefused when what is said now was not applied, or the live table is not empty
 */
export async function goLive(deps: RestoreDeps): Promise<number> {
  const { from, live, saidNow, appliedTo, note, forget, isEmpty, fill } = deps;
  if (from === live) throw new OperatorRefused('invalid', `${from} is the live table`);
  const applied = await appliedTo(from);
  const said = await saidNow();
  if (applied === undefined)
    throw new OperatorRefused(
      'refused',
      `${from} may have people who were erased or suppressed since it was made. ` +
        `Take them out first: ${reapplyTo(from)}`,
    );
  if (applied.list !== said)
    throw new OperatorRefused(
      'refused',
      `somebody was erased, kept out, let in or opted out after the list of barriers was applied to ${from}. ` +
        `Apply it again: ${reapplyTo(from)}`,
    );
  const isBegun = (await appliedTo(live))?.from === from;
  if (!isBegun && !(await isEmpty(live)))
    throw new OperatorRefused(
      'refused',
      `the live table ${live} has profiles. Empty it first, but for barriers and requests: ` +
        'docs/guides/repair/restore.md',
    );
  await note({ list: said, from });
  const copied = await fill(from, live);
  if ((await saidNow()) !== said)
    throw new OperatorRefused(
      'refused',
      `${copied} items are live, but somebody was erased, kept out, let in or opted out meanwhile. ` +
        `Before you start stitching: ${reapplyTo(live)}`,
    );
  await forget();
  return copied;
}
