import type { GatewayRequest } from '../../../core/apis/gateway-request.ts';
import { answerWithJson, type HttpAnswer } from '../../../core/apis/http-answer.ts';
import { handedOver } from '../body/handed-over.ts';
import { readBody } from '../body/read-body.ts';
import type { createIntake } from '../intake.ts';
import { intakeAnswer, unavailableAnswer } from '../intake-answer.ts';
import type { createRefusing } from '../refusing.ts';
import { eventsOf } from './events-of.ts';
import { type ProofDeps, prove } from './proven.ts';

/** What becomes of a vendor's request. */
export interface WebhookDeps extends ProofDeps {
  readonly intake: ReturnType<typeof createIntake>;
  readonly refuseWhole: ReturnType<typeof createRefusing>;
}

/**
 * Takes what a vendor posted. It answers 200 when every event is on the stream, in quarantine, or not wanted: a vendor
 * sends again after anything else, and after a few days no more.
 */
export async function takeWebhook(event: GatewayRequest, id: string, deps: WebhookDeps): Promise<HttpAnswer> {
  const proven = await prove(event, id, deps);
  if (!proven.ok) return proven.answer;
  const { source, signedId } = proven;
  const read = isForm(event) ? formOf(event) : readBody(event);
  if (!read.ok) return keptOrAgain(await deps.refuseWhole({ source, refusal: read.refusal, body: read.sent }));
  const posted = { body: read.value, headers: event.headers };
  const { submission, ignored } = eventsOf(source, posted, { signedId, callsOf: deps.webhooks.callsOf });
  const unmapped = submission.leftOut.length;
  deps.webhooks.countEntries(source.id, { ignored, unmapped });
  if (submission.items.length + unmapped === 0) return taken();
  const result = await deps.intake({ submission, source, sourceIp: '', damaged: read.damaged });
  if (result.kind === 'unavailable') return intakeAnswer(result);
  return result.kind === 'stored' && !result.kept ? unavailableAnswer('failed') : taken();
}

const taken = (): HttpAnswer => answerWithJson(200, { success: true });

/** A body that nobody can read is in quarantine. Only a vendor whose body was damaged or not kept sends it again. */
const keptOrAgain = (answer: HttpAnswer): HttpAnswer =>
  answer.statusCode === 429 || answer.statusCode >= 500 ? answer : taken();

const isForm = ({ headers }: GatewayRequest): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');

/** The fields of a form; of several with one name the last. */
const formOf = (event: GatewayRequest) => ({
  ok: true as const,
  damaged: false,
  value: Object.fromEntries(new URLSearchParams(handedOver(event).toString('utf8'))),
});
