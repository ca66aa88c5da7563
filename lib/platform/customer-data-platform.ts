import { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { readsAccounts } from '../../lambdas/core/config/reads-accounts.ts';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Destination } from '../activation/destination.ts';
import { destinationsOf } from '../activation/destinations.ts';
import { type Forwarding, forwardingOf } from '../activation/forwarding.ts';
import { Segments } from '../activation/segments.ts';
import { AlarmTopic } from '../alarms/alarm-topic.ts';
import type { Alarms } from '../alarms/alarms.ts';
import { Analytics } from '../analytics/analytics.ts';
import { analystsOf, LakeGrants } from '../analytics/lake-formation.ts';
import { Encryption } from '../blocks/encryption.ts';
import { keepLogs } from '../blocks/log-retention.ts';
import { type Imports, importBytesPerSecond, importsOf } from '../imports/imports.ts';
import { type Topics, topicsOf } from '../imports/topics.ts';
import { Ingest } from '../ingestion/ingest.ts';
import { type Pulls, pullsOf } from '../ingestion/pulls.ts';
import { Batch } from '../lake/jobs.ts';
import { Lake } from '../lake/lake.ts';
import { LakeTables } from '../lake/lake-tables.ts';
import { AdminApi } from '../operations/admin-api.ts';
import type { Dashboards } from '../operations/dashboards.ts';
import { Requests } from '../operations/requests.ts';
import { ProfileApi } from '../profiles/profile-api.ts';
import { Profiles } from '../profiles/profiles.ts';
import { Registration } from '../profiles/registration.ts';
import { Stitching } from '../profiles/stitching.ts';
import { TableExports } from '../profiles/table-exports.ts';
import { Tending } from '../profiles/tending.ts';
import { acknowledgeFindings } from './acknowledgements.ts';
import { alarmsOf } from './alarms-of.ts';
import { letAskAboutBarriers } from './barriers-asked.ts';
import { dashboardsOf } from './dashboards-of.ts';
import { Emptied } from './emptied.ts';
import { functionConfig } from './function-config.ts';
import type { CustomerDataPlatformProps } from './platform-props.ts';
import { checkProps } from './prop-bounds.ts';
import { tagWhatHoldsData } from './retained.ts';
import { retentionOf, warnOfLateErasures } from './retention.ts';

/** Features of the CDK that the platform needs in any app: bucket policies for access logs, queues closed to others. */
const cdkBehaviours = [
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy',
  '@aws-cdk/aws-events:eventsTargetQueueSameAccount',
];

/**
 * A customer data platform in one construct, for an app of your own.
 *
 * @example
 * const { ingest } = new CustomerDataPlatform(stack, 'CustomerData', { config, batchingWindow: Duration.seconds(10) });
 * new CfnOutput(stack, 'SendEventsTo', { value: ingest.url });
 */
export class CustomerDataPlatform extends Construct {
  /** The KMS key that encrypts all customer data. */
  readonly encryption: Encryption;
  /** The HTTP API, its function and the event stream. */
  readonly ingest: Ingest;
  /** The buckets of the lake, and the delivery streams that write to them. */
  readonly lake: Lake;
  /** The profile table and the secret that hashes identifiers. */
  readonly profiles: Profiles;
  /** The API by which applications read profiles. */
  readonly profileApi: ProfileApi;
  /** The API by which operators explain and undo identity decisions. */
  readonly adminApi: AdminApi;
  /** The function that goes on with privacy requests, every hour. */
  readonly requests: Requests;
  /** The function and the queue that send rows; only if a source has some. */
  readonly imports: Imports | undefined;
  /** The function that reads the topics of each source of Kafka, by the source's id. */
  readonly topics: ReadonlyMap<string, Topics>;
  /** The function that folds events into profiles. */
  readonly stitching: Stitching;
  /** The function that wakes profiles that change by themselves. */
  readonly tending: Tending;
  /** The bus of membership changes, and the function that publishes them. */
  readonly segments: Segments;
  /** The function that puts events on the queues of destinations; only if one of them receives events. */
  readonly forwarding: Forwarding | undefined;
  /** The queue and the function of each destination, by its id. */
  readonly destinations: ReadonlyMap<string, Destination>;
  /** The lake's jobs and their Glue database. */
  readonly batch: Batch;
  /** The jobs that read the APIs of sources, and their secrets; only if there is such a source. */
  readonly pulls: Pulls | undefined;
  /** The Athena workgroup, the saved queries and the policy for analysts. */
  readonly analytics: Analytics;
  /** The SNS topic that receives every alarm. */
  readonly alarmTopic: AlarmTopic;
  /** Every alarm. */
  readonly alarms: Alarms;
  /** Dashboards of CloudWatch; only with `dashboard`. */
  readonly dashboards: Dashboards | undefined;
  /** The function that empties buckets when the stack is deleted; only with `RemovalPolicy.DESTROY`. */
  readonly emptied?: Emptied;

