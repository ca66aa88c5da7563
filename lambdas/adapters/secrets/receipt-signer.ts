import { createPrivateKey, createPublicKey, hash, hkdfSync, sign, verify } from 'node:crypto';
import type { ReceiptSigner } from '../../core/privacy/receipt.ts';
import type { ReceiptVerifier } from '../../core/privacy/receipt-file.ts';

/** What stands before the 32 bytes of a private key of Ed25519 in PKCS #8: RFC 8410. */
const privateKeyHead = Buffer.from('302e020100300506032b657004220420', 'hex');

/** What the secret is used for here, so that the key is of no use for anything else. */
const purpose = 'cdp receipts of privacy requests';

const sha256 = (text: string): string => hash('sha256', text, 'base64url');

/** Signs with a key of Ed25519 that is derived from the deployment's secret. The same text has the same signature. */
export function receiptSigner(secret: string): ReceiptSigner {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
  const key = createPrivateKey({ key: Buffer.concat([privateKeyHead, seed]), format: 'der', type: 'pkcs8' });
  return {
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
    hash: sha256,
  };
}

/** The bytes of a text of base64. Another text of the same bytes, which decoders also take, is refused. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new RangeError('the text is not as bytes are written in base64');
  return bytes;
}

/** Verifies signatures with nothing but the public key. What is no key or no signature of its kind signed nothing. */
export const receiptVerifier: ReceiptVerifier = {
  isSigned(text, signature, publicKey) {
    try {
      const key = createPublicKey({ key: bytesOf(publicKey), format: 'der', type: 'spki' });
      return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, bytesOf(signature));
    } catch {
      return false;
    }
  },
  hash: sha256,
};
