const frame = 1000;

/**
 * Runs all the work at once and shows on stderr what is pending, on a terminal with the seconds. `bin/terminal` cannot
 * do this: it needs packages that are not installed yet.
 */
export async function showProgress(title, items) {
  const started = Date.now();
  const pending = new Set(items.map(({ name }) => name));
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const { stderr } = process;
  const line = () => `${title} ${[...pending].join(' and ')} … ${seconds()} s`;

  stderr.write(stderr.isTTY ? line() : `${line()}\n`);
  const clock = setInterval(() => stderr.isTTY && stderr.write(`\r\x1b[K${line()}`), frame);
  try {
    await Promise.all(items.map(({ name, work }) => work().then(() => finished(name))));
  } finally {
    clearInterval(clock);
    if (stderr.isTTY) stderr.write('\r\x1b[K');
  }

  function finished(name) {
    pending.delete(name);
    stderr.write(`${stderr.isTTY ? '\r\x1b[K' : ''}${title} ${name}: done in ${seconds()} s\n`);
  }
}
