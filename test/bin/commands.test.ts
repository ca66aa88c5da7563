import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Runs a command with credentials of nobody; what is turned down asks no service. */
async function command(name: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, CDP_LOCAL_DIRECTORY: '.local/test/nowhere', ...more };
  const run = promisify(execFile)(process.execPath, [`bin/${name}.ts`, ...args], { env });
  const {
    code = 0,
    stdout,
    stderr,
  } = (await run.catch((error) => error)) as { code?: number; stdout: string; stderr: string };
  return { status: code, stdout, stderr };
}

describe.concurrent('a command that is given what it does not take says what is wrong, then what it takes', () => {
  it.each([
    {
      name: 'job',
      args: ['nope'],
      says: 'there is no job "nope"; jobs: events, identities, profiles, matches, marts, ',
    },
    { name: 'deliveries', args: ['--since', 'noon'], says: '--since is "noon", and must be a span such as 90m' },
    { name: 'deliveries', args: ['--outcome', 'lost'], says: '--outcome is "lost", and must be one of delivered' },
    { name: 'deliveries', args: ['crm'], says: 'takes no "crm"' },
    { name: 'import', args: [], says: 'say check or status' },
    { name: 'import', args: ['check'], says: 'say a file' },
    { name: 'import', args: ['check', 'a.csv'], says: 'say the source of the file: --source' },
    { name: 'import', args: ['check', 'a.csv', '--source', 'x'], says: 'no source of kind files has the id x' },
    { name: 'import', args: ['check', 'a.csv', '--source', 'x', '--shards', '0'], says: '--shards is "0"' },
    { name: 'import', args: ['status', 'now'], says: 'takes no "now"' },
    { name: 'job', args: [], says: 'say a job: events' },
    { name: 'job', args: ['constructor'], says: 'there is no job "constructor"' },
    { name: 'job', args: ['events', '--argument', '5'], says: '--argument is "5", and must be name=value' },
    { name: 'job', args: ['events', '--nope'], says: "Unknown option '--nope'" },
    { name: 'compare', args: ['--settle-minutes', 'x'], says: '--settle-minutes is "x", and must be a whole number' },
    { name: 'compare', args: ['now'], says: 'takes no "now"' },
    { name: 'destination', args: ['crm'], says: 'give the id of a destination and its URL' },
    { name: 'destination', args: ['--from', 'arn:x'], says: 'say the id of a destination' },
    { name: 'destination', args: ['crm', 'https://a.example', '--from', 'arn:x'], says: 'takes one argument' },
    { name: 'destination', args: ['crm', '--from', 'arn:x', '--secret', 's'], says: 'give no others' },
    { name: 'destination', args: ['crm', '--settings', 'a', '--secret', 's'], says: '--settings gives all settings' },
    { name: 'destination', args: ['describe'], says: 'say the name of a tool' },
    { name: 'destination', args: ['describe', 'nope'], says: 'the catalogue has no "nope"' },
    { name: 'destination', args: ['add', 'noop'], says: 'noop cannot be used here: it does nothing' },
    { name: 'destination', args: ['list', 'xyzzy'], says: 'no tool of the catalogue is called "xyzzy"' },
    { name: 'destination', args: ['test', 'crm'], says: 'say a segment of the destination: --segment <key>' },
    { name: 'docs', args: ['--answers'], says: '--answers needs --local' },
    { name: 'explain', args: [], says: 'say whom: type:value' },
    { name: 'unmerge', args: ['a', 'b'], says: 'takes one argument, what to undo' },
    { name: 'left-behind', args: ['all'], says: 'takes no "all"' },
    { name: 'query', args: [], says: 'give a query' },
    { name: 'query', args: ['SELECT', '1'], says: 'put the SQL in quotes' },
    { name: 'query', args: ['SELECT 1', '--limit', '0'], says: '--limit is "0"' },
    { name: 'query', args: ['SELECT 1', '--csv', '--json'], says: 'not both' },
    { name: 'rebuild', args: ['all'], says: 'takes no "all"' },
    { name: 'restore', args: [], says: 'say the restored or rebuilt table: --from' },
    { name: 'restore', args: ['all'], says: 'takes no "all"' },
    { name: 'redrive', args: ['publish', '--all'], says: 'give names or --all, not both' },
    { name: 'redrive', args: ['--all', '--from', 'https://a-queue'], says: 'whose letters lie in that queue' },
    { name: 'resend', args: [], says: 'say the id of a destination' },
    { name: 'redrive', args: ['--nope'], says: "Unknown option '--nope'" },
    { name: 'replay', args: ['--from', '2026-01-01'], says: '--from and --to' },
    { name: 'replay', args: ['--from', '2026-01-01', '--to', '2026-01-02', '--rate', '0'], says: '--rate is "0"' },
    { name: 'segment', args: [], says: 'say what to do: list, explain, status, history' },
    { name: 'segment', args: ['constructor'], says: '; got "constructor"' },
    { name: 'segment', args: ['list', 'all'], says: 'takes no "all"' },
    { name: 'segment', args: ['status', 'big_spenders'], says: 'takes no "big_spenders"' },
    { name: 'segment', args: ['explain', 'big_spenders'], says: 'and a person, e.g. email:ann@example.com' },
    { name: 'segment', args: ['explain', 'nope', 'user_id:1'], says: 'cdp.config.ts defines: big_spenders, ' },
    { name: 'segment', args: ['history'], says: 'say the key of a segment: big_spenders, ' },
    { name: 'segment', args: ['history', "x' OR 1"], says: 'there is no segment "x\' OR 1"' },
    { name: 'token', args: ['a', '--list'], says: 'takes one of <name>' },
  ])('$name $args: $says', async ({ name, args, says }) => {
    const { status, stdout, stderr } = await command(name, args);
    expect([status, stderr, stdout]).toEqual([
      2,
      expect.stringContaining(says),
      expect.stringContaining(`npm run ${name}`),
    ]);
  });
});

