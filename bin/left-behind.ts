import { writeFileSync } from 'node:fs';
import { asTable } from './athena/answer-table.ts';
import { reach } from './deployment/deployed-stack.ts';
import { type LeftData, leftData } from './deployment/left-data.ts';
import { synthesizedStack } from './deployment/synthesized-stack.ts';
import { takeUp } from './deployment/take-up.ts';
import { noneOf, runCommand } from './terminal/command.ts';

const usage = `npm run left-behind [-- --take-up <file>] [--key <id>] [--stack Cdp] [--local]

Lists the data that deleted stacks of the platform left in this account and region.
  --take-up  looks whether a new stack can go on with it, and writes the file that cdk import takes: docs/guides/take-up-again.md
  --key      only what is encrypted with this key, where several stacks left something
  --stack    name of the new stack; npm run synth has made its template
  --local    the platform that npm start runs, instead of the AWS account of your credentials`;

await runCommand(
  usage,
  { 'take-up': { type: 'string' }, key: { type: 'string' } },
  async ({ values: { 'take-up': file, key, stack, local }, positionals }) => {
    noneOf(positionals);
    const where = reach(local);
    const unknown: string[] = [];
    const found = await leftData(where, (arn, { name, message }) =>
      unknown.push(`Whether a stack has ${arn} cannot be said: ${name}: ${message}`),
    );
    const left = found.filter((data) => key === undefined || data.key === key);
    if (file === undefined) return listed(left, unknown);
    if (unknown.length > 0) throw new Error(unknown.join('\n'));
    const [one, ...more] = candidates(left, stack);
    if (one === undefined) throw new Error(`nothing is left behind${key === undefined ? '' : ` under the key ${key}`}`);
    if (more.length > 0)
      throw new Error(
        `several stacks left something; say which by --key: ${[one, ...more].map((data) => data.key).join(', ')}`,
      );
    const { selector, template } = synthesizedStack(stack);
    const { mapping, notes } = await takeUp(where, one, stack, template);
    writeFileSync(file, `${JSON.stringify(mapping, null, 2)}\n`);
    return [
      `${file} says where ${Object.keys(mapping).length} resources are. Go on with:`,
      `  npx cdk import ${selector} --resource-mapping ${file}`,
      `  npx cdk deploy ${selector}`,
      ...notes,
    ].join('\n');
  },
);

/** What of a deployment cannot be looked up hides no other. */
function listed(left: readonly LeftData[], unknown: readonly string[]): string {
  if (unknown.length > 0) process.exitCode = 1;
  const said = [...left.map(describe), ...unknown];
  return said.length === 0 ? 'Nothing is left behind.' : said.join('\n\n');
}

/** What was left whole, and of that what a stack of this name left, if one did. */
function candidates(left: readonly LeftData[], stack: string): readonly LeftData[] {
  const whole = left.filter(({ held }) => !held);
  const own = whole.filter(({ madeBy }) => madeBy === stack);
  return own.length > 0 ? own : whole;
}

/** Ids of a template end in a hash, which tells a reader nothing. */
function describe({ key, since, madeBy, held, places }: LeftData): string {
  const rows = [...places].map(([id, place]) => [id.replace(/[0-9A-F]{8}$/, ''), place]).sort();
  const table = asTable({ columns: ['what', 'where'].map((name) => ({ name, type: 'varchar' })), rows });
  const rest = held ? '; a stack goes on with the rest' : '';
  return `Left behind by a stack ${madeBy} of ${since.toISOString().slice(0, 10)}, under the key ${key}${rest}:\n\n${table}`;
}
