import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { barrierItems } from '../../../lambdas/adapters/dynamodb/barrier-items.ts';
import { erasedProfiles } from '../../../lambdas/adapters/dynamodb/erased-profiles.ts';
import { identityTable } from '../../../lambdas/adapters/dynamodb/identity-table.ts';
import { keyedOwners } from '../../../lambdas/adapters/dynamodb/keyed-owners.ts';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import { requestItems } from '../../../lambdas/adapters/dynamodb/request-items.ts';
import { receiptSigner } from '../../../lambdas/adapters/secrets/receipt-signer.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import type { RequestType, StoredRequest } from '../../../lambdas/core/privacy/request.ts';
import { listedBarriers } from '../../../lambdas/operations/privacy/listed-barriers.ts';
import { type PrivacyOfficer, privacyOfficer } from '../../../lambdas/operations/privacy/officer.ts';
import { hashIn, memoryBarrierFile } from '../../fakes/memory-barrier-file.ts';
import { byDefault, requestIdOf } from '../../fixtures/in-memory/officer.ts';
import { Worker, type World } from '../running/worker.ts';
import { clearKey } from './stitch-function.ts';

const signer = receiptSigner('a secret');

/** What a privacy officer works with. */
interface OfficerSurroundings {
  readonly config: CdpConfig;
  readonly clientFor: (worker: Worker) => DynamoDBDocumentClient;
  readonly now: () => string;
  readonly world: World;
  /** Puts a line on the event stream. */
  readonly append: (line: string) => void;
}

/** Files requests and runs each until it is done, with another process after each that dies. */
export class OfficerAtWork {
  private readonly on: OfficerSurroundings;
  private readonly file = memoryBarrierFile();
  private filed = 0;
  private started = 0;

  constructor(on: OfficerSurroundings) {
    this.on = on;
  }

  /** Files a request about whoever has an identifier, and ends it; undefined where it cannot be filed. */
  async request(type: RequestType, identifier: string): Promise<StoredRequest | undefined> {
    const requestId = requestIdOf(++this.filed);
    const filing = { requestId, type, regulation: 'gdpr' as const, submittedAt: this.on.now() };
    const isFiled = await this.again(async (officer) => {
      try {
        await officer.file(filing, [identifier]);
        return true;
      } catch (error) {
        if (String(error).includes('is suppressed')) return false;
        throw error;
      }
    });
    if (!isFiled) return undefined;
    const done = await this.again((officer) => officer.run(requestId));
    this.on.world.tally.add(`requests: ${type}`);
    return done;
  }

  /** Runs a request again that is done, which must change nothing. */
  runAgain = (requestId: string): Promise<StoredRequest> => this.again((officer) => officer.run(requestId));

  private async again<T>(act: (officer: PrivacyOfficer) => Promise<T>): Promise<T> {
    for (;;) {
      const worker = new Worker(`officer ${++this.started}`, this.on.world);
      const done = await Promise.race([act(this.officerOf(worker)), worker.death]).then(
        (value) => ({ value }),
        (error: Error) => {
          if (isDefect(error)) throw error;
          this.on.world.tally.add(`officers who began again: ${error.name}`);
        },
      );
      if (done !== undefined) return done.value;
    }
  }

  private officerOf(worker: Worker): PrivacyOfficer {
    const { config, clientFor, now, append } = this.on;
    const pause = (): Promise<void> => worker.call('waits', () => {});
    const [client, table] = [clientFor(worker), 'profiles'] as const;
    const barriers = barrierItems(client, table, pause);
    const { file } = this;
    return privacyOfficer({
      ...{ config, barriers, keyOf: clearKey, pause, now, endsBy: async () => byDefault },
      requests: requestItems(client, table, pause),
      listed: listedBarriers({
        ...{ barriers, hashIn, pause },
        file: {
          read: async (tag) => worker.call('reads the list', () => file.read(tag)),
          replace: async (version, list) => worker.call('writes the list', () => file.replace(version, list)),
        },
      }),
      erased: erasedProfiles(client, table, clearKey, pause),
      people: identityTable(client, table, clearKey, pause),
      owners: keyedOwners(client, table, pause),
      signer,
      registry: async () => undefined,
      send: (records) =>
        worker.call('puts records', () => {
          for (const { text } of records) append(text.trim());
          return { ok: true as const };
        }),
      write: profileTable(client, table, clearKey, pause).write,
      egressRefusal: async () => undefined,
    });
  }
}

/** A mistake of the code under test or of a fake, and no answer of a service or a refusal. */
const isDefect = ({ name }: Error): boolean =>
  ['TypeError', 'RangeError', 'ReferenceError', 'ZodError', 'UnreadableItem', 'SyntaxError', 'Error'].includes(name);
