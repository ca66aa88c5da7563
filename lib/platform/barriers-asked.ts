import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Destination } from '../activation/destination.ts';
import type { Forwarding } from '../activation/forwarding.ts';
import type { Encryption } from '../blocks/encryption.ts';
import type { Imports } from '../imports/imports.ts';
import type { Topics } from '../imports/topics.ts';
import type { Ingest } from '../ingestion/ingest.ts';
import type { Lake } from '../lake/lake.ts';
import { askBarriers, askByKeys } from '../profiles/barriers.ts';
import type { Profiles } from '../profiles/profiles.ts';

/** The parts of a platform that ask the list of barriers. */
interface Parts {
  readonly encryption: Encryption;
  readonly lake: Lake;
  readonly profiles: Profiles;
  readonly ingest: Ingest;
  readonly imports: Imports | undefined;
  readonly topics: ReadonlyMap<string, Topics>;
  readonly forwarding: Forwarding | undefined;
  readonly destinations: ReadonlyMap<string, Destination>;
}

/**
 * Lets every function that takes events in or sends them on ask about barriers, but stitch, which reads them in the
 * profile table. Code of tools runs in deliver, so it must not make keys of people.
 */
export function letAskAboutBarriers(parts: Parts, { destinations }: Pick<CdpConfig, 'destinations'>): void {
  const { encryption, lake, profiles, ingest, imports, topics, forwarding } = parts;
  const place = { encryption, bucket: lake.bucket, profiles };
  const readers = [
    ingest.collect,
    ...(imports === undefined ? [] : [imports.take]),
    ...[...topics.values()].map(({ take }) => take),
    ...(forwarding === undefined ? [] : [forwarding.forward]),
  ];
  for (const reader of readers) askBarriers(place, reader);
  for (const { id, events } of destinations) {
    const deliver = parts.destinations.get(id)?.deliver;
    if (deliver !== undefined && events !== undefined) askByKeys(place, deliver);
  }
}
