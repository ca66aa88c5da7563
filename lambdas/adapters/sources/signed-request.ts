/** A request as its vendor signed it. */
export interface SignedRequest {
  readonly method: string;
  /** The address that the vendor called, with its query. */
  readonly url: string;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The bytes as they came. */
  readonly body: Buffer;
}

/**
 * What a request claims by its signature: signatures in their text, what each must be over, and when it was made. A
 * request that lacks something claims an empty text, so that it costs the same work as a wrong one.
 */
export interface Claim {
  /** Signatures in the request; one that fits is enough. */
  readonly given: readonly string[];
  /** Each form of what is signed, as parts in order: more than one where an address has several forms. */
  readonly signed: readonly (readonly (string | Buffer)[])[];
  readonly algorithm: 'sha256' | 'sha512' | 'sha1' | 'ecdsa';
  readonly encoding: 'hex' | 'base64';
  /** Reads a secret as the bytes of a key. */
  readonly keyOf?: (secret: string) => Buffer;
  /** The time that was signed, milliseconds since 1970. NaN if it is missing or no number. */
  readonly at?: number;
  /** The id that was signed. */
  readonly id?: string | undefined;
  /** A part that is proven by another part, such as the digest of a body in a signed address. */
  readonly isWhole?: boolean;
}
