import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type CfnFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { configFile } from '../../lambdas/core/contract/environment.ts';
import { usualRetention } from './log-retention.ts';
import { roleWithGrants } from './role-with-grants.ts';
import { fileHolding } from './text-file.ts';

/** The code, configuration and limits of one function. */
export interface HandlerFunctionProps {
  /** Folder below `lambdas/` whose `index.ts` exports `handler`. */
  readonly handler: string;
  /** The deployment's configuration as JSON; it is bundled with the code. */
  readonly config: string;
  readonly encryptionKey: IKey;
  readonly environment: Record<string, string>;
  /** @default Duration.seconds(30) */
  readonly timeout?: Duration;
  /** Megabytes; Lambda gives processor time in proportion. @default 512 */
  readonly memorySize?: number | undefined;
  /** @default - As many executions as the account has left. */
  readonly reservedConcurrency?: number | undefined;
  /** Modules that replace packages in the bundle, by the package. @default - None */
  readonly aliases?: Readonly<Record<string, string>>;
  /** @default - A role that contains its grants */
  readonly role?: Role;
  /** Log group. @default - A log group of its own */
  readonly logGroup?: ILogGroup;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** CommonJS packages use `require`, `__filename` and `__dirname`, which an ES module lacks. */
const banner = [
  "import{createRequire}from'node:module';import{fileURLToPath as toPath}from'node:url'",
  'const require=createRequire(import.meta.url),__filename=toPath(import.meta.url)',
  "const __dirname=toPath(new URL('.',import.meta.url));",
].join(';');

/** Makes a log group of functions or deliveries. It contains no personal data, so it is deleted with the stack. */
export const functionLogs = (scope: Construct, id: string, encryptionKey: IKey): LogGroup =>
  new LogGroup(scope, id, { retention: usualRetention, encryptionKey, removalPolicy: RemovalPolicy.DESTROY });

/** The only place that bundles a function, with its own role and its own copy of the AWS SDK. */
export class HandlerFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    const logGroup = props.logGroup ?? functionLogs(scope, `${id}Logs`, props.encryptionKey);
    const role = props.role ?? roleWithGrants(scope, `${id}Role`);
    logGroup.grantWrite(role);
    super(scope, id, {
      entry: join(root, 'lambdas', 'functions', props.handler, 'index.ts'),
      projectRoot: root,
      depsLockFilePath: join(root, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: props.memorySize ?? 512,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: props.environment,
      logGroup,
      role,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        keepNames: true,
        bundleAwsSDK: true,
        banner,
        // Optional parts of an SSH client, which works without them.
        externalModules: ['cpu-features', '*.node'],
        esbuildArgs: Object.fromEntries(
          Object.entries(props.aliases ?? {}).map(([name, file]) => [`--alias:${name}`, join(root, file)]),
        ),
        commandHooks: {
          beforeInstall: () => [],
          beforeBundling: () => [],
          afterBundling: (_input, output) => [`cp "${fileHolding(props.config)}" "${join(output, configFile)}"`],
        },
      },
    });
    // The function refers to its role, so the template's linter calls this dependency redundant.
    (this.node.defaultChild as CfnFunction).addDeletionOverride('DependsOn');
  }
}
