import { readFileSync } from 'node:fs';
import { type CdpConfig, parseConfig } from '../../core/config/config.ts';
import { configFile } from '../../core/contract/environment.ts';

/**
 * Reads the deployment's configuration from the file beside the function's code. @throws InvalidConfig naming every
 * wrong field.
 */
export const functionConfig = (): CdpConfig =>
  parseConfig(JSON.parse(readFileSync(new URL(configFile, import.meta.url), 'utf8')));
