import { defaultRetention } from '../../contract/retention.ts';
import { byHand, byTime, lateLogs, type Store, template } from './store.ts';

/** Streams, queues, logs, secrets, and what is not in the deployment. */
export const otherStores: readonly Store[] = [
  {
    name: 'the event stream',
    place: template('Kinesis::Stream', /IngestEvents/),
    holds: 'events as they were accepted; the partition key is an id of the client',
    days: defaultRetention.eventRetention,
    setBy: 'eventRetention',
    erasedBy: byTime,
    proof: 'the retention of the stream',
  },
  {
    name: 'buffers of Firehose',
    place: template('KinesisFirehose::DeliveryStream'),
    holds: 'events and decisions for a minute',
    days: 1,
    erasedBy: byTime,
    proof: 'the buffering time of the stream',
  },
  {
    name: 'queues and dead letters',
    place: template('SQS::Queue'),
    holds: 'profile ids and segments; of destinations that receive events, the events',
    days: 14,
    erasedBy: `redrive, or ${byTime}`,
    proof: 'npm run status shows that nothing waits',
  },
  {
    name: 'logs of functions, jobs, deliveries and APIs',
    place: template('Logs::LogGroup'),
    holds: 'addresses of callers of the APIs; an error of Spark may quote a row; functions log counts and error names',
    days: defaultRetention.logRetention,
    setBy: 'logRetention',
    late: lateLogs,
    erasedBy: byTime,
    proof: 'a filter of the log group',
  },
  {
    name: 'secrets',
    place: template('SecretsManager::Secret'),
    erasedBy: 'nothing is there; never rotate the key of identifiers',
    proof: 'keys, hashes of tokens and settings of tools',
  },
  {
    name: 'parameters',
    place: template('SSM::Parameter'),
    erasedBy: 'nothing is there',
    proof: 'addresses of queues',
  },
  {
    name: 'backups that somebody made, and rebuilt tables',
    place: { in: 'elsewhere' },
    holds: 'everybody',
    erasedBy: `${byHand}: delete them`,
    proof: 'aws dynamodb list-backups and list-tables',
  },
  {
    name: 'destinations',
    place: { in: 'elsewhere' },
    holds: 'what each tool was told',
    erasedBy: `${byHand}: a request to the tool`,
    proof: 'the tool’s answer',
  },
  {
    name: 'machines of operators and analysts',
    place: { in: 'elsewhere' },
    holds: 'downloads, such as access reports; the folder .cdp/ has ranges and names of tables, and nobody',
    erasedBy: byHand,
    proof: 'none',
  },
];
