import type { Duration } from 'aws-cdk-lib';
import { defaultRetention, type Retention } from '../../lambdas/core/contract/retention.ts';
import type { CustomerDataPlatformProps } from './platform-props.ts';

type Kept = Pick<CustomerDataPlatformProps, keyof Retention>;

/** The days for which a platform keeps what goes by itself, as JSON: erasures wait for them. */
export function retentionOf({ recoveryWindow, rawRetention, eventRetention, logRetention }: Kept): string {
  const days = (time: Duration | undefined, otherwise: number) => time?.toDays({ integral: false }) ?? otherwise;
  const kept: Retention = {
    recoveryWindow: days(recoveryWindow, defaultRetention.recoveryWindow),
    rawRetention: days(rawRetention, defaultRetention.rawRetention),
    eventRetention: days(eventRetention, defaultRetention.eventRetention),
    logRetention: logRetention ?? defaultRetention.logRetention,
  };
  return JSON.stringify(kept);
}
