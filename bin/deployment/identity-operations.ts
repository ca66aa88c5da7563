import { config } from '../../cdp.config.ts';
import { freshRegistry, registryTable } from '../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { deliveryMemory } from '../../lambdas/adapters/dynamodb/delivery-memory.ts';
import { identityTable } from '../../lambdas/adapters/dynamodb/identity-table.ts';
import { traitMemory } from '../../lambdas/adapters/dynamodb/trait-memory.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { identityOperator } from '../../lambdas/operations/identity.ts';
import { type TellingDeps, type Tellings, tellingsAbout } from '../../lambdas/operations/told.ts';
import type { Deployment } from './deployed-stack.ts';
import { type ProfileTablePlace, profileTablePlace } from './profile-table-place.ts';

/** Identity operations with an operator's own credentials. */
export async function operatorOf(deployment: Deployment) {
  return identityOperator(await identityTableOf(deployment), config, await registryOf(deployment));
}

/** A reader of a deployment's registry of aggregates. */
export async function registryOf(deployment: Deployment): Promise<ReturnType<typeof freshRegistry>> {
  const { documents, tableName } = await profileTablePlace(deployment);
  return freshRegistry(registryTable(documents, tableName, jittered).read, Date.now);
}

/** The profile table of a deployment, for operators. */
export async function identityTableOf(deployment: Deployment): Promise<ReturnType<typeof identityTable>> {
  const { documents, tableName, key } = await profileTablePlace(deployment);
  return identityTable(documents, tableName, await key(), jittered);
}

/** What is recorded of what destinations were told. */
export const memoriesIn =
  ({ documents: client, tableName }: Pick<ProfileTablePlace, 'documents' | 'tableName'>): TellingDeps['memoriesOf'] =>
  (destination) => {
    const place = { client, tableName, destination, pause: jittered, now: Date.now };
    return { segments: deliveryMemory(place), traits: traitMemory(place) };
  };

/** Reads what destinations were told of somebody, by the configuration of this folder; a text names the profile. */
export async function tellingsOf(deployment: Deployment, text: string): Promise<Tellings> {
  const memoriesOf = memoriesIn(await profileTablePlace(deployment));
  const profile = await (await operatorOf(deployment)).find(text);
  const registry = await (await registryOf(deployment))();
  return tellingsAbout(profile, { config, registry, memoriesOf, now: Date.now() });
}
