import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** They must name what nobody else may. */
const guards = ['test/repository.test.ts', 'test/infra/placeless.test.ts'];

/** Everything that is, or is about to be, in the repository. */
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !guards.includes(file) && existsSync(file) && statSync(file).isFile());

const read = (file: string): string => readFileSync(file, 'utf8');
const endingIn = (...endings: string[]): string[] =>
  tracked.filter((file) => endings.some((ending) => file.endsWith(ending)));

/** What no file may say, with something that would break it. */
const forbidden = [
  {
    what: 'a path of one machine',
    pattern: /(?<![\w.$}*])\/(?:work|root|home\/\w+|Users\/\w+)\//,
    example: 'see /work/shared',
  },
  {
    what: 'how it came to be',
    pattern: /\b(?:this|previous|next|another) session\b|\bsub-?agents?\b|\blanguage model\b/i,
    example: 'left for the next session',
  },
  { what: 'two versions of one text', pattern: /^(?:<{7}|>{7}) /m, example: `${'<'.repeat(7)} HEAD` },
  { what: 'unfinished business', pattern: /\b(?:TODO|FIXME|XXX)\b/, example: '// TODO: retry' },
  {
    what: 'a key of an account',
    pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY/,
    example: 'AKIAABCDEFGHIJKLMNOP',
  },
  {
    what: 'a registry',
    pattern: /registry=|index-url|extra-index-url/,
    example: '--index-url https://packages.example',
  },
  {
    what: 'zod by a name, which bundles five times as much of it',
    pattern: /import \{[^}]*\} from 'zod'/,
    example: "import { z } from 'zod'",
  },
];

describe('no file says', () => {
  it.each(forbidden)('$what', ({ pattern }) => {
    const found = tracked.flatMap((file) =>
      (read(file).match(pattern) ?? []).slice(0, 1).map((words) => `${file}: ${words}`),
    );
    expect(found).toEqual([]);
  });

  it.each(forbidden)('$what, such as: $example', ({ pattern, example }) => expect(example).toMatch(pattern));
});

describe('dependencies', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;

  it('have exact versions in package.json', () => {
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('come from the public registry, as far as the lock file says', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
    const elsewhere = Object.entries(packages).filter(
      ([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
    );
    expect(elsewhere).toEqual([]);
  });

  it.each(tracked.filter((file) => /requirements[\w-]*\.txt$/.test(file)))('have exact versions in %s', (file) => {
    const lines = read(file).split('\n');
    const loose = lines.filter(
      (line) =>
        line !== '' && !line.startsWith('#') && !/^[\w.-]+(\[\w+\])?==[\w.]+( --hash=sha256:[0-9a-f]{64})?$/.test(line),
    );
    expect(loose).toEqual([]);
    // pip refuses two versions of one package.
    const names = lines
      .map((line) => line.replace(/==.*/, '').toLowerCase())
      .filter((name) => name !== '' && !name.startsWith('#'));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

/** Anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (text: string): string[] =>
  [...text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Links of a page that lead to no file, or to no heading of it. */
const brokenLinks = (file: string, text: string): string[] =>
  [...text.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = join(dirname(file), path);
      if (path !== '' && !existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(path === '' ? text : read(target)).includes(anchor);
    });

/** Lines of prose that are too wide for a terminal; tables, headings and what is fenced have lines of their own. */
const tooWide = (text: string): string[] =>
  text
    .replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
    .split('\n')
    .filter((line) => line.length > 120 && !/^ *\||^#/.test(line));

describe('documents', () => {
  // A part of the page about tables is made of their declarations.
  it.each(endingIn('.md').filter((file) => file !== 'docs/guides/analytics.md'))(
    '%s has lines of at most 120 columns',
    (file) => expect(tooWide(read(file))).toEqual([]),
  );

  it('would be seen to have wider ones', () => {
    const wide = 'word '.repeat(25);
    expect(tooWide(`# ${wide}\n| ${wide} |\n- ${wide}\n\`\`\`sh\n${wide}\n\`\`\`\n${wide}`)).toEqual([
      `- ${wide}`,
      wide,
    ]);
  });

  it.each(endingIn('.md'))('%s links to files and headings that are there', (file) =>
    expect(brokenLinks(file, read(file))).toEqual([]),
  );

  it('would be seen to link to others', () => {
    const links =
      '[a](docs/nowhere.md) [b](docs/guides/operate.md#nowhere) [c](#nowhere) [d](docs/guides/operate.md#alarms) [e](https://a.example/b#c) [f](#here)';
    expect(brokenLinks('README.md', `# Here\n${links}`)).toEqual([
      'docs/nowhere.md',
      'docs/guides/operate.md#nowhere',
      '#nowhere',
    ]);
  });

  it.each(tracked.filter((file) => file.startsWith('docs/adr/')))(
    '%s says why, and why not, in at most 60 lines',
    (file) => {
      const text = read(file);
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
      expect(text).toMatch(/^# \d+\. .+/);
      for (const part of ['**Context.**', '**Decision.**', '**Why not**', '**Revisit when**'])
        expect(text).toContain(part);
    },
  );

  it.each(endingIn('docs/examples/embed.ts'))('%s is an example of at most 25 lines', (file) => {
    expect(read(file).trimEnd().split('\n').length).toBeLessThanOrEqual(25);
  });
});
