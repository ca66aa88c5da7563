import { Annotations, type Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { defaultRetention, keptIn, type Retention } from '../../lambdas/core/contract/retention.ts';
import type { Deadlines } from '../../lambdas/core/privacy/deadlines.ts';
import { longestErasure } from '../../lambdas/core/privacy/longest-erasure.ts';
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

/** Says at synthesis that erasures take longer than the time in which their people must be answered. */
export function warnOfLateErasures(scope: Construct, retention: string, { gdprDays, ccpaDays }: Deadlines): void {
  const { days, store } = longestErasure(keptIn(retention));
  const setBy = store.setBy === undefined ? '' : ` (${store.setBy})`;
  const least = Math.min(gdprDays, ccpaDays);
  if (days <= least) return;
  Annotations.of(scope).addWarningV2(
    'customer-data-platform:erasures-are-late',
    `An erasure takes up to ${Math.ceil(days)} days, because ${store.name} stay so long${setBy}, and config.privacy ` +
      `wants an answer after ${least}. Keep less, or answer people before their erasures are completed`,
  );
}
