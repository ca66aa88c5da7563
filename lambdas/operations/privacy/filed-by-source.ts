import type { keyedOwners } from '../../adapters/dynamodb/keyed-owners.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import type { StoredRequest } from '../../core/privacy/request.ts';

/** Finds the live profiles of keys. */
export type KeyedOwners = ReturnType<typeof keyedOwners>;

/**
 * The profiles that a request is about which a source filed: those who have what its deleted record named until then.
 * @throws OperatorRefused when nobody has it
 */
export async function peopleOfSource(
  { keys, source }: Pick<StoredRequest, 'keys' | 'source'>,
  owners: KeyedOwners,
): Promise<string[]> {
  const found = new Set([...(await owners(keys)).values()].map(({ profileId }) => profileId));
  if (found.size > 0) return [...found].sort();
  throw new OperatorRefused(
    'contended',
    `nobody has the ids of this record that ${source} deleted: what it said is on its way, or is about somebody ` +
      'suppressed, or named nobody; run the request again later, or cancel it and file one by other identifiers',
  );
}

/** What became of a request of a source: where it is now, or why nothing was done. */
export type RunOfSource =
  | { readonly request: StoredRequest }
  | { readonly requestId: string; readonly refused: string };

/** Runs requests one after the other. What is refused of one does not stop the others. @throws what else goes wrong */
export async function runEach(
  requests: readonly StoredRequest[],
  run: (requestId: string) => Promise<StoredRequest>,
): Promise<RunOfSource[]> {
  const done: RunOfSource[] = [];
  for (const { requestId } of requests)
    done.push(
      await run(requestId).then(
        (request) => ({ request }),
        (error) => refusalOf(requestId, error),
      ),
    );
  return done;
}

function refusalOf(requestId: string, error: unknown): RunOfSource {
  if (error instanceof OperatorRefused) return { requestId, refused: error.message };
  throw error;
}

/** The requests of a source that nobody has begun. */
export const filedBy = (all: readonly StoredRequest[], sourceId: string): StoredRequest[] =>
  all.filter(({ source, state }) => source === sourceId && state === 'received');
