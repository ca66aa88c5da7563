import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { configFile } from '../../../lambdas/core/contract/environment.ts';
import { assembly } from '../../../local/platform/synthesis.ts';
import { asOwner } from './deployment.ts';
import { findFunction } from './functions.ts';
import { killWorkers } from './worker-process.ts';

const lambda = new LambdaClient(asOwner);

/**
 * Does some work while stitch has other identity rules, as a deployment with another `cdp.config.ts` would; takes them
 * back after.
 */
export async function withIdentityRules<T>(rules: object, work: () => Promise<T>): Promise<T> {
  const stitch = await findFunction('stitch');
  const code = await codeOf(stitch.environment);
  const folder = await mkdtemp(join(tmpdir(), 'identity-rules-'));
  const deploy = async (directory: string): Promise<void> => {
    const zip = join(folder, 'code.zip');
    await rm(zip, { force: true });
    await promisify(execFile)('.venv/bin/python', [
      '-m',
      'zipfile',
      '-c',
      zip,
      join(directory, 'index.mjs'),
      join(directory, configFile),
    ]);
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: stitch.name, ZipFile: await readFile(zip) }));
    await killWorkers(stitch);
  };
  try {
    const changed = join(folder, 'changed');
    await cp(code, changed, { recursive: true });
    const config = JSON.parse(await readFile(join(code, configFile), 'utf8'));
    await writeFile(
      join(changed, configFile),
      JSON.stringify({ ...config, identity: { ...config.identity, ...rules } }),
    );
    await deploy(changed);
    return await work();
  } finally {
    await deploy(code);
    await rm(folder, { recursive: true });
  }
}

/** The folder of the assembly that holds a function's code: the function is the one that is told the same settings. */
async function codeOf(environment: Readonly<Record<string, string>>): Promise<string> {
  const template = JSON.parse(await readFile(join(assembly, 'Cdp.template.json'), 'utf8')) as {
    Resources: Record<string, Resource>;
  };
  const told = Object.keys(environment).sort().join();
  const found = Object.values(template.Resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' &&
      Object.keys(Properties.Environment?.Variables ?? {})
        .sort()
        .join() === told,
  );
  const [key, ...more] = found.map(({ Properties }) => Properties.Code?.S3Key ?? '');
  if (key === undefined || more.length > 0) throw new Error(`${found.length} functions are told ${told}`);
  return join(assembly, `asset.${key.replace('.zip', '')}`);
}

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Environment?: { readonly Variables?: object };
    readonly Code?: { readonly S3Key?: string };
  };
}