describe.concurrent('every script of the package that is our own program', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const own = Object.entries(scripts).flatMap(([script, line]) => {
    const program = /node .*?(\w+\/[\w-]+\.ts)$/.exec(line)?.[1];
    return program === undefined ? [] : [{ script, program }];
  });

  it.each(own)('$script tells with --help what it does, and does nothing', async ({ script, program }) => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--help']);
    expect(stdout).toMatch(new RegExp(`^npm (run )?${script}\\b`));
  });
});

describe.concurrent('npm run segment', () => {
  it.each(['list', 'explain', 'status', 'history', 'preview', 'apply'])(
    'tells with --help what %s does',
    async (verb) => {
      const { status, stdout } = await command('segment', [verb, '--help']);
      expect([status, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^npm run segment -- ${verb}\\b`))]);
    },
  );

  it('lists what the example defines, without a deployment', async () => {
    const { status, stdout } = await command('segment', ['list', '--json']);
    expect([status, JSON.parse(stdout).segments]).toEqual([
      0,
      expect.arrayContaining([
        expect.objectContaining({ key: 'big_spenders', reads: ['consent', 'trait lifetime_value'] }),
      ]),
    ]);
  });
});

describe.concurrent('a command that reaches nothing says what to do', () => {
  /** As on a machine without a profile of AWS. */
  const nobody = {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const folder = '.local/test/stopped';
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/outputs.json`, JSON.stringify({ emulatorUrl: 'http://127.0.0.1:9' }));

  it.each(['status', 'redrive', 'left-behind', 'compare'])('%s', async (name) => {
    const [noRegion, noCredentials, stopped] = await Promise.all([
      command(name, [], nobody),
      command(name, [], { ...nobody, AWS_REGION: 'eu-west-1' }),
      command(name, ['--local'], { CDP_LOCAL_DIRECTORY: folder }),
    ]);
    expect([noRegion.status, noRegion.stderr]).toEqual([1, expect.stringContaining('Set AWS_REGION')]);
    expect([noCredentials.status, noCredentials.stderr]).toEqual([1, expect.stringContaining('Set AWS_PROFILE')]);
    expect([stopped.status, stopped.stderr]).toEqual([1, expect.stringContaining('the platform must run: npm start')]);
  });
});

describe.concurrent('npm run destination', () => {
  it.each([
    { url: 'http://hooks.example.com/x', says: 'must begin with https:', allow: 'hooks.example.com:80' },
    { url: 'https://10.1.2.3/x', says: 'the address is private', allow: '10.1.2.3:443' },
    { url: 'https://[::1]:8443/x', says: 'the address is private', allow: '[::1]:8443' },
    { url: 'https://169.254.169.254/latest', says: 'the address is private', allow: '169.254.169.254:443' },
    { url: 'https://localhost:9000/x', says: 'leads to a private address', allow: 'localhost:9000' },
  ])('turns down $url, which no delivery would call: $says', async ({ url, says, allow }) => {
    const refused = await command('destination', ['crm', url, '--local']);
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringMatching(new RegExp(`${says}.*--allow-private `)),
    ]);
    expect(refused.stderr).toContain(`--allow-private ${allow}`);
    expect((await command('destination', ['crm', url, '--allow-private', allow, '--local'])).stderr).toMatch(
      /^no platform runs/,
    );
  });
});
