import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { answersFile, askAll, shownAnswers } from './analytics-page/documented-answers.ts';
import { analyticsPage, pageFile } from './analytics-page/page.ts';
import type { Deployment } from './deployment/deployed-stack.ts';
import { queryPlace } from './deployment/query-place.ts';
import { Misused, noneOf, runCommand } from './terminal/command.ts';

const usage = `npm run docs                          writes the generated parts of ${pageFile}
npm run docs -- --answers --local     first asks the questions again, on the demo of npm start -- --as-documented

  --stack  name of the deployed stack`;

await runCommand(
  usage,
  { answers: { type: 'boolean', default: false } },
  async ({ values: { answers, ...deployment }, positionals }) => {
    noneOf(positionals);
    if (answers && !deployment.local)
      throw new Misused('--answers needs --local, because answers of a deployment would show real people');
    return write(answers, deployment);
  },
);

async function write(asked: boolean, deployment: Deployment): Promise<string> {
  if (asked) await writeFile(answersFile, `${JSON.stringify(await askAll(await queryPlace(deployment)), null, 2)}\n`);
  await writeFile(pageFile, analyticsPage(readFileSync(pageFile, 'utf8'), shownAnswers()));
  return `${pageFile} is written`;
}
