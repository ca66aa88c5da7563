import { answerWithJson, type HttpAnswer } from '../../core/apis/http-answer.ts';

/** What a refusal says besides its code and message. */
interface More {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Refuses a request in the form that tracking clients read: RudderStack's Python client needs both `code` and
 * `message`.
 */
export const refuseAsCollect = (statusCode: number, code: string, message: string, more: More = {}): HttpAnswer =>
  answerWithJson(statusCode, { success: false, code, message, ...more.body }, more.headers);

const transparentGif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** Answers with a transparent picture of one pixel. Nobody caches it, so each view asks again. */
export const answerWithGif = (): HttpAnswer => ({
  statusCode: 200,
  headers: { 'content-type': 'image/gif', 'cache-control': 'no-store, max-age=0' },
  body: transparentGif,
  isBase64Encoded: true,
});

/** An answer without its body, for the method HEAD. */
export const headOf = ({ statusCode, headers }: HttpAnswer): HttpAnswer => ({
  statusCode,
  ...(headers !== undefined && { headers }),
});
