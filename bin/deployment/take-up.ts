import { foundBy, holdsTag } from '../../lib/platform/retained.ts';
import type { LeftData } from './left-data.ts';
import { stackResources } from './stack-resources.ts';
import { problemWith, type TemplateResource } from './taken-up-resource.ts';

/** The part of a template that matters here. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** What `cdk import` is told, and what besides is to be known. */
interface TakeUp {
  readonly mapping: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly notes: readonly string[];
}

/** A template cannot go on with the data; the message has every reason. */
export class CannotTakeUp extends Error {
  override readonly name = 'CannotTakeUp';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(['the data cannot be taken up:', ...reasons].join('\n  - '));
    this.reasons = reasons;
  }
}

/**
 * Says for each resource of a template that holds data which one is to be taken up, after a look at each. @throws
 * CannotTakeUp
 */
export async function takeUp(
  where: object,
  { account, madeBy, places }: LeftData,
  stack: string,
  { Resources }: Template,
): Promise<TakeUp> {
  const holding = Object.entries(Resources).filter(([, { Type }]) => foundBy.has(Type));
  const found = holding.flatMap(([id, resource]) =>
    places.has(id) ? [{ id, resource, place: places.get(id) ?? '' }] : [],
  );
  const problems = await Promise.all(
    found.map(({ id, resource, place }) => problemWith({ where, account }, id, resource, place)),
  );
  const there = await idsIn(where, stack);
  const reasons = [
    ...(madeBy === stack
      ? []
      : [`they belong to the stack ${madeBy}, and the key's policy names what it makes: give the new stack that name`]),
    ...lacking(holding, places),
    ...found.flatMap(({ id }) =>
      there.has(id) ? [`${id}: the stack ${stack} has one of its own; destroy it first`] : [],
    ),
    ...problems.filter((problem) => problem !== undefined),
  ];
  if (reasons.length > 0) throw new CannotTakeUp(reasons);
  const ids = new Set(holding.map(([id]) => id));
  return {
    mapping: Object.fromEntries(
      found.map(({ id, resource, place }) => [id, { [foundBy.get(resource.Type) ?? '']: place }]),
    ),
    notes: [
      ...holding.filter(([id]) => !places.has(id)).map(([id]) => `${id} is made new.`),
      ...[...places]
        .filter(([id]) => !ids.has(id))
        .map(([id, place]) => `${id} is not in the template and stays behind: ${place}`),
    ],
  };
}

/**
 * A secret that names others by its tags, and those: without one of them the rest is worth little. Tokens and settings
 * can be made again.
 */
function lacking(holding: readonly (readonly [string, TemplateResource])[], places: LeftData['places']): string[] {
  const anchors = holding.flatMap(([id, { Properties: { Tags = [] } = {} }]) => {
    const held = Tags.filter(({ Key }) => Key.startsWith(holdsTag)).map(({ Key }) => Key.slice(holdsTag.length));
    return held.length > 0 ? [{ id, held }] : [];
  });
  const [anchor] = anchors.filter(({ id }) => places.has(id));
  if (anchor === undefined)
    return [
      `the data belong to ${[...places.keys()].join(', ')}, and the template keeps people by ${anchors.map(({ id }) => id).join(', ')}`,
    ];
  return anchor.held.filter((id) => !places.has(id)).map((id) => `${id}: no tag says where it is`);
}

/** What a stack has already; nothing when there is none. */
async function idsIn(where: object, stack: string): Promise<Set<string>> {
  try {
    return new Set((await stackResources(where, stack)).map(({ logicalId }) => logicalId));
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return new Set();
    throw error;
  }
}
