import { execFile } from 'node:child_process';
import { globSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

/** A fenced block of a page: what its fence says, and its text. */
interface Block {
  readonly page: string;
  readonly line: number;
  readonly fence: string;
  readonly text: string;
}

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/**/*.md')];
const blocks = pages.flatMap(blocksOf);
/**
 * Commands that the test run itself is, that a deployment by hand is, or that the test of webhooks runs, because they
 * change what it signs with; the others run here, page by page, in one shell.
 */
const runElsewhere =
  /^(npm start|npm test\b.*|npm run check|npx cdk synth --quiet|npm run source -- secret payments --file secret\.txt)$/;
const pagesWithCommands = pages
  .map((page) => ({
    page,
    commands: blocks.filter(
      (block) =>
        block.page === page &&
        block.fence === 'sh' &&
        !block.text
          .trim()
          .split('\n')
          .every((line) => runElsewhere.test(line)),
    ),
  }))
  .filter(({ commands }) => commands.length > 0);

describe('every command in the docs', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docs-'));
    for (const name of ['package.json', 'node_modules', 'bin', 'bench', 'lambdas', 'local', 'test', 'tsconfig.json'])
      symlinkSync(resolve(name), join(folder, name));
    await mkdir(join(folder, '.local'));
    await writeFile(join(folder, '.local', 'outputs.json'), JSON.stringify(inject('platform')));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(pagesWithCommands)('of $page does what the page says', async ({ page, commands }) => {
    const marks = commands.map(({ text }, n) => `${inShort(text)}\necho\necho "=== ${n} ==="`);
    const script = `set -eu\nexport INGEST_URL=$(node -p "require('./.local/outputs.json').ingestUrl") WRITE_KEY=$(node -p "require('./.local/outputs.json').writeKey")\n${marks.join('\n')}`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder });
    const outputs = stdout.split(/=== \d+ ===\n/);
    for (const [n, command] of commands.entries()) {
      const answer = answerAfter(command);
      if (answer !== undefined)
        expect(JSON.parse(outputs[n] ?? ''), `${page}:${command.line}`).toEqual(JSON.parse(answer, elided));
    }
  });
});

/** What a page lets run for minutes is run for a second. */
const inShort = (text: string): string => text.replace(/--histories \d{4,}/g, '--histories 100');

/** A text that holds an ellipsis in the docs may be any text. */
const elided = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.includes('…') ? expect.any(String) : value;

/** The JSON block right after a command is what it answers. */
function answerAfter(command: Block): string | undefined {
  const next = blocks.find(
    ({ page, line }) => page === command.page && line === command.line + command.text.split('\n').length + 3,
  );
  return next?.fence === 'json' ? next.text : undefined;
}

function blocksOf(page: string): Block[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^( *)```([^\n]*)\n([\s\S]*?)\n\1```$/gm)].map(
    ({ index, 2: fence = '', 3: content = '' }) => ({
      page,
      fence,
      line: text.slice(0, index).split('\n').length,
      text: content,
    }),
  );
}
