import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Identifier } from '../../core/identifiers/identifier.ts';
import { answerBy, type Deadlines } from '../../core/privacy/deadlines.ts';
import { type Filing, received } from '../../core/privacy/request.ts';
import { putIf } from './conditional-put.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { requestKey } from './keys.ts';

/** What a source wishes: that whoever these identifiers named is erased. */
interface Wish extends Pick<Filing, 'requestId'> {
  readonly sourceId: string;
  readonly identifiers: readonly Identifier[];
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** Files requests for erasure that sources make. */
export type FileErasures = (wishes: readonly Wish[]) => Promise<void>;

/**
 * Returns what files requests in the profile table; one that is there stays as it is, whatever became of it. It throws
 * when the table is busy.
 */
export const sourceRequests =
  (client: DynamoDBDocumentClient, tableName: string, keyOf: IdentifierKey, deadlines: Deadlines): FileErasures =>
  async (wishes) => {
    for (const { requestId, sourceId, identifiers, receivedAt } of wishes) {
      const filing = { requestId, type: 'erasure', regulation: 'gdpr', submittedAt: receivedAt } as const;
      const about = { keys: identifiers.map(keyOf), profileIds: [] };
      const times = { receivedAt, answerBy: answerBy(filing, deadlines) };
      const request = { ...received(filing, times, about), source: sourceId };
      await putIf({ client, tableName }, { ...requestKey(requestId), ...request, version: 1 }, undefined);
    }
  };
