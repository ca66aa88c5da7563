import type { UpgradeChange } from './upgrade-change.ts';

/** Heading of the next release in the list of changes and in the upgrade notes. */
const unreleased = '## Unreleased';

/** A release is not possible; the message names the missing part. */
export class NotReleasable extends Error {
  override readonly name = 'NotReleasable';
}

/** Text below the heading of the next release. */
export function unreleasedPart(page: string): string {
  const [, after = ''] = `\n${page}`.split(`\n${unreleased}\n`);
  return (after.split(/^## /m)[0] ?? '').trim();
}

/** Changes that the upgrade notes of the next release lack. The notes name a change by its id in backticks. */
export const untold = (changes: readonly UpgradeChange[], notes: string): UpgradeChange[] =>
  changes.filter(({ weight, id }) => weight === 'told' && !unreleasedPart(notes).includes(`\`${id}\``));

/**
 * Gives the text of the next release a number and a date, below an empty heading for the release after it.
 * @throws NotReleasable when the text and `otherwise` are missing
 */
export function numbered(page: string, version: string, date: string, otherwise?: string): string {
  const saysNothing = unreleasedPart(page) === '';
  if (saysNothing && otherwise === undefined) throw new NotReleasable(`"${unreleased}" has no text`);
  const heading = `\n${unreleased}\n\n## ${version} – ${date}\n${saysNothing ? `\n${otherwise}\n` : ''}`;
  return `\n${page}`.replace(`\n${unreleased}\n`, heading).slice(1);
}

/** package.json or package-lock.json with another version of this package. */
export const versioned = (json: string, version: string): string =>
  json.replaceAll(/("name": "customer-data-platform",\n\s+"version": ")[^"]+/g, `$1${version}`);

/** Refuses a version that is too small for the changes or not after the last one. @throws NotReleasable */
export function checkVersion(version: string, last: string | undefined, changes: readonly UpgradeChange[]): void {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new NotReleasable(`"${version}" is not a version such as 1.2.3`);
  if (last === undefined) return;
  const [numbers, before] = [version, last].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = numbers.findIndex((number, place) => number !== before[place]);
  if (at === -1 || (numbers[at] ?? 0) < (before[at] ?? 0)) throw new NotReleasable(`${version} is not after ${last}`);
  if (at === 2 && changes.some(({ weight }) => weight === 'told'))
    throw new NotReleasable(`${version} is a patch, and a patch must not change the parts that must last`);
}
