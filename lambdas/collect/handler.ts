import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CountEvents } from '../adapters/collect-metrics.ts';
import type { CdpConfig, Source } from '../core/config.ts';
import type { EventType } from '../core/event.ts';
import { readSubmission } from '../core/submission.ts';
import { type Answer, answer, gif, refuse } from './answer.ts';
import { readBody } from './body.ts';
import { createIntake, type IntakeDeps } from './intake.ts';
import { intakeAnswer, refusalAnswer } from './intake-answer.ts';
import { readPixel } from './pixel.ts';
import { findRoute } from './route.ts';
import { clientAddress, settingsAnswer } from './settings.ts';
import { type FindSource, readWriteKey, sourceFinder } from './write-key.ts';

export interface CollectDeps extends IntakeDeps {
  readonly config: Pick<CdpConfig, 'sources'>;
}

/** Makes the function behind the public API: it takes Segment-spec calls and answers once the event stream has them. */
export const createHandler = (deps: CollectDeps) => {
  const door: Door = { findSource: sourceFinder(deps.config), intake: createIntake(deps), count: deps.count };
  return (event: APIGatewayProxyEventV2): Promise<Answer> => respond(event, door);
};

interface Door {
  readonly findSource: FindSource;
  readonly intake: ReturnType<typeof createIntake>;
  readonly count: CountEvents;
}

async function respond(event: APIGatewayProxyEventV2, door: Door): Promise<Answer> {
  const route = findRoute(event.requestContext.http.method, event.rawPath);
  switch (route.kind) {
    case 'events':
      return takeEvents(event, route.call, door);
    case 'pixel':
      return takePixel(event, route.call, door);
    case 'settings':
      if (door.findSource(route.writeKey) === undefined) return refuse(404, 'not_found', 'no source has this write key');
      return settingsAnswer(route.writeKey, clientAddress(event.headers, event.requestContext.domainName, route.base));
    case 'clientMetrics':
      return answer(200, { success: true });
    case 'health':
      return answer(200, { status: 'ok' });
    case 'preflight':
      return { statusCode: 204 };
    case 'wrongMethod':
      return refuse(405, 'method_not_allowed', `use ${route.allow}`, {}, { allow: route.allow });
    case 'unknown':
      return refuse(404, 'not_found', 'no such path; events go to /v1/batch or /v1/track, /v1/identify and so on');
  }
}

async function takeEvents(event: APIGatewayProxyEventV2, call: EventType | 'batch', { findSource, intake, count }: Door): Promise<Answer> {
  const early = authenticate(event, findSource);
  if (early.kind === 'unknown') return unauthorized(early.message);
  const body = readBody(event);
  if (!body.ok && early.kind !== 'known') return refusalAnswer(body.refusal);
  const caller = early.kind === 'known' || !body.ok ? early : authenticate(event, findSource, body.value);
  if (caller.kind !== 'known') return unauthorized(caller.message);

  const read = body.ok ? readSubmission(body.value, call) : body;
  if (!body.ok || !read.ok) {
    count(caller.source.id, { accepted: 0, invalid: 0, tooLarge: 0, refused: 1 });
    return refusalAnswer((read as { readonly refusal: Refusal }).refusal);
  }
  const { sourceIp } = event.requestContext.http;
  return intakeAnswer(await intake({ submission: read.submission, source: caller.source, sourceIp, damaged: body.damaged }));
}

/** An image that fails is seen by nobody, so only a stream that is down is not answered with the picture. */
async function takePixel(event: APIGatewayProxyEventV2, call: EventType, { findSource, intake }: Door): Promise<Answer> {
  const body = readPixel(event.rawQueryString);
  const caller = authenticate({ headers: {} }, findSource, body);
  const read = readSubmission(body, call);
  if (caller.kind !== 'known' || !read.ok) return gif();
  const { sourceIp } = event.requestContext.http;
  const result = await intake({ submission: read.submission, source: caller.source, sourceIp, damaged: false, keepAllRejected: true });
  return result.kind === 'unavailable' ? intakeAnswer(result) : gif();
}

type Caller =
  | { readonly kind: 'known'; readonly source: Source }
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'unnamed'; readonly message: string };

function authenticate({ headers }: Pick<APIGatewayProxyEventV2, 'headers'>, findSource: FindSource, body?: unknown): Caller {
  const read = readWriteKey(headers.authorization, body);
  if (!read.ok) return { kind: 'unnamed', message: read.message };
  const source = findSource(read.writeKey);
  return source === undefined ? { kind: 'unknown', message: 'no source has this write key' } : { kind: 'known', source };
}

const unauthorized = (message: string): Answer => refuse(401, 'unauthorized', message, {}, { 'www-authenticate': 'Basic realm="write key"' });
