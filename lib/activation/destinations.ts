import type { Construct } from 'constructs';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import type { Destination as DestinationConfig } from '../../lambdas/core/destinations/definition.ts';
import { functionLogs } from '../blocks/handler-function.ts';
import { Destination, type DestinationProps } from './destination.ts';
import { QueueReaders, type QueueReadersProps } from './queue-readers.ts';

/**
 * Makes every configured destination and returns them by id. Their functions share one log group and write to streams
 * that carry their names. Some functions are told their queues.
 */
export function destinationsOf(
  scope: Construct,
  destinations: readonly DestinationConfig[],
  shared: Omit<DestinationProps, 'destination' | 'log'>,
  readers: Omit<QueueReadersProps, 'destinations'>,
): ReadonlyMap<string, Destination> {
  const log = functionLogs(scope, 'DeliveryLogs', shared.encryption.key);
  const made = (destination: DestinationConfig) =>
    new Destination(scope, `Destination${pascalCase(destination.id)}`, { ...shared, log, destination });
  const all = new Map(destinations.map((destination) => [destination.id, made(destination)]));
  new QueueReaders(scope, 'Queues', { ...readers, destinations: all });
  return all;
}
