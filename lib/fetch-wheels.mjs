// A program of its own, for a construct cannot wait: it runs this one to its end.
import { fetchWheels, WheelUnusable } from './wheels.mjs';

try {
  await fetchWheels();
} catch (error) {
  if (!(error instanceof WheelUnusable)) throw error;
  process.stderr.write(error.message);
  process.exitCode = 1;
}
