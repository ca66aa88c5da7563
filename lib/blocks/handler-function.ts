import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type CfnFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { configFile } from '../../lambdas/core/contract/environment.ts';
import { roleWithGrants } from './role-with-grants.ts';
import { fileHolding } from './text-file.ts';

/** What one function runs, is told and may take. */
export interface HandlerFunctionProps {
  /** Folder below `lambdas/` whose `index.ts` exports `handler`. */
  readonly handler: string;
  /** The deployment's configuration, as JSON; lies beside the code. */
  readonly config: string;
  readonly encryptionKey: IKey;
  readonly environment: Record<string, string>;
  /** @default Duration.seconds(30) */
  readonly timeout?: Duration;
  /** Megabytes; processor time comes with them. @default 512 */
  readonly memorySize?: number | undefined;
  /** @default - As many executions at once as the account has left. */
  readonly reservedConcurrency?: number | undefined;
  /** Where it logs. @default - a log group of its own */
  readonly logGroup?: ILogGroup;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A log group for what functions say, which names no person and goes with the stack. */
export const functionLogs = (scope: Construct, id: string, encryptionKey: IKey): LogGroup =>
  new LogGroup(scope, id, { retention: RetentionDays.ONE_MONTH, encryptionKey, removalPolicy: RemovalPolicy.DESTROY });

/** The only place that bundles a function: one role, and its AWS SDK inside, each to itself. */
export class HandlerFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    const logGroup = props.logGroup ?? functionLogs(scope, `${id}Logs`, props.encryptionKey);
    const role = roleWithGrants(scope, `${id}Role`);
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
        // Packages that are CommonJS call `require` for Node's own modules, which an ES module lacks.
        banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
        commandHooks: {
          beforeInstall: () => [],
          beforeBundling: () => [],
          afterBundling: (_input, output) => [`cp "${fileHolding(props.config)}" "${join(output, configFile)}"`],
        },
      },
    });
    // The role is named by the function itself, so saying that it comes first is one word too many for the template's linter.
    (this.node.defaultChild as CfnFunction).addDeletionOverride('DependsOn');
  }
}
