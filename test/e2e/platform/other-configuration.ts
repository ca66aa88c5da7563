import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { config as example } from '../../../cdp.config.ts';
import { configFile } from '../../../lambdas/core/contract/environment.ts';
import { assembly } from '../../../local/platform/synthesis.ts';
import { checkoutWith, type Run } from './checkout.ts';
import { asOwner } from './deployment.ts';
import { type DeployedFunction, findFunction, type Purpose } from './functions.ts';
import { killWorkers } from './worker-process.ts';

const lambda = new LambdaClient(asOwner);

/** A configuration as functions read it. */
export interface Configuration {
  readonly identity: object;
  readonly segments: readonly { readonly key: string; readonly name: string; readonly where: object }[];
  readonly traits?: readonly object[];
  readonly destinations: readonly { readonly id: string; readonly segments: readonly string[] }[];
}

/**
 * Does some work while functions have another configuration, as a deployment with another `cdp.config.ts` would; takes
 * it back after.
 */
export async function withConfiguration<T>(
  change: (configuration: Configuration) => Configuration,
  purposes: readonly Purpose[],
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const functions = await Promise.all(purposes.map(findFunction));
  const codes = await Promise.all(functions.map(({ environment }) => codeOf(environment)));
  const folder = await mkdtemp(join(tmpdir(), 'other-configuration-'));
  const [code = ''] = codes;
  const bundled = JSON.parse(await readFile(join(code, configFile), 'utf8'));
  // As they are written, for a bundle has purposes in the rules of segments already.
  const { segments, traits } = JSON.parse(JSON.stringify(example));
  const config = JSON.stringify(change({ ...bundled, segments, traits }));
  try {
    for (const [n, each] of functions.entries()) {
      const changed = join(folder, `changed-${n}`);
      await cp(codes[n] ?? '', changed, { recursive: true });
      await writeFile(join(changed, configFile), config);
      await deploy(each, changed, folder);
    }
    return await work(await checkoutWith(config, join(folder, 'checkout')));
  } finally {
    for (const [n, each] of functions.entries()) await deploy(each, codes[n] ?? '', folder);
    await rm(folder, { recursive: true });
  }
}

async function deploy(to: DeployedFunction, directory: string, folder: string): Promise<void> {
  const zip = join(folder, 'code.zip');
  await rm(zip, { force: true });
  const files = ['index.mjs', configFile].map((name) => join(directory, name));
  await promisify(execFile)('.venv/bin/python', ['-m', 'zipfile', '-c', zip, ...files]);
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: to.name, ZipFile: await readFile(zip) }));
  await killWorkers(to);
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
