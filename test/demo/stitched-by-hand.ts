import type { Call, Phase } from '../../local/demo/shop/calls.ts';

/** A person as the published rules make them: identifiers that were seen together, at most one user id among them. */
interface Group {
  readonly identifiers: Set<string>;
  readonly messages: Set<string>;
}

interface Stitched {
  readonly groups: readonly { readonly identifiers: ReadonlySet<string>; readonly messages: number }[];
  /** Groups that became part of another one. */
  readonly merges: number;
}

/**
 * Stitches calls one by one, the plainest way there is: the least trusted identifier goes while two user ids would
 * meet.
 */
export function stitchByHand(phases: readonly Pick<Phase, 'requests'>[]): Stitched {
  const ownerOf = new Map<string, Group>();
  let merges = 0;
  for (const call of phases.flatMap(({ requests }) => requests.flatMap(({ calls }) => calls))) {
    const { groups, identifiers } = placed(identifiersIn(call), ownerOf);
    const home: Group = groups[0] ?? { identifiers: new Set(), messages: new Set() };
    for (const other of groups.slice(1)) {
      merges += 1;
      for (const id of other.identifiers) home.identifiers.add(id);
      for (const id of other.messages) home.messages.add(id);
    }
    for (const id of identifiers) home.identifiers.add(id);
    for (const id of home.identifiers) ownerOf.set(id, home);
    home.messages.add(call.messageId);
  }
  const groups = [...new Set(ownerOf.values())].map(({ identifiers, messages }) => ({
    identifiers,
    messages: messages.size,
  }));
  return { groups, merges };
}

function placed(
  identifiers: readonly string[],
  ownerOf: ReadonlyMap<string, Group>,
): { groups: Group[]; identifiers: readonly string[] } {
  const groups = [...new Set(identifiers.flatMap((id) => ownerOf.get(id) ?? []))];
  const userIds = new Set(
    [...identifiers, ...groups.flatMap((group) => [...group.identifiers])].filter((id) => id.startsWith('user_id:')),
  );
  return userIds.size <= 1 ? { groups, identifiers } : placed(identifiers.slice(0, -1), ownerOf);
}

/** Most trusted first. */
function identifiersIn(call: Call): string[] {
  const { email, phone } = call.type === 'identify' ? call.traits : {};
  return [
    call.userId === undefined ? [] : [`user_id:${call.userId}`],
    email === undefined ? [] : [`email:${String(email).toLowerCase()}`],
    phone === undefined ? [] : [`phone:+${`1${String(phone).replace(/\D/g, '')}`.slice(-11)}`],
    call.anonymousId === undefined ? [] : [`anonymous_id:${call.anonymousId}`],
  ].flat();
}
