import type { Construct } from 'constructs';
import type { Segments } from '../activation/segments.ts';
import type { Ingest } from '../ingestion/ingest.ts';
import { Dashboards, type DashboardsProps } from '../operations/dashboards.ts';
import type { Profiles } from '../profiles/profiles.ts';
import type { Stitching } from '../profiles/stitching.ts';
import type { Tending } from '../profiles/tending.ts';

/** What dashboards show of a platform. */
interface Shown extends Construct, Pick<DashboardsProps, 'forwarding' | 'destinations'> {
  readonly ingest: Ingest;
  readonly profiles: Profiles;
  readonly stitching: Stitching;
  readonly tending: Tending;
  readonly segments: Segments;
}

/** The dashboards of a platform; undefined if it shall have none. */
export function dashboardsOf(platform: Shown, isWanted = false): Dashboards | undefined {
  if (!isWanted) return undefined;
  const { ingest, profiles, stitching, tending, segments, forwarding, destinations } = platform;
  return new Dashboards(platform, 'Dashboards', {
    events: ingest.events,
    table: profiles.table,
    collect: ingest.collect,
    stitch: stitching.stitch,
    tend: tending.tend,
    publish: segments.publish,
    forwarding,
    destinations,
  });
}
