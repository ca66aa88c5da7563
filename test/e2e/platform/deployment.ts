import { inject } from 'vitest';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import { clientSettings } from '../../../local/platform/aws.ts';

/** The deployed platform that all end-to-end tests share. */
export const platform = inject('platform');

/** With these an AWS SDK client is the account's owner, whom no policy binds. */
export const asOwner = clientSettings(platform.emulatorUrl);

/** Makes a name that no other test and no other run uses. */
export const unique = (name: string): string => `${name}-${platform.runId}`;

/** Value of one of the stack's outputs. */
export function stackOutput(name: keyof typeof output): string {
  const value = platform.stack[output[name]];
  if (value === undefined)
    throw new Error(`the stack has no output ${output[name]}; it has ${Object.keys(platform.stack).join(', ')}`);
  return value;
}
