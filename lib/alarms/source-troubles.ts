import { sourceMetric } from '../../lambdas/core/contract/metrics.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { Ingest } from '../ingestion/ingest.ts';
import type { Trouble } from './alarm.ts';
import { countedBy } from './metrics.ts';

/** The function that verifies signatures, and the secrets of sources that sign; undefined if there are none. */
export interface Signed {
  readonly collect: HandlerFunction;
  readonly ingest: Pick<Ingest, 'sourceSecrets'>;
}

/** Refused signatures in five minutes. A few are scanners, or a vendor in the minute of a new secret. */
const few = 10;

/** Alarms about sources that sign. */
export const sourceTroubles = ({ collect, ingest }: Signed): Readonly<Record<string, Omit<Trouble, 'runbook'>>> =>
  ingest.sourceSecrets === undefined
    ? {}
    : {
        SignaturesRefused: {
          metric: countedBy(collect, 'collect', sourceMetric.refused),
          above: few,
          text: 'Requests to sources that sign have wrong signatures. Their vendors send them again for a few days only',
        },
      };
