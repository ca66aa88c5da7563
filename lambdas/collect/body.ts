import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { limits } from '../core/event.ts';
import { readJson } from '../core/json.ts';
import type { Refusal } from '../core/submission.ts';

/** A body parsed as JSON; `damaged` says that some of its bytes were not UTF-8. */
export type ReadBody =
  | { readonly ok: true; readonly value: unknown; readonly damaged: boolean }
  /** `text` is what was sent, as far as it is worth keeping: in base64 where it is no text. */
  | { readonly ok: false; readonly refusal: Refusal; readonly text: string };

/** Reads a request's body by what it is, not by how it is labelled: real clients send gzip as a form and JSON as text. */
export function readBody({ body = '', isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): ReadBody {
  // Four characters of base64 are three bytes; a body too long even compressed is not worth decoding.
  if (body.length > limits.batchBytes * 2) return tooLarge(body);
  const sent = bytesOf(body, isBase64Encoded);
  const bytes = isGzip(sent) ? gunzip(sent) : sent;
  if (bytes === 'broken') return refuse('the body begins like gzip and is not valid gzip', sent.toString('base64'));
  if (bytes === 'huge') return tooLarge(sent.toString('base64'));
  if (bytes.length > limits.batchBytes) return tooLarge(decode(bytes).text);
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
    const problem =
      error instanceof RangeError ? 'the body is nested too deeply' : `the body must be valid JSON; got ${text.length} characters that are not`;
    return refuse(problem, text);
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

const refuse = (message: string, text: string): ReadBody => ({ ok: false, refusal: { kind: 'invalid', message }, text });
const tooLarge = (text: string): ReadBody => ({
  ok: false,
  refusal: { kind: 'too_large', message: `the body is larger than ${limits.batchBytes / 1024} KB; send smaller batches` },
  text,
});
