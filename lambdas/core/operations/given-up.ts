import * as z from 'zod';

/** A record that stitch read from the event stream: NDJSON in base64. */
const Carried = z.object({ kinesis: z.object({ data: z.base64() }) });
/** A record that publish read from the table's stream. */
const Written = z.object({
  dynamodb: z.object({
    NewImage: z.record(z.string(), z.object({ S: z.string().optional() })).optional(),
    ApproximateCreationDateTime: z.number().optional().catch(undefined),
    SequenceNumber: z.string().optional().catch(undefined),
  }),
});

const Place = z.looseObject({}).optional();
const GivenUpObject = z.object({
  requestContext: z
    .looseObject({
      condition: z.string().optional(),
      reason: z.string().optional(),
      functionArn: z.string().optional(),
    })
    .optional(),
  KinesisBatchInfo: Place,
  DDBStreamBatchInfo: Place,
  queueOf: z.string().optional(),
  payload: z.string(),
});

/** A batch that a function gave up on, or a record that it put aside, with the reason. */
export type GivenUp = { readonly reason: string } & (
  | {
      readonly from: 'stitch';
      /** The function that gave up, which reads the event stream like stitch. */
      readonly reader: 'stitch' | 'forward';
      readonly records: readonly z.infer<typeof Carried>[];
    }
  | { readonly from: 'publish'; readonly records: readonly z.infer<typeof Written>[] }
  /** Messages that the queue of a destination refused. */
  | { readonly from: 'forward'; readonly records: readonly string[] }
);

/** What the deployment calls the forward function, after the name of its stack. */
const isForward = /Forwarding/;

/**
 * Reads an object of failed records that Lambda wrote.
 * @throws Error that tells what differs from AWS's documented form, without quoting it
 */
export function readGivenUp(text: string): GivenUp {
  const read = parse('the object', GivenUpObject, text);
  const { requestContext, KinesisBatchInfo, DDBStreamBatchInfo, queueOf, payload } = read;
  const { condition = 'no reason', reason: more, functionArn = '' } = requestContext ?? {};
  const reason = more === undefined ? condition : `${condition}: ${more}`;
  const reader = isForward.test(functionArn) ? 'forward' : 'stitch';
  if (KinesisBatchInfo !== undefined) return { from: 'stitch', reader, reason, records: recordsIn(Carried, payload) };
  if (DDBStreamBatchInfo !== undefined) return { from: 'publish', reason, records: recordsIn(Written, payload) };
  if (queueOf !== undefined) return { from: 'forward', reason, records: recordsIn(z.string(), payload) };
  throw new Error('it names neither a Kinesis stream nor a table’s stream');
}

const recordsIn = <T>(record: z.ZodType<T>, payload: string): T[] =>
  parse('its payload', z.object({ Records: z.array(record) }), payload).Records;

function parse<T>(what: string, schema: z.ZodType<T>, text: string): T {
  const read = schema.safeParse(parsed(what, text));
  if (read.success) return read.data;
  throw new Error(
    `${what} is not as Lambda writes it: ${read.error.issues.map(({ path, code }) => [...path, code].join(' ')).join(', ')}`,
  );
}

function parsed(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${what} is not JSON`);
  }
}
