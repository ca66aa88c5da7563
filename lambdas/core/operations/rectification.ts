import { privacySource } from '../contract/signals.ts';
import { type Survivorship, survivorshipOf } from '../lake/survivorship.ts';
import type { Profile } from '../profile/profile.ts';
import { hasValue, statementsIn } from '../profile/surviving-trait.ts';

/** How a trait changes, as an officer sees it before anything is done. */
export interface Rectified {
  readonly trait: string;
  /** The value of now; absent if there is none. */
  readonly from?: unknown;
  /** The right value; null removes the trait. */
  readonly to: unknown;
  /** The source of the value of now. */
  readonly saidBy?: string;
  /** Sources whose next statement counts instead; undefined if that of any source does. */
  readonly overwrittenBy?: readonly string[];
}

/** A statement that makes a trait right: in whose name it is said, and whether it takes back what was said before. */
interface Statement {
  readonly sourceId: string;
  readonly name: string;
  readonly value: unknown;
  readonly isFirst: boolean;
}

/** How traits change, and what is said so that they do: of each source in one or two calls, in their order. */
export interface Rectification {
  readonly changes: readonly Rectified[];
  readonly said: readonly { readonly sourceId: string; readonly traits: Readonly<Record<string, unknown>> }[];
}

/**
 * Plans how traits get their right values by statements, so that stream and lake come to them by the rules that they
 * have. Where sources are trusted in an order, it is said in the name of the source whose value survives, and what that
 * source says next counts again; a removal is said in the name of each source that has a value. Where all statements
 * count together, the earlier ones are taken back first.
 */
export function planRectification(
  { traits }: Pick<Profile, 'traits'>,
  wanted: Readonly<Record<string, unknown>>,
  rules: Survivorship,
): Rectification {
  const changes: Rectified[] = [];
  const statements: Statement[] = [];
  for (const [name, to] of Object.entries(wanted)) {
    const stated = traits.get(name);
    const valued = stated === undefined ? [] : statementsIn(stated).filter(hasValue);
    const [survivor] = valued;
    const rule = survivorshipOf(rules, name);
    const isTrusted = rule?.keep === 'most_trusted';
    const speakers = isTrusted && survivor !== undefined ? valued.map(({ sourceId }) => sourceId) : [privacySource];
    const spoken = to === null ? speakers : speakers.slice(0, 1);
    const takesBack = to !== null && (rule?.keep === 'most_frequent' || rule?.keep === 'most_complete');
    if (takesBack) statements.push({ sourceId: privacySource, name, value: null, isFirst: true });
    for (const sourceId of spoken) statements.push({ sourceId, name, value: to, isFirst: false });
    changes.push({
      trait: name,
      ...(survivor !== undefined && { from: survivor.value, saidBy: survivor.sourceId }),
      to,
      ...(isTrusted && { overwrittenBy: trustedFrom(rule.sources, to === null ? undefined : spoken[0]) }),
    });
  }
  const calls = Map.groupBy(statements, ({ sourceId, isFirst }) => JSON.stringify([isFirst ? 0 : 1, sourceId]));
  const said = [...calls]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, some]) => ({
      sourceId: some[0]?.sourceId ?? privacySource,
      traits: Object.fromEntries(some.map(({ name, value }) => [name, value])),
    }));
  return { changes, said };
}

/** The named sources that are trusted at least as much as one; all of them if the rule does not name it. */
function trustedFrom(sources: readonly string[], speaker: string | undefined): readonly string[] {
  const at = speaker === undefined ? -1 : sources.indexOf(speaker);
  return at < 0 ? sources : sources.slice(0, at + 1);
}
