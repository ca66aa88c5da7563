/** Why a tool of the catalogue cannot be used, and what to use instead. */
export interface Unusable {
  readonly reason: string;
  readonly instead: string;
}

const roles = "it takes roles through Segment's own AWS account";
const upload = 'it uploads to a bucket of Segment, which passes the file on';
const trial = "it is a trial version for Segment's own tests";

/** Tools that work only inside Segment, and folders of tools that the catalogue does not list. */
const unusable: ReadonlyMap<string, Unusable> = new Map([
  ['segment', { reason: 'it returns events to Segment and sends nothing itself', instead: 'a webhook' }],
  ['segment-profiles', { reason: 'it returns events to Segment and sends nothing itself', instead: 'a webhook' }],
  [
    'engage-messaging-sendgrid',
    { reason: 'it renders messages of Segment Engage, with traits of its Profile API', instead: 'the tool sendgrid' },
  ],
  [
    'engage-messaging-twilio',
    { reason: 'it renders messages of Segment Engage, with traits of its Profile API', instead: 'the tool twilio' },
  ],
  [
    'twilio-studio',
    { reason: "it reads phone numbers from Segment's Profile API", instead: 'the tool twilio or a webhook' },
  ],
  ['aws-s3', { reason: roles, instead: 'a destination of the kind s3' }],
  ['s3', { reason: roles, instead: 'a destination of the kind s3' }],
  ['aws-kinesis', { reason: roles, instead: 'a destination of the kind sqs, sns or eventbridge' }],
  [
    'amazon-eventbridge',
    { reason: "it puts events on Segment's partner event source", instead: 'a destination of the kind eventbridge' },
  ],
  ['the-trade-desk-crm', { reason: upload, instead: 'a destination of the kind s3' }],
  ['liveramp-audiences', { reason: upload, instead: 'the tool sftp or a destination of the kind s3' }],
  ['criteo', { reason: 'the catalogue does not offer it any more', instead: 'the tool criteo-audiences' }],
  [
    'bing-ads-audiences',
    { reason: 'the catalogue does not offer it any more', instead: 'the tool ms-bing-ads-audiences' },
  ],
  ['google-data-manager', { reason: 'it does nothing yet', instead: 'the tool google-enhanced-conversions' }],
  ['noop', { reason: 'it does nothing', instead: 'no destination' }],
  ['google-sheets-dev', { reason: trial, instead: 'the tool google-sheets' }],
  ['memora-internal', { reason: trial, instead: 'the tool memora' }],
  ['tiktok-conversions-sandbox', { reason: trial, instead: 'the tool tiktok-conversions' }],
  ['tiktok-offline-conversions-sandbox', { reason: trial, instead: 'the tool tiktok-offline-conversions' }],
]);

/** Why a tool cannot be used outside Segment; undefined if it can. */
export const whyUnusable = (tool: string): Unusable | undefined => unusable.get(tool);

/** Names of the tools that cannot be used. */
export const unusableTools = (): readonly string[] => [...unusable.keys()];
