import { CommandFailed } from '../processes/child-process.ts';
import { synthesize } from './synthesis.ts';

try {
  const made = await synthesize(new AbortController().signal);
  process.stdout.write(made ? 'made the template\n' : 'the template is up to date\n');
} catch (error) {
  if (!(error instanceof CommandFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