  constructor(scope: Construct, id: string, props: CustomerDataPlatformProps) {
    super(scope, id);
    for (const behaviour of cdkBehaviours) this.node.setContext(behaviour, true);
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    const { exportSchedule, profileCallsPerSecond: callsPerSecond, alarmEmail: email, alarmTopic: topic } = props;
    checkProps(props);
    const { shards, batchingWindow, rawRetention, requestsPerSecond, eventRetention, table: capacity } = props;
    const { batchSchedule: schedule, jobs: settings, scanLimit, wakesPerSecond } = props;
    const decided = parseConfig(props.config);
    const config = functionConfig(props.config);
    const encryption = new Encryption(this, 'Encryption', { removalPolicy });
    this.encryption = encryption;
    const lake = new Lake(this, 'Lake', { encryption, removalPolicy, rawRetention });
    this.lake = lake;
    const isTrial = removalPolicy === RemovalPolicy.DESTROY;
    if (isTrial) this.emptied = new Emptied(this, 'Emptied', { config, encryption, buckets: lake.buckets });
    const quarantine = lake.quarantine();
    const identityLog = lake.identityLog();
    const kept = { removalPolicy, deletionProtection: !isTrial, recoveryWindow: props.recoveryWindow };
    this.profiles = new Profiles(this, 'Profiles', { ...kept, encryption, capacity });
    const accepted = { shards, requestsPerSecond, retention: eventRetention, size: props.collect };
    const { profiles } = this;
    this.ingest = new Ingest(this, 'Ingest', { ...accepted, config, decided, encryption, quarantine, removalPolicy });
    const { events, collect } = this.ingest;
    const shared = { config, encryption, profiles };
    this.profileApi = new ProfileApi(this, 'ProfileApi', { ...shared, removalPolicy, callsPerSecond });
    const officer = { ...shared, bucket: lake.bucket, events, retention: retentionOf(props) };
    warnOfLateErasures(this, officer.retention, decided.privacy);
    this.adminApi = new AdminApi(this, 'AdminApi', { ...officer, removalPolicy });
    this.requests = new Requests(this, 'Requests', officer);
    const { attempts, failedBatches } = lake;
    const rawZone = lake.landRaw(events);
    const stitched = { events, quarantine, identityLog, failedBatches, batchingWindow, eventRetention };
    this.stitching = new Stitching(this, 'Stitching', { ...shared, ...stitched, size: props.stitch });
    const { stitch, records } = this.stitching;
    this.tending = new Tending(this, 'Tending', { ...shared, people: readsAccounts(decided), wakesPerSecond });
    const writers = [stitch, this.tending.tend, this.adminApi.operate, this.requests.run];
    const { register } = new Registration(this, 'Registration', { ...shared, decided, writers, records });
    this.segments = new Segments(this, 'Segments', { ...shared, failedBatches, identityLog, removalPolicy });
    const { bus, publish } = this.segments;
    lake.allowDirectly(collect, [lakePrefix.quarantine]);
    lake.allowDirectly(stitch, [lakePrefix.quarantine, lakePrefix.identityLog]);
    lake.allowDirectly(publish, [lakePrefix.identityLog]);
    const forwarded = { ...shared, events, failedBatches, eventRetention };
    this.forwarding = forwardingOf(this, 'Forwarding', { ...forwarded, destinations: decided.destinations });
    const told = { ...shared, bus, attempts, forwarder: this.forwarding?.role, removalPolicy, size: props.deliver };
    const readers = { forward: this.forwarding?.forward, tend: this.tending.tend };
    this.destinations = destinationsOf(this, decided.destinations, told, readers);
    const { identifierKeySecret: identifierKey } = profiles;
    const batched = { config: decided, encryption, lake, removalPolicy, events, identifierKey, schedule, settings };
    this.batch = new Batch(this, 'Batch', batched);
    const { batch, ingest } = this;
    const imported = { ...shared, decided, lake, events, batch, ingest, share: props.importShare, removalPolicy };
    this.imports = importsOf(this, 'Imports', imported);
    this.topics = topicsOf(this, decided, { ...imported, bytesPerSecond: importBytesPerSecond(imported) });
    this.pulls = pullsOf(this, 'Pulls', { config: decided, encryption, lake, batch, removalPolicy });
    const { imports, pulls } = this;
    letAskAboutBarriers(this, decided);
    const database = batch.database.ref;
    const ends = [...batch.ends.keys()];
    const tables = new LakeTables(this, 'LakeTables', { config, decided, encryption, lake, database, ends });
    const lakeFormation = analystsOf(props.lakeFormation);
    if (lakeFormation)
      new LakeGrants(this, 'LakeFormation', { ...lakeFormation, database, jobs: batch.jobs, pulls, make: tables.make });
    const exports =
      exportSchedule === 'off'
        ? undefined
        : new TableExports(this, 'TableExports', { encryption, lake, profiles, schedule: exportSchedule });
    const asked = { database, tables: lakePrefix.tables, scanLimit, lakeFormation: lakeFormation !== undefined };
    this.analytics = new Analytics(this, 'Analytics', { ...asked, encryption, lake });
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', { encryption, email, topic });
    const watched = { rawZone, quarantine, identityLog, exports, made: [tables.make, register] };
    this.alarms = alarmsOf(this, { ...watched, imports, pulls, decided });
    this.dashboards = dashboardsOf(this, props.dashboard);
    keepLogs(this, props.logRetention);
    // A rollback cannot delete a bucket with table files in it, so the tables come last.
    tables.made.node.addDependency(...this.node.children.filter((part) => part !== tables));
    acknowledgeFindings(this);
    tagWhatHoldsData(this, { identifierKey: profiles.identifierKeySecret, keyId: encryption.key.keyId });
  }
}
