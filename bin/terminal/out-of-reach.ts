const advice: readonly {
  readonly shows: (error: Error & { readonly code?: unknown }) => boolean;
  readonly says: string;
}[] = [
  {
    shows: ({ message }) => message === 'Region is missing',
    says: 'No AWS region is set. Set AWS_REGION, or the region of your profile. Use --local for the platform that npm start runs.',
  },
  {
    shows: ({ name }) => name === 'CredentialsProviderError',
    says: 'No AWS credentials were found. Set AWS_PROFILE, or log in. Use --local for the platform that npm start runs.',
  },
  {
    shows: ({ code }) => code === 'ECONNREFUSED',
    says: 'Nothing answers at that address. With --local the platform must run: npm start.',
  },
];

/** The error's message, and what to do when AWS or the local platform cannot be reached. */
export function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const says = advice.filter(({ shows }) => shows(error)).map((one) => one.says);
  return [error.message, ...says].filter((line) => line !== '').join('\n');
}
