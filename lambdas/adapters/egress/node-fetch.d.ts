/** The part of node-fetch 2 that the guarded fetch uses; the package brings no types. */
declare module 'node-fetch' {
  import type { Agent } from 'node:http';
  import type { Readable } from 'node:stream';

  /** Options of a request. */
  export interface RequestInit {
    readonly method?: string;
    readonly headers?: Headers | Readonly<Record<string, string>>;
    readonly body?: string | Buffer | NodeJS.ReadableStream;
    readonly signal?: AbortSignal | undefined;
    readonly redirect?: 'follow' | 'manual' | 'error';
    readonly agent?: (url: URL) => Agent;
    readonly timeout?: number;
    readonly size?: number;
  }

  /** Headers of a request or an answer. */
  export class Headers {
    get(name: string): string | null;
    set(name: string, value: string): void;
  }

  /** A request. */
  export class Request {
    constructor(input: string | URL | Request, init?: RequestInit);
    readonly method: string;
    readonly url: string;
    readonly signal?: AbortSignal | undefined;
    readonly body: unknown;
  }

  /** An answer. */
  export class Response {
    constructor(
      body: Buffer,
      init: { readonly status: number; readonly statusText: string; readonly headers: Headers; readonly url: string },
    );
    readonly status: number;
    readonly statusText: string;
    readonly ok: boolean;
    readonly url: string;
    readonly headers: Headers;
    readonly body: Readable;
    text(): Promise<string>;
    json(): Promise<unknown>;
    clone(): Response;
  }

  const fetch: (request: Request) => Promise<Response>;
  export default fetch;
}
