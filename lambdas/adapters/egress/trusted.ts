import tls from 'node:tls';

/** Makes every client of this process trust a certificate authority besides the public ones. */
export function trust(ca: string | undefined): void {
  if (ca !== undefined) tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca]);
}
