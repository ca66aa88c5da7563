import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { installedCalls } from '../../lambdas/adapters/sources/installed-calls.ts';
import { verifySignature } from '../../lambdas/adapters/sources/verify.ts';
import { type CdpConfig, type CdpConfigInput, parseConfig } from '../../lambdas/core/config/config.ts';
import { loadIdOf, pieceKey } from '../../lambdas/core/imports/load.ts';
import { stagedLine } from '../../lambdas/core/imports/staged-line.ts';
import { httpRequest } from '../../test/fakes/http-request.ts';
import type { SampleCall } from '../events/sample-events.ts';
import type { Meter } from '../metering/meter.ts';
import { meteredCollect, meteredRequests } from '../metering/metered-collect.ts';
import { loadedAt, meteredImport } from '../metering/metered-import.ts';
import { meteredTopics } from '../metering/metered-topics.ts';
import type { Window } from '../metering/trace.ts';

/** Takes events by one way into the platform, as far as the stream; gives the records of the stream. */
export type Door = (window: Window) => Promise<readonly string[]>;

/** Processor seconds per row; measured where they are not given. */
export interface DoorSeconds {
  readonly collect?: number;
  readonly import?: number;
  readonly topics?: number;
}

/** The ways that are counted. */
export type DoorName = 'requests' | 'webhooks' | 'topics' | 'file' | 'records' | 'pieces';

const country = 'US';
const rows = { object: 'events', rows: 'events' } as const;
/** Every field of a call but its type, by the mapping kit. */
const mapped = {
  event: { '@path': '$.body.event' },
  messageId: { '@path': '$.body.messageId' },
  timestamp: { '@path': '$.body.timestamp' },
  userId: { '@path': '$.body.userId' },
  anonymousId: { '@path': '$.body.anonymousId' },
  traits: { '@path': '$.body.traits' },
  properties: { '@path': '$.body.properties' },
  context: { '@path': '$.body.context' },
};
const configWith = (source: NonNullable<CdpConfigInput['sources']>[number]) => parseConfig({ sources: [source] });

/** Rows of files and topics are events in Segment's form themselves, so that every way takes the same events. */
export const doors: Readonly<Record<DoorName, (meter: Meter, seconds: DoorSeconds) => Door>> = {
  requests: (meter, { collect }) => {
    const writeKey = 'a-write-key-of-the-bench';
    const config = configWith({ id: 'web', kind: 'server', writeKey, defaultCountry: country });
    return meteredCollect(meter, config, writeKey, collect);
  },
  webhooks: (meter, { collect }) => {
    const [secret, signature] = ['a-secret-of-the-bench', { scheme: 'github' } as const];
    const mappings = (['track', 'identify'] as const).map((type) => ({ on: [type], to: { ...mapped, type } }));
    const config = configWith({ id: 'vendor', kind: 'webhook', signature, mappings, preset: 'none' });
    const webhooks = {
      ...{ verify: verifySignature, callsOf: installedCalls(), countRefused: () => {}, countEntries: () => {} },
      secretsOf: async () => ({ secrets: [secret] }),
    };
    const requested = meteredRequests(meter, config, webhooks, collect);
    return (window) => {
      const http = window.flat().map((call) => {
        const body = JSON.stringify(call);
        const headers = { ...signedBy(secret, body), 'x-github-event': call.type };
        return httpRequest({ path: '/v1/sources/vendor', headers, body });
      });
      return requested(http, { events: http.length, now: latestOf(window.flat()) });
    };
  },
  file: (meter, seconds) => {
    const config = configWith({ id: 'export', kind: 'files', format: 'ndjson', objects: [rows] });
    return fileDoor(meter, config, seconds);
  },
  records: (meter, seconds) => {
    const mappings = [{ to: { type: 'identify' } }];
    const objects = [{ object: 'events', rows: 'records' as const, key: ['messageId'], mappings }];
    const config = configWith({ id: 'export', kind: 'files', format: 'ndjson', objects });
    return fileDoor(meter, config, seconds);
  },
  pieces: (meter, seconds) => {
    const config = configWith({ id: 'export', kind: 'files', format: 'ndjson', objects: [rows] });
    const { drop } = meteredImport(meter, config, seconds.import);
    let loads = 0;
    return async (window) => {
      const lines = window
        .flat()
        .map((row, n) => stagedLine({ row, place: { line: n + 1 } }, 'imports/files/export/large.ndjson'));
      const loadId = loadIdOf({ startedAt: loadedAt, name: String(++loads) });
      const key = pieceKey({ sourceId: 'export', loadId, object: 'events', number: 0 });
      return drop(key, gzipSync(lines.join('\n')), lines.length);
    };
  },
  topics: (meter, { topics }) => {
    const connection = { kind: 'brokers' as const, brokers: ['kafka.shop.example:9096'] };
    const objects = [{ ...rows, topic: 'events' }];
    const take = meteredTopics(meter, configWith({ id: 'kafka', kind: 'kafka', connection, objects }), 'kafka', topics);
    return async (window) => {
      const values = window.flat().map((call) => JSON.stringify(call));
      const taken: string[] = [];
      for (let at = 0; at < values.length; at += recordsPerBatch)
        taken.push(...(await take(values.slice(at, at + recordsPerBatch))));
      return taken;
    };
  },
};

/** Files of NDJSON that one function takes. */
function fileDoor(meter: Meter, config: CdpConfig, seconds: DoorSeconds): Door {
  const { drop } = meteredImport(meter, config, seconds.import);
  let files = 0;
  return (window) => {
    const lines = window.flat().map((call) => JSON.stringify(call));
    return drop(`imports/files/export/${++files}.ndjson`, Buffer.from(`${lines.join('\n')}\n`), lines.length);
  };
}

/** As many records as Lambda gives the function of topics at once. */
const recordsPerBatch = 500;

const latestOf = (calls: readonly SampleCall[]): number =>
  Math.max(...calls.map(({ timestamp }) => Date.parse(String(timestamp)))) + 1000;

const signedBy = (secret: string, body: string): Record<string, string> => ({
  'content-type': 'application/json',
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});
