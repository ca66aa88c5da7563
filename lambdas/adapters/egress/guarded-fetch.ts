import { Stream } from 'node:stream';
import nodeFetch, { Headers, Request, type RequestInit, Response } from 'node-fetch';
import * as z from 'zod';
import { errorMessageOf, errorNameOf } from '../../core/values/thrown.ts';
import { ForbiddenAddress, forbiddenCode } from './addresses.ts';
import { agentFor } from './agents.ts';
import { note } from './exchanges.ts';
import { countBytes } from './traffic.ts';
import { currentTrip, type Trip } from './trip.ts';

/** Milliseconds for one answer, from the request to the last byte. */
const patience = 10_000;
/** Maximum bytes of an answer; the rest is not read. */
const answerBytes = 256 * 1024;

/** The answer was not complete in time. */
export class AnswerTooLate extends Error {
  override readonly name = 'AnswerTooLate';
}

/** The receiver sends callers elsewhere, and nobody checked that place. */
export class Redirected extends Error {
  override readonly name = 'Redirected';
}

/** There was no answer, or it broke off. */
export class ConnectionFailed extends Error {
  override readonly name = 'ConnectionFailed';
  readonly code: string | undefined;

  constructor(code: string | undefined) {
    super(`the connection failed: ${code ?? 'no answer'}`);
    this.code = code;
  }
}

/**
 * The way out of every destination of the catalogue, in place of the package `cross-fetch`: it goes only where the
 * attempt's route allows, follows no redirect, and hands out an answer that is read to its end within the time and the
 * size allowed. Its errors contain no URL, which may be a secret.
 */
export async function guardedFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const trip = currentTrip();
  if (trip === undefined) throw new ForbiddenAddress('it is no attempt of a delivery');
  trip.requests += 1;
  const given = init.signal ?? (input instanceof Request ? input.signal : undefined);
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), Math.max(0, Math.min(patience, trip.deadline - Date.now())));
  try {
    const signal = AbortSignal.any([ending.signal, ...(given ? [given] : [])]);
    return await answerTo(guardedRequest(input, { ...init, signal }, trip), ending);
  } catch (error) {
    throw given?.aborted ? error : withoutUrl(error);
  } finally {
    clearTimeout(timer);
  }
}

function guardedRequest(input: string | URL | Request, init: RequestInit, trip: Trip): Request {
  const agent = (url: URL) => agentFor(url, trip);
  const request = new Request(input, { ...init, agent, redirect: 'manual', timeout: 0, size: 0 });
  // A body that is a stream fails with the request, and an error that nobody hears ends the process.
  if (request.body instanceof Stream) request.body.on('error', () => {});
  return request;
}

const redirects = new Set([301, 302, 303, 307, 308]);

async function answerTo(request: Request, ending: AbortController): Promise<Response> {
  const answer = await nodeFetch(request);
  answer.body.on('error', () => {});
  if (redirects.has(answer.status)) {
    ending.abort();
    throw new Redirected();
  }
  const { status, statusText, headers } = answer;
  const body = await bodyOf(answer, ending);
  countBytes({ sent: sizeOf(request), answered: body.length });
  note(() => ({ method: request.method, url: request.url, body: sentOf(request), status, answer: body.toString() }));
  return new Response(body, { status, statusText, headers, url: request.url });
}

/** The body of a request as text; a form with files is a stream, and was read. */
const sentOf = ({ body }: Request): string =>
  Buffer.isBuffer(body) || typeof body === 'string' ? body.toString() : '';

const sizeOf = ({ body }: Request): number =>
  Buffer.isBuffer(body) || typeof body === 'string' ? Buffer.byteLength(body) : 0;

/** The body, up to the limit. The status of a failure says enough, so it needs no complete body. */
async function bodyOf(answer: Response, ending: AbortController): Promise<Buffer> {
  const read: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of answer.body as AsyncIterable<Buffer>) {
      read.push(part);
      bytes += part.length;
      if (bytes >= answerBytes) break;
    }
  } catch (error) {
    if (answer.ok) throw error;
  }
  if (bytes >= answerBytes) ending.abort();
  return Buffer.concat(read).subarray(0, answerBytes);
}

/** A code of the system or of TLS. */
const Coded = z.object({ code: z.string().optional().catch(undefined) }).catch({});

function withoutUrl(error: unknown): unknown {
  if (error instanceof ForbiddenAddress || error instanceof Redirected) return error;
  if (errorNameOf(error) === 'AbortError') return new AnswerTooLate('the answer was not complete in time');
  const { code } = Coded.parse(error);
  if (code === forbiddenCode) return new ForbiddenAddress(errorMessageOf(error).replace(/^.*request refused: /s, ''));
  return error instanceof TypeError ? new TypeError('the URL is not valid') : new ConnectionFailed(code);
}

export { guardedFetch as default, guardedFetch as fetch, Headers, Request, Response };
