import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { StoredRegistry } from '../../adapters/dynamodb/aggregate-registry.ts';
import {
  type AggregateRegistry,
  firstRegistry,
  registered,
  withPrograms,
} from '../../core/segments/history/registry.ts';
import type { WriteOutcome } from '../../core/stitching/profile-write.ts';
import { errorMessageOf } from '../../core/values/thrown.ts';

/** Everything that registering aggregates works with. */
interface RegistryDeps {
  readonly read: () => Promise<StoredRegistry | undefined>;
  readonly write: (registry: AggregateRegistry, version: number | undefined) => Promise<WriteOutcome>;
  /** Whether the profile table has no item. */
  readonly isEmpty: () => Promise<boolean>;
  readonly pause: (attempt: number) => Promise<unknown>;
  readonly now: () => number;
  readonly answer: (url: string, answer: object) => Promise<void>;
  readonly info: (message: string, details: object) => void;
}

/** How often the registry is read and written again before the deployment fails. */
const maxAttempts = 8;

/**
 * Registers the aggregates of a deployment, after the functions that count in them have their new code. A deletion
 * touches nothing, because the table may outlive the stack: nothing is received until another stack takes it up.
 */
export const createHandler =
  (deps: RegistryDeps) =>
  async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
    const whose = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: LogicalResourceId };
    const outcome = await told(async () => {
      if (RequestType === 'Delete') return;
      const [aggregates, programs] = [ResourceProperties.Aggregates, ResourceProperties.Programs].map(
        (texts) => JSON.parse(texts) as string[],
      ) as [string[], string[]];
      const { generation, complete } = await register({ aggregates, programs }, deps);
      deps.info('registered aggregates', { aggregates: aggregates.length, generation, complete });
    });
    await deps.answer(ResponseURL, { ...whose, ...outcome });
  };

/** Turns every failure into an answer: a deployment without an answer waits for minutes. */
async function told(act: () => Promise<void>): Promise<{ Status: string; Reason?: string }> {
  try {
    await act();
    return { Status: 'SUCCESS' };
  } catch (error) {
    return { Status: 'FAILED', Reason: `the aggregates could not be registered: ${errorMessageOf(error)}` };
  }
}

/** What a deployment counts, and what it decides with. */
interface Deployed {
  readonly aggregates: readonly string[];
  readonly programs: readonly string[];
}

async function register({ aggregates, programs }: Deployed, deps: RegistryDeps): Promise<AggregateRegistry> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const stored = await deps.read();
    const known = stored?.registry ?? (await unregistered(aggregates, deps));
    const next = withPrograms(registered(known, aggregates, deps.now()), programs);
    if (next === stored?.registry) return next;
    const outcome = await deps.write(next, stored?.version);
    if (outcome.kind === 'written') return next;
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    await deps.pause(attempt);
  }
  throw new Error(`somebody else wrote the registry ${maxAttempts} times`);
}

/** Profiles that older code made may lack events of any aggregate, so all of them are new to these profiles. */
const unregistered = async (ids: readonly string[], { isEmpty }: RegistryDeps): Promise<AggregateRegistry> =>
  firstRegistry((await isEmpty()) ? ids : []);
