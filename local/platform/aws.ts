/** Credentials of the emulator's root user; it knows no others until the stack makes roles. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** The one region the local platform runs in. */
export const region = 'us-east-1';

/** Settings with which an AWS SDK client speaks to the emulator. */
export const clientSettings = (emulatorUrl: string) => ({ endpoint: emulatorUrl, region, credentials });

/**
 * A process environment that reaches the emulator and cannot reach anybody's AWS account, whatever the user has
 * configured.
 */
export function emulatorEnvironment(emulatorUrl: string): NodeJS.ProcessEnv {
  return {
    ...awsFreeEnvironment(),
    AWS_ENDPOINT_URL: emulatorUrl,
    AWS_ENDPOINT_URL_S3: emulatorUrl,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

/** The user's environment without anything that names an AWS account. */
export function awsFreeEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('CDK_'));
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // It only warns, and takes longer than all else that a synthesis does.
    CDK_VALIDATION: 'false',
  };
}
