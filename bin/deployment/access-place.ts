import { config } from '../../cdp.config.ts';
import { identityTable } from '../../lambdas/adapters/dynamodb/identity-table.ts';
import { requestItems } from '../../lambdas/adapters/dynamodb/request-items.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { keptIn } from '../../lambdas/core/contract/retention.ts';
import { type AccessDeps, accessReporter } from '../../lambdas/operations/privacy/access.ts';
import { runQuery } from '../athena/run-query.ts';
import { stateLine } from '../terminal/state-line.ts';
import { type Deployment, requiredOutput } from './deployed-stack.ts';
import { memoriesIn, registryOf } from './identity-operations.ts';
import { profileTablePlace } from './profile-table-place.ts';
import { queryPlace } from './query-place.ts';

/** Rows that a report takes of one query at most. */
const mostRows = 100_000;

/** What makes access reports with an operator's own credentials, under the configuration of this folder. */
export async function accessReporterOf(deployment: Deployment): Promise<ReturnType<typeof accessReporter>> {
  const place = await profileTablePlace(deployment);
  const { documents, tableName, deployed } = place;
  return accessReporter({
    config,
    requests: requestItems(documents, tableName, jittered),
    people: identityTable(documents, tableName, await place.key(), jittered),
    registry: await registryOf(deployment),
    memoriesOf: memoriesIn(place),
    retention: keptIn(requiredOutput(deployed, output.retention)),
    ask: askLake(deployment),
    now: () => new Date().toISOString(),
  });
}

const askLake =
  (deployment: Deployment): AccessDeps['ask'] =>
  async (sql) => {
    const place = await queryPlace(deployment);
    const stopped = new AbortController();
    process.once('SIGINT', () => stopped.abort());
    return runQuery(place.athena, { ...place, sql, limit: mostRows }, stateLine('events'), stopped.signal);
  };
