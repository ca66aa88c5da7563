import * as z from 'zod';

const Url = z
  .url({ protocol: /^https?$/ })
  .regex(/^[^?#\s@]+$/, { error: 'must hold no query, no fragment and no login' });
const HeaderName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, { error: 'use letters, digits and "-"' });

/** How a source proves to an API who it is. The parts that are secret are in the source's own secret. */
export const PullAuth = z.discriminatedUnion('type', [
  z.strictObject({
    /** A token in a header; the secret is `{"token": "…"}`. */
    type: z.literal('header'),
    /** Name of the header. */
    name: HeaderName.default('Authorization'),
    /** Text before the token. */
    prefix: z.string().max(100).default('Bearer '),
  }),
  z.strictObject({
    /** A user and a password; the secret is `{"username": "…", "password": "…"}`. */
    type: z.literal('basic'),
  }),
  z.strictObject({
    /**
     * OAuth 2 with a refresh token; the secret is `{"clientId": "…", "clientSecret": "…", "refreshToken": "…"}`. A new
     * refresh token takes the place of the old one in the secret.
     */
    type: z.literal('oauth-refresh'),
    /** Address that gives access tokens. */
    tokenUrl: Url,
    /** Header that carries the access token. */
    name: HeaderName.default('Authorization'),
    /** Text before the access token. */
    prefix: z.string().max(100).default('Bearer '),
    /** Further fields of the request for a token. */
    form: z.record(z.string(), z.string()).default({}),
  }),
  z.strictObject({
    /** OAuth 2 with client credentials; the secret is `{"clientId": "…", "clientSecret": "…"}`. */
    type: z.literal('oauth-client'),
    /** Address that gives access tokens. */
    tokenUrl: Url,
    /** Header that carries the access token. */
    name: HeaderName.default('Authorization'),
    /** Text before the access token. */
    prefix: z.string().max(100).default('Bearer '),
    /** Further fields of the request for a token. */
    form: z.record(z.string(), z.string()).default({}),
  }),
]);
export type PullAuth = z.infer<typeof PullAuth>;

/** An API over HTTP that answers with JSON. */
export const Api = z.strictObject({
  /** Address before every path, e.g. `https://api.example.com/v2`. */
  baseUrl: Url,
  /** How the source proves who it is. */
  auth: PullAuth,
  /** Headers of every request. They are no secret. */
  headers: z.record(HeaderName, z.string()).default({}),
  /** What an answer with status 200 says when it means: too many requests. */
  throttled: z
    .strictObject({
      /** Where it says it, e.g. `errors.0.extensions.code`. */
      at: z.string().min(1),
      /** What it says: a regular expression of the whole text. */
      matches: z.string().min(1),
    })
    .optional(),
  /** What an answer says when it means: the token is not accepted. An answer with status 401 always means it. */
  expired: z
    .strictObject({
      /** Where it says it, e.g. `error.code`. */
      at: z.string().min(1),
      /** What it says: a regular expression of the whole text. */
      matches: z.string().min(1),
    })
    .optional(),
});
export type Api = z.infer<typeof Api>;
