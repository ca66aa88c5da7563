/** An `Authorization` header: its scheme in lower case, and the text after it. Both are empty without a header. */
interface Authorization {
  readonly scheme: string;
  readonly credentials: string;
}

/** Splits an `Authorization` header. */
export function readAuthorization(header = ''): Authorization {
  const [, scheme = '', credentials = ''] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(header) ?? [];
  return { scheme: scheme.toLowerCase(), credentials };
}

/**
 * Reads the user name of Basic credentials, with or without the colon and a password; undefined under another scheme.
 */
export function readUserName({ scheme, credentials }: Authorization): string | undefined {
  if (scheme !== 'basic') return undefined;
  const [userName = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 1);
  return userName;
}

/** Reads an access token, which is the user name of Basic authorization and has at most 200 characters. */
export function readToken(header: string | undefined): string | undefined {
  const authorization = readAuthorization(header);
  const token = /\s/.test(authorization.credentials) ? '' : (readUserName(authorization) ?? '');
  return token === '' || token.length > 200 ? undefined : token;
}
