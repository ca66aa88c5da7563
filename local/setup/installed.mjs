// Runs before anything is installed: Node 20's own modules only.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeProblem } from './prerequisites.mjs';

const tools = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
/** Tools that the scripts of `package.json` run. */
const needed = ['biome', 'cdk', 'node', 'tsc'];

const script = process.env.npm_lifecycle_event;
const again = script === undefined || script === 'npx' ? 'the command' : `npm run ${script}`;
const missing = needed.filter((tool) => !existsSync(join(tools, tool)));
const problem =
  nodeProblem(process.versions.node) ??
  (missing.length > 0
    ? `Not all packages are installed (${missing.join(', ')} missing). Run npm ci first, then ${again} again.`
    : undefined);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
