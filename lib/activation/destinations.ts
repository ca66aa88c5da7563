import type { Construct } from 'constructs';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import type { Destination as DestinationConfig } from '../../lambdas/core/destinations/definition.ts';
import { functionLogs } from '../blocks/handler-function.ts';
import { Destination, type DestinationProps } from './destination.ts';

/**
 * Makes every configured destination and returns them by id. Their functions share one log group and write to streams
 * that carry their names.
 */
export function destinationsOf(
  scope: Construct,
  destinations: readonly DestinationConfig[],
  shared: Omit<DestinationProps, 'destination' | 'log'>,
): ReadonlyMap<string, Destination> {
  const log = functionLogs(scope, 'DeliveryLogs', shared.encryption.key);
  const made = (destination: DestinationConfig) =>
    new Destination(scope, `Destination${pascalCase(destination.id)}`, { ...shared, log, destination });
  return new Map(destinations.map((destination) => [destination.id, made(destination)]));
}
