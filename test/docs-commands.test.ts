import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jobNames } from '../lambdas/core/contract/jobs.ts';
import { destinationQueueOutput, jobOutput, output } from '../lambdas/core/contract/outputs.ts';

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/**/*.md')];
const read = (file: string): string => readFileSync(file, 'utf8');

/** Every command of a page that is shown as one: in a block of shell, or in a line. */
const commandsOf = (page: string): string[] => {
  const text = read(page);
  const blocks = [...text.matchAll(/^ *```sh[^\n]*\n([\s\S]*?)\n *```$/gm)].flatMap(([, block = '']) =>
    block.replaceAll(/\\?\n +/g, ' ').split('\n'),
  );
  const inLines = [...text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`((?:aws|npm run) [^`]+)`/g)].map(
    ([, command = '']) => command,
  );
  return [...blocks, ...inLines];
};

/** Commands of the AWS CLI, each up to the next one or to what else the shell is told. */
const awsCommands = (command: string): string[] =>
  [...command.matchAll(/(?<![\w:.-])aws [a-z0-9-]+ [a-z0-9-]+(?:(?! \| |; | && |\baws ).)*/g)].map(([text]) => text);

/** What is wrong with commands of the AWS CLI, by what its services have. */
function flaws(commands: readonly string[]): (string | null)[] {
  const { stdout, stderr, status } = spawnSync('.venv-emulator/bin/python', ['test/aws_commands.py'], {
    input: JSON.stringify(commands),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as (string | null)[];
}

describe('the docs', () => {
  it('name services, operations and options that AWS has', () => {
    const found = pages.flatMap((page) =>
      commandsOf(page)
        .flatMap(awsCommands)
        .map((command) => ({ page, command })),
    );
    expect(found.length).toBeGreaterThan(40);
    const wrong = flaws(found.map(({ command }) => command));
    expect(
      found.flatMap(({ page, command }, n) => (wrong[n] === null ? [] : [`${page}: ${command}: ${wrong[n]}`])),
    ).toEqual([]);
  });

  it('would be told of one that it has not', () => {
    const commands = [
      'aws glue start-jobs --name x',
      'aws gluon start-job-run',
      'aws glue start-job-run --job "$(aws sts x)"',
      'aws sqs list-queues --output text',
    ];
    expect(flaws(commands)).toEqual([
      'glue has no start-jobs',
      'there is no service gluon',
      'glue start-job-run takes no job',
      null,
    ]);
    expect(awsCommands('X=$(aws a b --c "$(aws d e --f)") && y; aws-cli g h | aws i j; z')).toEqual([
      'aws a b --c "$(',
      'aws d e --f)")',
      'aws i j',
    ]);
  });

  it.each(pages)('%s names scripts that the package has, and files that are there', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = commandsOf(page).flatMap((command) =>
      [...command.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, script = '']) => script),
    );
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
    const files = [
      ...read(page).matchAll(/`((?:bin|lib|lambdas|local|test|bench|docs|glue-scripts)\/[\w./-]+\.\w+)`/g),
    ].map(([, file = '']) => file);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('the first hour on AWS', () => {
  const page = read('docs/guides/first-hour-on-aws.md');

  it('reads outputs that the stack has', () => {
    const outputs: string[] = [...Object.values(output), ...jobNames.map(jobOutput), destinationQueueOutput('crm')];
    const asked = [...page.matchAll(/\$\(out (\w+)\)|OutputKey=='(\w+)'/g)].flatMap(
      ([, short, long]) => short ?? long ?? [],
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !outputs.includes(name))).toEqual([]);
  });

  it('says at each step what must be seen or settled, and what to report', () => {
    const steps = page.split(/^## (?=\d+\. )/m).slice(2);
    expect(steps.map((step) => Number.parseInt(step, 10))).toEqual(steps.map((_, n) => n + 1));
    expect(steps.filter((step) => !step.includes('**See') || !step.includes('**Report**'))).toEqual([]);
  });
});

it('the page about configuration names every prop of the platform', () => {
  const declared =
    /interface CustomerDataPlatformProps \{(.*?)\n\}/s.exec(read('lib/platform/platform-props.ts'))?.[1] ?? '';
  const props = [...declared.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, prop = '']) => prop);
  expect(props.length).toBeGreaterThan(15);
  const page = read('docs/guides/configure.md');
  expect(props.filter((prop) => !new RegExp(`\`${prop}[\`:]`).test(page))).toEqual([]);
});
