const refuse = (): never => {
  throw new Error('this deployment has no source that signs');
};

/** Stands for the tools of sources that sign, where none is meant to be used. */
export const noWebhooks = {
  secretsOf: refuse,
  verify: refuse,
  callsOf: refuse,
  countRefused: refuse,
  countEntries: refuse,
};
