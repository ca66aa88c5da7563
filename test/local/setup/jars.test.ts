import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchJars, jarsAreCurrent } from '../../../local/setup/jars.mjs';

const content = Buffer.from('classes');
const sha256 = createHash('sha256').update(content).digest('hex');

let server: Server;
let directory: string;
let repository: string;
let asked: string[] = [];

beforeEach(async () => {
  asked = [];
  directory = mkdtempSync(join(tmpdir(), 'cdp-jars-'));
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url.endsWith('missing.jar')) response.writeHead(404).end();
    else response.end(content);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  repository = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});

afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

const jars = (): string => join(directory, 'jars');

function listOf(...entries: readonly { path: string; sha256: string }[]): string {
  const list = join(directory, 'jars.json');
  writeFileSync(list, JSON.stringify({ repository, jars: entries }));
  return list;
}

it('fetches what is listed and missing, once, and removes what is listed no more', async () => {
  const both = listOf({ path: 'a/one.jar', sha256 }, { path: 'b/two.jar', sha256 });
  expect(jarsAreCurrent(both, jars())).toBe(false);
  await fetchJars(both, jars());
  expect(readFileSync(join(jars(), 'one.jar'))).toEqual(content);
  await fetchJars(both, jars());
  expect(asked.sort()).toEqual(['/a/one.jar', '/b/two.jar']);
  await fetchJars(listOf({ path: 'b/two.jar', sha256 }), jars());
  expect(readdirSync(jars())).toEqual(['two.jar']);
});

it.each([
  {
    what: 'another file than the pinned one',
    entry: { path: 'a/one.jar', sha256: '0'.repeat(64) },
    problem: /one\.jar is not the file.*its SHA-256 is/,
  },
  { what: 'no file', entry: { path: 'a/missing.jar', sha256 }, problem: /missing\.jar could not be fetched: HTTP 404/ },
])('refuses $what, and leaves none behind', async ({ entry, problem }) => {
  await expect(fetchJars(listOf(entry), jars())).rejects.toThrow(problem);
  expect(existsSync(join(jars(), entry.path.replace('a/', '')))).toBe(false);
});
