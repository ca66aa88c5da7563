// A program of its own, for a construct cannot wait: it runs this one to its end.
import { fetchWheels, missingWheels, WheelUnusable } from './wheels.mjs';

try {
  const names = missingWheels().map(({ name }) => name);
  if (names.length > 0)
    process.stdout.write(`Fetching Python packages of the lake's jobs into .wheels, once: ${names.join(', ')}\n`);
  await fetchWheels();
} catch (error) {
  if (!(error instanceof WheelUnusable)) throw error;
  process.stderr.write(error.message);
  process.exitCode = 1;
}
