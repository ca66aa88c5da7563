import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { configAsking } from '../../fixtures/sources/deployed.ts';
import { checkoutWith } from '../platform/checkout.ts';
import { platform } from '../platform/deployment.ts';

const places = { api: Number(new URL(platform.receiverUrl).port), broker: inject('broker').secure };
const folder = mkdtempSync(join(platform.stateDirectory, 'operator-'));

/** Runs a command of a checkout that has the configuration of this platform. */
export const asOperator = await checkoutWith(JSON.stringify(configAsking(places, config)), join(folder, 'checkout'));

interface Finding {
  readonly part: string;
  readonly state: string;
  readonly wrong?: string;
}

/** What `npm run status` says of sources, by their ids. */
export async function statesOf(ids: readonly string[]): Promise<Readonly<Record<string, Finding | undefined>>> {
  // It ends with 1 when something is wrong.
  const said = await asOperator('status', '--json').catch(({ stdout }: { readonly stdout: string }) => stdout);
  const findings = JSON.parse(said) as readonly Finding[];
  return Object.fromEntries(ids.map((id) => [id, findings.find(({ part }) => part === `source ${id}`)]));
}

interface Said {
  readonly trait?: string;
  readonly identifier?: string;
  readonly row?: object;
}

/** The rows that said somebody's traits and identifiers, as `npm run explain` names them. */
export async function rowsOf(identifier: string): Promise<Readonly<Record<string, object | undefined>>> {
  const { traits, identifiers } = JSON.parse(await asOperator('explain', identifier, '--json')) as Readonly<
    Record<'traits' | 'identifiers', readonly Said[]>
  >;
  return Object.fromEntries(
    [...traits, ...identifiers].map(({ trait, identifier: name, row }) => [trait ?? name, row]),
  );
}
