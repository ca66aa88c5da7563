import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { limits } from '../core/event.ts';
import { readJson } from '../core/json.ts';
import type { Refusal } from '../core/submission.ts';

/** A body parsed as JSON; `damaged` says that some of its bytes were not UTF-8. */
export type ReadBody = { readonly ok: true; readonly value: unknown; readonly damaged: boolean } | { readonly ok: false; readonly refusal: Refusal };

/** Reads a request's body by what it is, not by how it is labelled: real clients send gzip as a form and JSON as text. */
export function readBody({ body = '', isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): ReadBody {
  // Four characters of base64 are three bytes; a body too long even compressed is not worth decoding.
  if (body.length > limits.batchBytes * 2) return tooLarge;
  const sent = bytesOf(body, isBase64Encoded);
  const bytes = isGzip(sent) ? gunzip(sent) : sent;
  if (bytes === 'broken') return refuse('the body is not valid gzip');
  if (bytes === 'huge' || bytes.length > limits.batchBytes) return tooLarge;
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
  if (bytes.length === 0) return refuse('the body must hold JSON; got an empty body');
  const { text, damaged } = decode(bytes);
  try {
    return { ok: true, value: parseJson(text), damaged };
  } catch (error) {
    return refuse(
      error instanceof RangeError ? 'the body is nested too deeply' : `the body must be valid JSON; got ${text.length} characters that are not`,
    );
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

const refuse = (message: string): ReadBody => ({ ok: false, refusal: { kind: 'invalid', message } });
const tooLarge: ReadBody = {
  ok: false,
  refusal: { kind: 'too_large', message: `the body is larger than ${limits.batchBytes / 1024} KB; send smaller batches` },
};
