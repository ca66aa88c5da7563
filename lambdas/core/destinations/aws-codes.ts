/** Most services say with status 400 that there were too many requests. */
const crowded = /Throttl|ThroughputExceeded|RequestLimitExceeded|TooManyRequests|SlowDown|TransactionConflict/;
/** The permission, a key or the place itself is missing, so every item fails alike. */
const denied =
  /AccessDenied|NotAuthorized|AuthorizationError|UnrecognizedClient|InvalidClientToken|InvalidAccessKeyId|ExpiredToken/;
const broken =
  /Signature|DecryptionFailure|KMS\.?(Disabled|InvalidState|NotFound|OptInRequired)|SendingPaused|AccountSuspended/i;
const missing = /ResourceNotFound|QueueDoesNotExist|NonExistentQueue|NoSuchBucket|^NotFound(Exception)?$/;

/** What a code of AWS says beyond its status: of one request, or of an entry in a batch; undefined if nothing. */
export function endingOfCode(code: string): 'retry' | 'unauthorized' | undefined {
  if (crowded.test(code)) return 'retry';
  return denied.test(code) || broken.test(code) || missing.test(code) ? 'unauthorized' : undefined;
}
