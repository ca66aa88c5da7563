import type { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Segments } from '../activation/segments.ts';
import { Alarms, type AlarmsProps } from '../alarms/alarms.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { Ingest } from '../ingestion/ingest.ts';
import type { Lake } from '../lake/lake.ts';
import type { AdminApi } from '../operations/admin-api.ts';
import type { Requests } from '../operations/requests.ts';
import type { ProfileApi } from '../profiles/profile-api.ts';
import type { Profiles } from '../profiles/profiles.ts';
import type { Stitching } from '../profiles/stitching.ts';
import type { Tending } from '../profiles/tending.ts';

type Given = 'alarmTopic' | 'encryption' | 'forwarding' | 'topics' | 'destinations' | 'batch';

/** The parts of a platform that alarms watch. */
interface Watched extends Construct, Pick<AlarmsProps, Given> {
  readonly ingest: Ingest;
  readonly lake: Lake;
  readonly profiles: Profiles;
  readonly profileApi: ProfileApi;
  readonly adminApi: AdminApi;
  readonly requests: Requests;
  readonly stitching: Stitching;
  readonly tending: Tending;
  readonly segments: Segments;
}

/** What alarms watch besides. */
interface More extends Pick<AlarmsProps, 'rawZone' | 'quarantine' | 'identityLog' | 'exports' | 'imports' | 'pulls'> {
  readonly decided: CdpConfig;
  /** Functions that deployments start. */
  readonly made: readonly HandlerFunction[];
}

/** Every alarm of a platform. */
export function alarmsOf(platform: Watched, { made, decided, ...more }: More): Alarms {
  const { alarmTopic, encryption, forwarding, topics, destinations, batch, ingest, lake, profiles } = platform;
  const { profileApi, adminApi, requests, stitching, tending, segments } = platform;
  const { collect, events } = ingest;
  const { stitch, records } = stitching;
  const { publish, changes, deadLetters } = segments;
  const functions = { collect, stitch, tend: tending.tend, publish, run: requests.run };
  return new Alarms(platform, 'Alarms', {
    ...more,
    ...functions,
    sources: decided.sources,
    deadlines: decided.privacy,
    alarmTopic,
    encryption,
    forwarding,
    topics,
    destinations,
    batch,
    ingest,
    events,
    changes,
    deadLetters,
    table: profiles.table,
    attempts: lake.attempts,
    functions: [...Object.values(functions), profileApi.show, adminApi.operate, ...made],
    mappings: new Map([
      [records, stitch],
      [changes, publish],
    ]),
    apis: [ingest.api, profileApi.door.api, adminApi.door.api],
  });
}
