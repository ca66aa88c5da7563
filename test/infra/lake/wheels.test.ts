import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';

const wheel = 'the bytes of a wheel';
const sha256 = createHash('sha256').update(wheel).digest('hex');
const pin = `some-package==1.2 --hash=sha256:${sha256}`;
const file = 'some_package-1.2-py3-none-any.whl';
const folders: string[] = [];
let index: Server | undefined;
afterEach(() => {
  index?.close();
  folders.splice(0).forEach((folder) => void rmSync(folder, { recursive: true }));
});

/** An index as pip reads them; gives its address. */
async function indexThat(answers: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  index = createServer(answers).listen(0, '127.0.0.1');
  await new Promise((resolve) => index?.once('listening', resolve));
  return `127.0.0.1:${(index.address() as AddressInfo).port}`;
}

const good = (request: IncomingMessage, response: ServerResponse): void => {
  const page = `<a href="/files/other.whl#sha256=${'0'.repeat(64)}">other</a><a href="../../files/${file}#sha256=${sha256}">${file}</a>`;
  if (request.url === '/simple/some-package/') response.end(page);
  else if (request.url === `/files/${file}`) response.end(wheel);
  else response.writeHead(404).end();
};

/** Fetches what is pinned in a repository of its own. */
async function fetched(pins: string, addressOfIndex: string, kept: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'wheels-'));
  folders.push(folder);
  for (const name of ['wheels.mjs', 'fetch-wheels.mjs']) cpSync(join('lib/lake', name), join(folder, 'lib/lake', name));
  for (const name of ['glue-scripts', '.wheels']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'glue-scripts', 'requirements.txt'), `# What jobs get\n${pins}\n`);
  for (const [name, content] of Object.entries(kept)) writeFileSync(join(folder, '.wheels', name), content);
  const child = spawn(process.execPath, [join(folder, 'lib/lake/fetch-wheels.mjs')], {
    env: { PIP_INDEX_URL: addressOfIndex },
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const [code, printed, told] = await Promise.all([closed, text(child.stderr), text(child.stdout)]);
  return { code, printed, told, files: readdirSync(join(folder, '.wheels')) };
}

describe('fetching wheels', () => {
  it('takes from the index the file with the pinned SHA-256, under its own name', async () => {
    const told = "Fetching Python packages of the lake's jobs into .wheels, once: some-package\n";
    expect(await fetched(pin, `http://${await indexThat(good)}/simple`)).toEqual({
      code: 0,
      printed: '',
      told,
      files: [file],
    });
  });

  it('logs in where the index’s address says so, and repeats no password', async () => {
    let logins: (string | undefined)[] = [];
    const place = await indexThat((request, response) => {
      logins = [...logins, request.headers.authorization];
      good(request, response);
    });
    expect((await fetched(pin, `http://me:p%40ss@${place}/simple/`)).files).toEqual([file]);
    expect(new Set(logins)).toEqual(new Set([`Basic ${Buffer.from('me:p@ss').toString('base64')}`]));
    const { printed } = await fetched(pin.replace('some-', 'no-'), `http://me:p%40ss@${place}/simple/`);
    expect(printed).toContain('HTTP 404');
    expect(printed).not.toMatch(/p%40ss|p@ss/);
  });

  it('logs in for a file whose link says the whole address of the index, and nowhere else', async () => {
    let logins: (string | undefined)[] = [];
    const place = await indexThat((request, response) => {
      logins = [...logins, request.headers.authorization];
      if (request.url?.includes('.whl')) response.end(wheel);
      else
        response.end(
          `<a href="http://${request.url?.startsWith('/abroad') ? 'localhost' : '127.0.0.1'}:${port}/${file}?a=1&amp;b=2#sha256=${sha256}">x</a>`,
        );
    });
    const port = place.split(':')[1];
    const login = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect((await fetched(pin, `http://me:secret@${place}/simple`)).files).toEqual([file]);
    expect(logins.splice(0)).toEqual([login, login]);
    await fetched(pin, `http://me:secret@${place}/abroad`);
    expect(logins).toEqual([login, undefined]);
  });

  it.each(['me:secret@host/simple', 'host/simple', 'ftp://me:secret@host/simple', 'http://me:secret@'])(
    'refuses %s as an index, and repeats no password',
    async (place) => {
      const { code, printed } = await fetched(pin, place);
      expect({ code, printed }).toEqual({
        code: 1,
        printed: 'PIP_INDEX_URL must be an address that begins with https:// or http://',
      });
    },
  );

  it('asks nobody when they are here', async () => {
    const { code, told, files } = await fetched(pin, 'http://127.0.0.1:1/simple', { [file]: wheel });
    expect({ code, told, files }).toEqual({ code: 0, told: '', files: [file] });
  });

  it.each(['brought-by-hand.whl', file.replace('.whl', ' (1).whl'), `${file}.part`])(
    'does not take %s for one, which pip would not install',
    async (name) => {
      const { code, files } = await fetched(pin, `http://${await indexThat(good)}/simple`, { [name]: wheel });
      expect({ code, files: files.sort() }).toEqual({ code: 0, files: [name, file].sort() });
    },
  );

  it('does not take for it what is here with other bytes', async () => {
    const { code, files } = await fetched(pin, `http://${await indexThat(good)}/simple`, { [file]: 'damaged' });
    expect({ code, files }).toEqual({ code: 0, files: [file] });
  });

  it.each([
    { what: 'an index that does not answer', answers: undefined, why: 'ECONNREFUSED' },
    {
      what: 'an index without the package',
      answers: (_: unknown, response: ServerResponse) => response.writeHead(404).end(),
      why: 'HTTP 404',
    },
    {
      what: 'an index without the file',
      answers: (_: unknown, response: ServerResponse) => response.end('<a href="x.whl#sha256=00">x</a>'),
      why: 'no such file',
    },
    {
      what: 'a file with other bytes',
      answers: (request: IncomingMessage, response: ServerResponse) =>
        request.url?.endsWith('.whl') ? response.end('others') : good(request, response),
      why: `${file} has another SHA-256`,
    },
  ])('says of $what what to do, and keeps nothing', async ({ answers, why }) => {
    const place = await indexThat(answers ?? (() => undefined));
    if (answers === undefined) await new Promise((resolve) => index?.close(resolve));
    const { code, printed, files } = await fetched(pin, `http://${place}/simple`);
    expect({ code, files }).toEqual({ code: 1, files: [] });
    expect(printed).toMatch(
      /^some-package==1\.2, a Python package of the lake's jobs, could not be fetched from http:\/\/127\.0\.0\.1:\d+\/simple\/some-package\/: /,
    );
    expect(printed).toContain(why);
    expect(printed).toContain('pip download --no-deps');
    expect(printed).not.toMatch(/^ +at /m);
  });

  it.each(['some-package', 'some-package>=1.2', 'some-package==1.2', `some-package==1.2 --hash=md5:${sha256}`])(
    'refuses a pin like %s',
    async (line) => {
      const { code, printed } = await fetched(line, 'http://127.0.0.1:1/simple');
      expect({ code, printed }).toEqual({
        code: 1,
        printed: `glue-scripts/requirements.txt: "${line}" is not of the form name==version --hash=sha256:…`,
      });
    },
  );
});
