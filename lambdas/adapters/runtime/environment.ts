/** A setting that a function needs is missing from its environment. */
export class MissingSetting extends Error {
  override readonly name = 'MissingSetting';
  readonly setting: string;

  constructor(setting: string) {
    super(`environment variable ${setting} is not set`);
    this.setting = setting;
  }
}

/** Reads one environment variable. @throws MissingSetting when it is absent or empty. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new MissingSetting(name);
  return value;
}

/** Puts variables into the environment, for code of others that looks for them there. */
export function provide(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}
