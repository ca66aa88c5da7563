import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Project, type SourceFile } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { comparisonSteps } from '../lambdas/core/segments/language/steps.ts';
import { destinationPages } from '../local/reference/destination-pages.ts';
import { type Example, examplesIn } from '../local/reference/examples.ts';
import { codeFiles, configFile, publicShapes, referencePages } from '../local/reference/pages.ts';
import { roomPurposes } from '../local/reference/room-purposes.ts';
import { directArrows, roomsOf } from '../local/reference/rooms.ts';
import { builderFiles, stepsFile } from '../local/reference/segments-page.ts';
import { stepsIn } from '../local/reference/steps.ts';
import { typeErrors } from './fixtures/type-errors.ts';

const pages = referencePages();

describe('the reference', () => {
  // A file more in a room is no reason to write the page again.
  const uncounted = (text: string): string => text.replaceAll(/^(\| `[\w/-]+` \|) \d+ \|/gm, '$1 n |');

  it.each([...pages])('%s is as npm run reference writes it', (file, text) =>
    expect(uncounted(readFileSync(file, 'utf8'))).toBe(uncounted(text)),
  );

  it.each([...pages])('%s leaves no field without a promise', (_, text) =>
    expect(text.match(/^\|[^|]+\|\s*\|.*$/gm) ?? []).toEqual([]),
  );

  it('links what builds a condition or a computation, and leaves no type untold', () => {
    const rows = [...pages.values()].join('');
    expect(rows).toMatch(/\| `where` \| .+ \| \[condition\]\(segments\.md#conditions\) \|/);
    expect(rows).toMatch(/\| `compute` \| .+ \| \[computation\]\(segments\.md#computations\) \|/);
    expect(rows).toMatch(/\| `zone` \| .+ \| text, or `\{ trait, default \}` \| none \|/);
    expect(rows).not.toContain('| any value');
  });

  it('has each builder and each step of the language', () => {
    const page = pages.get('docs/reference/segments.md') ?? '';
    const names = [...builders.flatMap(([, all]) => all), ...Object.keys(comparisonSteps({})), 'thenDid', 'lastWeeks'];
    expect(names.filter((name) => !page.includes(`\`${name}(`))).toEqual([]);
  });

  it('tells a field, its promise, its type with its bounds, and its default', () => {
    const rows = [...pages.values()].join('');
    expect(rows).toContain(
      '| `defaultLimit` | Maximum for every type without an entry in `limits`. | whole number, 1 to 1000 | `5` |',
    );
    expect(rows).toMatch(/\| `batchingWindow` \| Time that .+ \| `Duration` \| `Duration\.seconds\(5\)` \|/);
    expect(rows).toMatch(/\| `as`: `"phone"` \| E\.164\. .+ \| `column`: string; `country` \(optional\): string \|/);
  });
});

describe('pages about tools', () => {
  const tools = destinationPages();

  it.each([...tools])('%s is as npm run reference writes it', (file, text) =>
    expect(readFileSync(file, 'utf8')).toBe(text),
  );

  it('are there for tools of the catalogue, and for nothing else', () =>
    expect(globSync('docs/destinations/*').sort()).toEqual([...tools.keys()].sort()));
});

describe('the rooms', () => {
  const rooms = roomsOf(codeFiles());

  it('have a purpose each, on the page about architecture', () => {
    const found = [...rooms.files.keys()].filter(
      (room) => !/^local\/emulator|^glue-scripts\/cdp(\/cleaning\/data)?$/.test(room),
    );
    expect(Object.keys(roomPurposes).sort()).toEqual(found.sort());
  });

  it('are drawn with the arrows that others do not say already', () => {
    const imports = new Map([
      ['a', new Set(['b', 'c', 'd'])],
      ['b', new Set(['c'])],
      ['c', new Set<string>()],
    ]);
    expect(directArrows(imports)).toEqual([
      ['a', 'b'],
      ['a', 'd'],
      ['b', 'c'],
    ]);
  });
});

const exampleFolder = '.local/test/examples';

/** Builders of segments and computed traits, by file. */
const builders = [...builderFiles.values()].map((file) => {
  const source = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
  const exported = source.addSourceFileAtPath(file).getVariableStatements();
  return [
    file,
    exported
      .filter((statement) => statement.isExported())
      .flatMap((statement) => statement.getDeclarations().map((each) => each.getName())),
  ] as const;
});

/** Names that examples use without importing them. */
const known = [
  "import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';",
  `import { config } from '${resolve('cdp.config.ts')}';`,
  'declare const stack: Stack;',
  ...[...Object.entries(publicShapes), [configFile, ['parseConfig', 'CdpConfigInput']], ...builders].map(
    ([file, names]) =>
      `import { ${(names as string[]).map((name) => (/^[a-z]|Platform$|Stack$/.test(name) ? name : `type ${name}`)).join(', ')} } from '${resolve(String(file))}';`,
  ),
];

/** What the compiler says of examples. */
function complaints(examples: readonly Example[]): string[] {
  mkdirSync(exampleFolder, { recursive: true });
  const files = examples.map(({ of, code }, n) => {
    writeFileSync(join(exampleFolder, `${n}-${of}.ts`), [...known, '', code, ''].join('\n'));
    return `${n}-${of}.ts`;
  });
  return typeErrors(exampleFolder, files);
}

/** Examples of steps, which are expressions. */
const stepExamples = (file: SourceFile): Example[] =>
  [...file.getInterfaces().filter((each) => each.getName() === 'DidSteps'), ...file.getVariableStatements()]
    .flatMap(stepsIn)
    .filter(({ promise }) => promise !== '')
    .map(({ name, examples: [code = ''] }) => ({ of: name, code }));

describe('examples in docstrings', () => {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
  const examples = [...Object.keys(publicShapes), configFile, ...builderFiles.values()].flatMap((file) =>
    examplesIn(project.addSourceFileAtPath(file)),
  );

  it('are there for the constructs, for parseConfig and for every builder of conditions', () =>
    expect(examples.map(({ of }) => of).sort()).toEqual([
      'CdpStack',
      'CustomerDataPlatform',
      ...[...builders.flatMap(([, names]) => names), 'parseConfig'].sort(),
    ]));

  const steps = [...builderFiles.values(), stepsFile].flatMap((file) =>
    stepExamples(project.addSourceFileAtPath(file)),
  );

  it('are there for every step, which they show', () => {
    expect(steps.length).toBeGreaterThan(35);
    expect(steps.filter(({ of, code }) => !code.includes(`.${of}(`))).toEqual([]);
  });

  it('compile, and would be seen not to', () => {
    const wrong = {
      of: 'wrong',
      code: "const sized: FunctionSize = { memory: 512 };\nconst vips = trait('lifetime_value').atLeast('1000');",
    };
    const found = complaints([...examples, ...steps, wrong]);
    expect(found.filter((line) => !line.includes('-wrong.ts'))).toEqual([]);
    expect(found.filter((line) => line.includes('-wrong.ts'))).toHaveLength(2);
  });
});
