import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GlueClient } from '@aws-sdk/client-glue';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localDirectory } from '../../../bin/deployment/local-directory.ts';
import { runJob } from '../../../bin/jobs/run-job.ts';
import { pullJobOutput } from '../../../lambdas/core/contract/outputs.ts';
import { clientSettings } from '../../platform/aws.ts';
import type { PlatformOutputs } from '../../platform/platform.ts';
import { required } from '../../platform/stack-outputs.ts';
import { systemSources } from '../findings/systems.ts';
import type { StoredOrder } from '../shop/systems.ts';

type Place = Pick<PlatformOutputs, 'emulatorUrl' | 'stack'>;

/** The warehouse's PostgreSQL, which ends with `stop` and with this process. */
export interface Warehouse {
  readonly port: number;
  readonly password: string;
  stop(): Promise<void>;
}

/** There is no PostgreSQL for this machine, or it did not start. */
export class WarehouseMissing extends Error {
  override readonly name = 'WarehouseMissing';
}

/** Starts a PostgreSQL on loopback with the orders, and with a user who may read them. @throws WarehouseMissing */
export async function startWarehouse(orders: readonly StoredOrder[]): Promise<Warehouse> {
  const password = randomBytes(18).toString('base64url');
  const statements = join(localDirectory, 'warehouse.sql');
  await writeFile(statements, statementsOf(orders, password));
  // The server runs as somebody else than root, who may not enter a folder for temporary files of root's own.
  const { TMPDIR: _, ...env } = process.env;
  const python = resolve('.venv-emulator/bin/python');
  const child = spawn(python, ['-m', 'postgresql', resolve(statements)], { cwd: resolve('local'), env, stdio: 'pipe' });
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
  const ended = once(child, 'close');
  const port = once(child.stdout, 'data').then(([text]) => Number(String(text)));
  const failed = ended.then(() => {
    throw new WarehouseMissing(said.join('').trim() || 'PostgreSQL ended');
  });
  const started = await Promise.race([port, failed]);
  failed.catch(() => undefined);
  return {
    port: started,
    password,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** One statement a line, which is what PostgreSQL reads before it is a server. */
const statementsOf = (orders: readonly StoredOrder[], password: string): string =>
  [
    'create schema sales;',
    'create table sales.orders (id text primary key, customer text not null, total numeric(10, 2) not null, state text not null, changed timestamptz not null);',
    `insert into sales.orders values ${orders.map(rowOf).join(', ')};`,
    `create role reader login password '${password}';`,
    'grant usage on schema sales to reader;',
    'grant select on sales.orders to reader;',
    'grant pg_read_all_stats to reader;',
    '',
  ].join('\n');

const rowOf = ({ id, userId, cents, state, changed }: StoredOrder): string =>
  `('${id}', '${userId}', ${(cents / 100).toFixed(2)}, '${state}', '${new Date(changed).toISOString()}')`;

/** Tells the platform where the database is, as RDS would, and reads it as `npm run source -- pull` does. */
export async function pullWarehouse({ emulatorUrl, stack }: Place, { port, password }: Warehouse): Promise<void> {
  const secrets = new SecretsManagerClient(clientSettings(emulatorUrl));
  const glue = new GlueClient(clientSettings(emulatorUrl));
  const said = { engine: 'postgres', username: 'reader', password, host: '127.0.0.1', port };
  try {
    await secrets.send(new CreateSecretCommand({ Name: 'shop/warehouse', SecretString: JSON.stringify(said) }));
    const JobName = required(stack, pullJobOutput(systemSources.orders));
    await runJob(glue, { job: systemSources.orders, JobName }, () => undefined, 0.2);
  } finally {
    secrets.destroy();
    glue.destroy();
  }
}
