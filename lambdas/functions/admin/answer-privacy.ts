import { answerWithJson, type HttpAnswer } from '../../core/apis/http-answer.ts';
import { openDsrStatus, senderHeaders } from '../../core/privacy/open-dsr.ts';
import type { PrivacyOfficer } from '../../operations/privacy/officer.ts';
import type { PrivacyRequest } from './privacy-request.ts';

/** Who does it, and the domain that the platform says it is. */
interface AnswerDeps {
  readonly officer: PrivacyOfficer;
  readonly openDsrDomain: string | undefined;
}

/**
 * Does what a privacy officer asks for; answers in OpenDSR's form name the domain as their sender.
 * @throws OperatorRefused
 */
export async function answerPrivacy(
  request: Exclude<PrivacyRequest, { kind: 'invalid' }>,
  { officer, openDsrDomain }: AnswerDeps,
): Promise<HttpAnswer> {
  const asProcessor = (status: number, body: object) => answerWithJson(status, body, senderHeaders(openDsrDomain));
  switch (request.kind) {
    case 'previewRequest':
      return answerWithJson(200, await officer.preview(request.read.identifiers, request.read.filing));
    case 'fileRequest': {
      const { filing, identifiers } = request.read;
      const { requestId, state } = await officer.file(filing, identifiers);
      const done = state === 'cancelled' ? await officer.show(requestId) : await officer.run(requestId);
      const encoded_request = Buffer.from(request.body).toString('base64');
      return asProcessor(201, { ...openDsrStatus(done), encoded_request });
    }
    case 'listRequests':
      return asProcessor(200, { requests: (await officer.list()).map(openDsrStatus) });
    case 'showRequest':
      return asProcessor(200, openDsrStatus(await officer.show(request.id)));
    case 'showReceipts':
      // Byte by byte as it was signed.
      return { ...answerWithJson(200, {}), body: await officer.receipts(request.id) };
    case 'runRequest':
      return asProcessor(200, openDsrStatus(await officer.run(request.id)));
    case 'cancelRequest':
      return asProcessor(202, openDsrStatus(await officer.cancel(request.id)));
  }
}
