import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { freePorts } from '../../e2e/platform/free-ports.ts';

/** Where Linux begins to give ports to connections and to who asks for any port. */
const givenBySystem = 32_768;

it('ports are different, and none that the system gives away before somebody listens', async () => {
  const ports = [...(await freePorts(5)), ...(await freePorts(5))];
  expect(new Set(ports).size).toBe(10);
  expect(Math.max(...ports)).toBeLessThan(givenBySystem);
});

it('a port on which somebody listens is left out', async () => {
  const [last = 0] = await freePorts(1);
  const server = createServer().listen(last + 1, '127.0.0.1');
  await once(server, 'listening');
  expect(await freePorts(2)).not.toContain(last + 1);
  server.close();
});

it('another process, and a database, find different ones', async () => {
  const run = promisify(execFile);
  const script = "import { freePorts } from './test/e2e/platform/free-ports.ts'; console.log(await freePorts(3))";
  const { stdout: ofNode } = await run(process.execPath, ['--input-type=module', '-e', script]);
  const python = 'from postgresql.server_process import free_port; print(free_port())';
  const env = { ...process.env, PYTHONPATH: 'local' };
  const { stdout: ofPython } = await run('.venv/bin/python', ['-c', python], { env });
  const others = [...(JSON.parse(ofNode) as number[]), Number(ofPython)];
  const ports = [...others, ...(await freePorts(3))];
  expect(new Set(ports).size).toBe(7);
  expect(Math.max(...ports)).toBeLessThan(givenBySystem);
});
