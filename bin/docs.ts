import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { questions } from '../lib/questions.ts';
import { type Answers, analyticsPage, answersFile, pageFile } from './analytics-page.ts';
import { runQuery } from './athena-query.ts';
import { runCommand } from './command.ts';
import type { Deployment } from './deployed-stack.ts';
import { queryPlace } from './query-place.ts';

const usage = `npm run docs                          writes the generated parts of ${pageFile}
npm run docs -- --answers --local     asks the questions anew before, on the demo that npm start has run

  --stack  name of the deployed stack`;

/** Rows of an answer that the page shows. */
const shownRows = 10;

await runCommand(usage, { answers: { type: 'boolean', default: false } }, ({ values: { answers, ...deployment }, positionals }) =>
  positionals.length === 0 ? write(answers, deployment) : undefined,
);

async function write(anew: boolean, deployment: Deployment): Promise<string> {
  if (anew) await writeFile(answersFile, `${JSON.stringify(await askAll(deployment), null, 2)}\n`);
  const answers = existsSync(answersFile) ? (JSON.parse(readFileSync(answersFile, 'utf8')) as Answers) : {};
  await writeFile(pageFile, analyticsPage(readFileSync(pageFile, 'utf8'), answers));
  return `${pageFile} is written`;
}

async function askAll(deployment: Deployment): Promise<Answers> {
  const place = await queryPlace(deployment);
  const answers: Record<string, Answers[string]> = {};
  for (const { name, sql } of questions) {
    const { columns, rows } = await runQuery(place.athena, { ...place, sql, limit: shownRows }, () => undefined, new AbortController().signal);
    answers[name] = { columns, rows };
  }
  return answers;
}
