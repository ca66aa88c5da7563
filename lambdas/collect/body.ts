import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { limits } from '../core/event.ts';
import { got } from '../core/got.ts';
import { readJson } from '../core/json.ts';
import type { Refusal } from '../core/submission.ts';

/** A body parsed as JSON; `damaged` says that some of its bytes were not UTF-8. */
export type ReadBody =
  | { readonly ok: true; readonly value: unknown; readonly damaged: boolean }
  /** `sent` is what was sent: parsed, or its text, in base64 where it is no text. */
  | { readonly ok: false; readonly refusal: Refusal; readonly sent: unknown };

/** Reads a request's body by what it is, not by how it is labelled: real clients send gzip as a form and JSON as text. */
export function readBody({ body = '', isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): ReadBody {
  const sent = bytesOf(body, isBase64Encoded);
  // What is too long even compressed is not worth unpacking.
  const bytes = !isGzip(sent) ? sent : sent.length > limits.batchBytes * 1.5 ? 'huge' : gunzip(sent);
  if (bytes === 'broken') return refuse('the body begins like gzip and is not valid gzip', sent.toString('base64'));
  if (bytes === 'huge') return tooLarge(sent.toString('base64'), `${sent.length} bytes of gzip`);
  // Its events are kept one by one.
  if (bytes.length > limits.batchBytes) return tooLarge(parsedOrText(decode(bytes).text), `${bytes.length} bytes`);
  return parse(bytes);
}

function bytesOf(body: string, isBase64Encoded: boolean): Buffer {
  if (isBase64Encoded) return Buffer.from(body, 'base64');
  // A gateway that takes gzip for text hands each byte over as one character.
  return body.startsWith('\u001f') ? Buffer.from(body, 'latin1') : Buffer.from(body, 'utf8');
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function gunzip(bytes: Buffer): Buffer | 'huge' | 'broken' {
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.batchBytes + 1 });
  } catch (error) {
    return error instanceof RangeError ? 'huge' : 'broken';
  }
}

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

function parse(bytes: Buffer): ReadBody {
  if (bytes.length === 0) return refuse('the body must hold JSON; got an empty body', '');
  const { text, damaged } = decode(bytes);
  try {
    return { ok: true, value: parseJson(text), damaged };
  } catch (error) {
    const problem = error instanceof RangeError ? 'the body is nested too deeply' : `the body must be valid JSON; ${got(text)} that is not`;
    return refuse(problem, text);
  }
}

function parsedOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function decode(bytes: Buffer): { readonly text: string; readonly damaged: boolean } {
  try {
    return { text: strict.decode(bytes), damaged: false };
  } catch {
    return { text: lenient.decode(bytes), damaged: true };
  }
}

/** Python writes not-a-number as NaN, which is no JSON; such a value becomes null rather than costing its whole batch. */
function parseJson(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    if (!/\b(?:NaN|Infinity)\b/.test(text)) throw error;
    return readJson(text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs, (token) => (token.startsWith('"') ? token : 'null')));
  }
}

const refuse = (message: string, sent: unknown): ReadBody => ({ ok: false, refusal: { kind: 'invalid', message }, sent });
const tooLarge = (sent: unknown, came: string): ReadBody => ({
  ok: false,
  refusal: { kind: 'too_large', message: `the body is larger than ${limits.batchBytes / 1024} KB; got ${came}; send smaller batches` },
  sent,
});
