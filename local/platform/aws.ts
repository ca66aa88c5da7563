/** Credentials of the emulator's root user, its only user until the stack creates roles. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** The region of the local platform. */
export const region = 'us-east-1';

/** Settings of an AWS SDK client for the emulator. */
export const clientSettings = (emulatorUrl: string) => ({ endpoint: emulatorUrl, region, credentials });

/** A process environment for the emulator. It reaches no AWS account, whatever the user has configured. */
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

/** The user's environment without settings of AWS accounts. */
export function awsFreeEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('CDK_'));
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // Validation only warns, and takes longer than the rest of a synthesis.
    CDK_VALIDATION: 'false',
  };
}
