import type { UpgradeChange } from './upgrade-change.ts';

/** What the next release is called until it has a number, in the list of changes and in the upgrade notes. */
const unreleased = '## Unreleased';

/** A release cannot be made; the message says what is missing. */
export class NotReleasable extends Error {
  override readonly name = 'NotReleasable';
}

/** What a page says below the heading of the next release. */
export function unreleasedPart(page: string): string {
  const [, after = ''] = `\n${page}`.split(`\n${unreleased}\n`);
  return (after.split(/^## /m)[0] ?? '').trim();
}

/**
 * Changes that the upgrade notes of the next release lack; a line of the notes names a change by its id in backticks.
 */
export const untold = (changes: readonly UpgradeChange[], notes: string): UpgradeChange[] =>
  changes.filter(({ weight, id }) => weight === 'told' && !unreleasedPart(notes).includes(`\`${id}\``));

/**
 * Gives what is below the heading of the next release a number and a date, and leaves the heading for the one after.
 * @throws NotReleasable when it says nothing, and there is no `otherwise`
 */
export function numbered(page: string, version: string, date: string, otherwise?: string): string {
  const saysNothing = unreleasedPart(page) === '';
  if (saysNothing && otherwise === undefined) throw new NotReleasable(`nothing is said under "${unreleased}"`);
  const heading = `\n${unreleased}\n\n## ${version} – ${date}\n${saysNothing ? `\n${otherwise}\n` : ''}`;
  return `\n${page}`.replace(`\n${unreleased}\n`, heading).slice(1);
}

/** package.json or package-lock.json with another version of this package, which both say beside its name. */
export const versioned = (json: string, version: string): string =>
  json.replaceAll(/("name": "customer-data-platform",\n\s+"version": ")[^"]+/g, `$1${version}`);

/** Turns down a version that says less than it changes, or comes before the last. @throws NotReleasable */
export function checkVersion(version: string, last: string | undefined, changes: readonly UpgradeChange[]): void {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new NotReleasable(`"${version}" is no version such as 1.2.3`);
  if (last === undefined) return;
  const [numbers, before] = [version, last].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = numbers.findIndex((number, place) => number !== before[place]);
  if (at === -1 || (numbers[at] ?? 0) < (before[at] ?? 0))
    throw new NotReleasable(`${version} does not come after ${last}`);
  if (at === 2 && changes.some(({ weight }) => weight === 'told'))
    throw new NotReleasable(`${version} is a patch, and a patch changes nothing that must last`);
}
