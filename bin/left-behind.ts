import { writeFileSync } from 'node:fs';
import { namedMessageOf } from '../lambdas/core/values/thrown.ts';
import { asTable } from './athena/result-table.ts';
import { reach } from './deployment/deployed-stack.ts';
import { type LeftData, leftData } from './deployment/left-data.ts';
import { synthesizedStack } from './deployment/synthesized-stack.ts';
import { takeUp } from './deployment/take-up.ts';
import { noneOf, runCommand } from './terminal/command.ts';

const usage = `npm run left-behind [-- --take-up <file>] [--key <id>] [--stack Cdp] [--local]

Lists the data that deleted stacks of the platform left in this account and region.
  --take-up  checks whether a new stack can take it up, and writes the file for cdk import: docs/guides/take-up-again.md
  --key      only data encrypted with this key, if several stacks left data
  --stack    name of the new stack; run npm run synth before, which makes its template
  --local    the platform that npm start runs, instead of the AWS account of your credentials`;

await runCommand(
  usage,
  { 'take-up': { type: 'string' }, key: { type: 'string' } },
  async ({ values: { 'take-up': file, key, stack, local }, positionals }) => {
    noneOf(positionals);
    const where = reach(local);
    const unknown: string[] = [];
    const found = await leftData(where, (arn, error) =>
      unknown.push(`Cannot tell whether a stack has ${arn}: ${namedMessageOf(error)}`),
    );
    const left = found.filter((data) => key === undefined || data.key === key);
    if (file === undefined) return listed(left, unknown);
    if (unknown.length > 0) throw new Error(unknown.join('\n'));
    const [one, ...more] = candidates(left, stack);
    if (one === undefined) throw new Error(`nothing is left behind${key === undefined ? '' : ` under the key ${key}`}`);
    if (more.length > 0)
      throw new Error(
        `several stacks left data; choose one with --key: ${[one, ...more].map((data) => data.key).join(', ')}`,
      );
    const { selector, template } = synthesizedStack(stack);
    const { mapping, notes } = await takeUp(where, one, stack, template);
    writeFileSync(file, `${JSON.stringify(mapping, null, 2)}\n`);
    return [
      `${file} maps ${Object.keys(mapping).length} resources. Continue with:`,
      `  npx cdk import ${selector} --resource-mapping ${file}`,
      `  npx cdk deploy ${selector}`,
      ...notes,
    ].join('\n');
  },
);

/** A deployment that cannot be read hides no other. */
function listed(left: readonly LeftData[], unknown: readonly string[]): string {
  if (unknown.length > 0) process.exitCode = 1;
  const paragraphs = [...left.map(describe), ...unknown];
  return paragraphs.length === 0 ? 'Nothing is left behind.' : paragraphs.join('\n\n');
}

/** Deployments left as a whole; those of a stack with this name, if there are any. */
function candidates(left: readonly LeftData[], stack: string): readonly LeftData[] {
  const whole = left.filter(({ held }) => !held);
  const own = whole.filter(({ madeBy }) => madeBy === stack);
  return own.length > 0 ? own : whole;
}

/** A table of the data; template ids lose their hash, which tells a reader nothing. */
function describe({ key, since, madeBy, held, places }: LeftData): string {
  const rows = [...places].map(([id, place]) => [id.replace(/[0-9A-F]{8}$/, ''), place]).sort();
  const table = asTable({ columns: ['what', 'where'].map((name) => ({ name, type: 'varchar' })), rows });
  const rest = held ? '; a stack goes on with the rest' : '';
  return `Left behind by a stack ${madeBy} of ${since.toISOString().slice(0, 10)}, under the key ${key}${rest}:\n\n${table}`;
}
