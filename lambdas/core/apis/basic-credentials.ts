/** Reads an access token from Basic authorization: the user name, with or without the colon and a password. */
export function readToken(authorization: string | undefined): string | undefined {
  const [, credentials = ''] = /^\s*basic\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  const [token = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 1);
  return token === '' || token.length > 200 ? undefined : token;
}
