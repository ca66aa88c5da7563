import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { forwardMetric } from '../../lambdas/core/contract/metrics.ts';
import type { Forwarding } from '../activation/forwarding.ts';
import type { Trouble } from './alarm.ts';
import { countedBy, period, unread } from './metrics.ts';

/** The event stream, and what forwards it; undefined if no destination receives events. */
export interface Forwarded {
  readonly events: Stream;
  readonly forwarding: Forwarding | undefined;
}

const tenMinutes = 600_000;

/** Alarms about events that are not forwarded. */
export const forwardingTroubles = ({
  events,
  forwarding,
}: Forwarded): Readonly<Record<string, Omit<Trouble, 'runbook'>>> =>
  forwarding === undefined
    ? {}
    : {
        ForwardingWaiting: {
          metric: forwarding.forward.metric('IteratorAge', { period, statistic: 'max' }),
          above: tenMinutes,
          text: 'Events have waited for more than ten minutes to be forwarded to destinations',
        },
        ForwardingPutAside: {
          metric: countedBy(forwarding.forward, 'forward', forwardMetric.putAside),
          text: "A destination's queue takes no events, and they were put aside. Mend the queue, then redrive them",
        },
        ForwardingUnread: {
          metric: unread(
            events.metricIncomingRecords({ period, statistic: 'sum' }),
            forwarding.forward.metricInvocations({ period, statistic: 'sum' }),
          ),
          periods: 3,
          text: 'The forward function read no events for 15 minutes although events came in',
        },
      };
