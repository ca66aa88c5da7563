import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noneOf, runProgram } from '../bin/terminal/command.ts';
import { templatesOf } from './platform/assembly-templates.ts';
import { assembly, synthesize } from './platform/synthesis.ts';
import { lastingPart, lastReleaseFile, type Release } from './release/lasting-part.ts';
import { checkVersion, NotReleasable, numbered, untold, versioned } from './release/release-texts.ts';
import type { UpgradeChange } from './release/upgrade-change.ts';
import { upgradeChanges } from './release/upgrade-changes.ts';

const usage = `npm run release                 lists what an upgrade from the last release changes in a stack with data
npm run release -- <version>    makes the next release: numbers the changes and the upgrade notes, and records the parts that must last
npm run release -- --first      records the parts that must last before the first release

See docs/guides/contributing/release.md.`;

const notesFile = 'docs/guides/upgrade.md';
const changesFile = 'CHANGELOG.md';
const packageFiles = ['package.json', 'package-lock.json'];

async function release(version: string | undefined, first: boolean): Promise<string> {
  await synthesize(new AbortController().signal);
  const lasting = lastingPart(templatesOf(join(assembly, 'Cdp.template.json')));
  const last = existsSync(lastReleaseFile) ? (JSON.parse(read(lastReleaseFile)) as Release) : undefined;
  const isReleased = /^## \d/m.test(read(changesFile));
  const changes = last === undefined ? [] : upgradeChanges(last.lasting, lasting);
  console.log(report(last?.version, isReleased, changes));
  if (first) return keep({ version: versionOfPackage(), lasting }, isReleased);
  if (isReleased || version === undefined) checkChanges(changes);
  if (version === undefined) return 'an upgrade loses nothing, and the notes describe its changes';
  checkVersion(version, isReleased ? last?.version : undefined, changes);
  return make({ version, lasting });
}

const marks = { loses: '!', told: '~', added: '+' } as const;

function report(version: string | undefined, isReleased: boolean, changes: readonly UpgradeChange[]): string {
  if (version === undefined) return 'no release exists yet';
  const since = isReleased ? `since ${version}:` : `no release exists yet; since the record of ${version}:`;
  const lines = changes.map(({ weight, id, what }) => `${marks[weight]} ${id} ${what}`);
  return [since, ...(lines.length > 0 ? lines : ['no change of a part that must last'])].join('\n');
}

function checkChanges(changes: readonly UpgradeChange[]): void {
  if (changes.some(({ weight }) => weight === 'loses'))
    throw new NotReleasable('undo the changes marked with !: no release may contain them');
  const missing = untold(changes, read(notesFile)).map(({ id }) => `\`${id}\``);
  if (missing.length > 0) throw new NotReleasable(`${notesFile} does not mention ${missing.join(', ')}`);
}

const versionOfPackage = (): string => (JSON.parse(read('package.json')) as { version: string }).version;

const kept = (release: Release): string => `${JSON.stringify(release, null, 1)}\n`;

function keep(release: Release, isReleased: boolean): string {
  if (isReleased) throw new NotReleasable('a release exists and has this record already');
  writeFileSync(lastReleaseFile, kept(release));
  return `${lastReleaseFile} is the record of ${release.version}`;
}

function make(next: Release): string {
  const changed = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' });
  if (changed !== '') throw new NotReleasable(`commit or undo first:\n${changed}`);
  const today = new Date().toISOString().slice(0, 10);
  const { version } = next;
  // Makes all texts before it writes any, because a release must be complete.
  const texts: readonly (readonly [string, string])[] = [
    [changesFile, numbered(read(changesFile), version, today)],
    [notesFile, numbered(read(notesFile), version, today, 'Nothing to do.')],
    ...packageFiles.map((file) => [file, versioned(read(file), version)] as const),
    [lastReleaseFile, kept(next)],
  ];
  for (const [file, text] of texts) writeFileSync(file, text);
  return `${version} is made; look at it, then:
  git commit --all --message "Release ${version}"
  git tag --annotate v${version} --message "Release ${version}"`;
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

try {
  await runProgram(usage, { first: { type: 'boolean', default: false } }, async ({ positionals, values }) => {
    noneOf(positionals.slice(1));
    return release(positionals[0], values.first);
  });
} catch (error) {
  if (!(error instanceof NotReleasable)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
