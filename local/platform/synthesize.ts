import { CommandFailed } from '../processes/child-process.ts';
import { synthesize } from './synthesis.ts';

try {
  const made = await synthesize(new AbortController().signal);
  process.stdout.write(made ? 'the template was made\n' : 'the template is that of these sources\n');
} catch (error) {
  if (!(error instanceof CommandFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
