import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type GatewayRequest, gatewayRequest } from '../../core/apis/gateway-request.ts';
import { answerWithJson, type HttpAnswer } from '../../core/apis/http-answer.ts';
import type { EventType } from '../../core/events/event.ts';
import { readSubmission } from '../../core/events/submission.ts';
import { webhooksIn } from '../../core/sources/definition.ts';
import { answerWithGif, headOf, refuseAsCollect } from './answer.ts';
import { callerAddress } from './caller-address.ts';
import { createIntake, type IntakeDeps } from './intake.ts';
import { intakeAnswer } from './intake-answer.ts';
import { readPixel } from './pixel.ts';
import { createRefusing } from './refusing.ts';
import { authenticate, readRequest } from './request.ts';
import { type CollectRoute, findCollectRoute } from './route.ts';
import { clientAddress, settingsAnswer } from './settings.ts';
import { answerChallenge } from './webhook/challenge.ts';
import { takeWebhook, type WebhookDeps } from './webhook/take-webhook.ts';
import { type FindSource, sourceFinder } from './write-key.ts';

/** Makes the function behind the public API. It takes Segment-spec calls and answers when the event stream has them. */
export const createHandler = (deps: IntakeDeps & Pick<WebhookDeps, 'webhooks'>) => {
  const sources = new Map(webhooksIn(deps.config.sources).map((source) => [source.id, source]));
  const door: Door = {
    ...deps,
    sources,
    findSource: sourceFinder(deps.config),
    intake: createIntake(deps),
    refuseWhole: createRefusing(deps),
  };
  return async (event: APIGatewayProxyEventV2): Promise<HttpAnswer> => {
    const request = gatewayRequest(event);
    const reply = await respond(request, door);
    return request.requestContext.http.method === 'HEAD' ? headOf(reply) : reply;
  };
};

interface Door extends WebhookDeps {
  readonly findSource: FindSource;
}

async function respond(event: GatewayRequest, door: Door): Promise<HttpAnswer> {
  const route = findCollectRoute(event.requestContext.http.method, event.rawPath);
  switch (route.kind) {
    case 'events':
      return takeEvents(event, route.call, door);
    case 'pixel':
      // HEAD only checks that the picture exists. Nobody looked at it.
      return event.requestContext.http.method === 'HEAD' ? answerWithGif() : takePixel(event, route.call, door);
    case 'webhook':
      return takeWebhook(event, route.id, door);
    case 'challenge':
      return answerChallenge(event, route.id, door);
    case 'settings':
      return showSettings(event, route, door);
    case 'clientMetrics':
      return answerWithJson(200, { success: true });
    case 'health':
      return answerWithJson(200, { status: 'ok' });
    case 'preflight':
      return { statusCode: 204 };
    case 'wrongMethod':
      return refuseAsCollect(405, 'method_not_allowed', `use ${route.allow}`, { headers: { allow: route.allow } });
    case 'unknown':
      return refuseAsCollect(
        404,
        'not_found',
        'no such path; events go to /v1/batch or /v1/track, /v1/identify and so on',
      );
  }
}

function showSettings(
  { headers, requestContext }: GatewayRequest,
  { writeKey, base }: Extract<CollectRoute, { kind: 'settings' }>,
  { findSource }: Door,
): HttpAnswer {
  if (findSource(writeKey) === undefined) return refuseAsCollect(404, 'not_found', 'no source has this write key');
  return settingsAnswer(writeKey, clientAddress(headers, requestContext.domainName, base));
}

async function takeEvents(
  event: GatewayRequest,
  call: EventType | 'batch',
  { findSource, intake, refuseWhole }: Door,
): Promise<HttpAnswer> {
  const request = readRequest(event, call, findSource);
  switch (request.kind) {
    case 'ready':
      return intakeAnswer(
        await intake({
          ...request,
          sourceIp: callerAddress(event, request.source.trustedProxies),
          gpc: asksNotToSell(event),
        }),
      );
    case 'refused':
      return refuseWhole(request);
    case 'unauthorized':
      // Without WWW-Authenticate: a shop that proxies this API on its own domain would show visitors a password prompt.
      return refuseAsCollect(401, 'unauthorized', request.message);
  }
}

/**
 * Answers a pixel. Nobody reads the error of an image, so the answer is the picture unless the stream is down.
 * Quarantine keeps a bad event.
 */
async function takePixel(
  event: GatewayRequest,
  call: EventType,
  { findSource, intake, refuseWhole }: Door,
): Promise<HttpAnswer> {
  const body = readPixel(event.rawQueryString);
  const caller = authenticate({ body, query: event.rawQueryString }, findSource);
  const read = readSubmission(body, call);
  if (caller.kind !== 'known') return answerWithGif();
  if (!read.ok)
    return orGif(
      await refuseWhole({ source: caller.source, refusal: read.refusal, body: body ?? event.rawQueryString }),
    );
  const sourceIp = callerAddress(event, caller.source.trustedProxies);
  return orGif(
    intakeAnswer(
      await intake({
        submission: read.submission,
        source: caller.source,
        sourceIp,
        damaged: false,
        gpc: asksNotToSell(event),
      }),
    ),
  );
}

/** Global Privacy Control: the browser asks that the person is neither sold nor shared. */
const asksNotToSell = ({ headers }: GatewayRequest): boolean => headers['sec-gpc']?.trim() === '1';

/** The picture, unless the client must send the request again. */
const orGif = (reply: HttpAnswer): HttpAnswer =>
  reply.statusCode === 429 || reply.statusCode === 503 ? reply : answerWithGif();
