import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkVersion, numbered, unreleasedPart, untold, versioned } from '../../../local/release/release-texts.ts';
import type { UpgradeChange } from '../../../local/release/upgrade-change.ts';

const change = (weight: UpgradeChange['weight'], id: string): UpgradeChange => ({ id, what: 'is otherwise', weight });
const page = (unreleased: string) =>
  `# Upgrade\n\nAbout \`Old\`.\n\n## Unreleased\n\n${unreleased}## 0.1.0 – 2026-11-28\n\n- \`Older\`\n`;

describe('the upgrade notes', () => {
  it('tell what is updated where they are about the next release, by its id in backticks, and nothing else must be told', () => {
    const changes = ['Told', 'Old', 'Older', 'Bare', 'Tol'].map((id) => change('told', id));
    const notes = page('`Told` is kept longer. Bare, too.\n\n');
    expect(untold(changes, notes).map(({ id }) => id)).toEqual(['Old', 'Older', 'Bare', 'Tol']);
    expect(untold([change('added', 'New'), change('loses', 'Gone')], notes)).toEqual([]);
  });

  it.each(['CHANGELOG.md', 'docs/guides/upgrade.md'])(
    'and the changes have a part for the next release: %s',
    (file) => {
      const text = readFileSync(file, 'utf8');
      expect(text).toMatch(/^## Unreleased$/m);
      expect(unreleasedPart(numbered(text, '9.9.9', '2030-01-01', 'Nothing to do.'))).toBe('');
    },
  );
});

describe('a release', () => {
  it('gives what is unreleased its number and date, and leaves the rest as it is', () => {
    expect(numbered(page('- New\n\n'), '0.2.0', '2027-01-02')).toBe(page('## 0.2.0 – 2027-01-02\n\n- New\n\n'));
    expect(unreleasedPart(page('- New\n\n'))).toBe('- New');
  });

  it('says that there is nothing to do, or is refused, when a page has no text', () => {
    expect(numbered(page(''), '0.2.0', '2027-01-02', 'Nothing to do.')).toContain(
      '## Unreleased\n\n## 0.2.0 – 2027-01-02\n\nNothing to do.\n',
    );
    expect(() => numbered(page(''), '0.2.0', '2027-01-02')).toThrow('has no text');
    expect(() => numbered('# Changes\n', '0.2.0', '2027-01-02')).toThrow('has no text');
  });

  it.each([
    { file: 'package.json', places: 1 },
    { file: 'package-lock.json', places: 2 },
  ])('sets the version in $file at $places places and changes nothing else', ({ file, places }) => {
    const text = readFileSync(file, 'utf8');
    const next = versioned(text, '9.8.7');
    expect(next.split('"version": "9.8.7"').length - 1).toBe(places);
    expect(JSON.parse(next).version).toBe('9.8.7');
    const { version } = JSON.parse(text) as { version: string };
    expect(versioned(next, version)).toBe(text);
  });

  it.each([
    { version: '0.1.1', last: '0.1.0', weight: 'added' },
    { version: '0.2.0', last: '0.1.9', weight: 'told' },
    { version: '1.0.0', last: '0.10.3', weight: 'told' },
    { version: '0.10.0', last: '0.9.0', weight: 'told' },
    { version: '0.1.0', last: undefined, weight: 'told' },
  ] as const)('may be $version after $last', ({ version, last, weight }) =>
    expect(() => checkVersion(version, last, [change(weight, 'It')])).not.toThrow(),
  );

  it.each([
    { version: '0.1.1', last: '0.1.0', says: 'is a patch' },
    { version: '0.1.0', last: '0.1.0', says: 'is not after' },
    { version: '0.0.9', last: '0.1.0', says: 'is not after' },
    { version: '0.9.9', last: '1.0.0', says: 'is not after' },
    { version: '0.9.0', last: '0.10.0', says: 'is not after' },
    { version: 'v0.2.0', last: '0.1.0', says: 'is not a version' },
    { version: '0.2', last: undefined, says: 'is not a version' },
  ])('may not be $version after $last: $says', ({ version, last, says }) =>
    expect(() => checkVersion(version, last, [change('told', 'It')])).toThrow(says),
  );
});
