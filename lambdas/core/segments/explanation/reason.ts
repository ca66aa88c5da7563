import { formatInstant } from '../../values/time.ts';
import { sceneOf } from '../evaluation/evaluate.ts';
import type { Known, Scene } from '../evaluation/known.ts';
import { accountsOf, ruleOf, timelineOf } from '../evaluation/timeline.ts';
import { collectionFor } from '../language/definitions.ts';
import type { Rule } from '../language/rule.ts';
import { type Definitions, programOf } from '../program/compile.ts';
import type { Node } from '../program/node.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { wordsOfRule } from './rule-words.ts';

/** Why a rule is true or false of a profile: the same of each of its parts. */
export interface Reason extends Evidence {
  /** The rule in plain words; of one that only joins its parts, how. */
  readonly rule: string;
  readonly isTrue: boolean;
  /** When it becomes what it is not though no event comes; null where that does not happen. */
  readonly flipsAt: string | null;
  readonly parts: readonly Reason[];
}

/** A rule as it is written, and as it is asked. */
interface Part {
  readonly rule: Rule;
  readonly node: Node;
  readonly scene: Scene;
  /** The group id of the account that is asked. */
  readonly account?: string | undefined;
}

/** Why a profile is in a segment, or not, at `now` or at the time of its latest event if that is later. */
export function reasonFor(definitions: Definitions, segment: string, known: Known, now: number): Reason {
  const definition = definitions.segments.find(({ key }) => key === segment);
  const scene = sceneOf(programOf(definitions, collectionFor(definition ?? {})), known, now);
  return reasonOf(partFor(segment, scene, definitions), definitions);
}

function partFor(segment: string, scene: Scene, { segments }: Definitions): Part {
  const [node, own] = ruleOf(segment, scene);
  const rule = segments.find(({ key }) => key === segment)?.where;
  if (rule === undefined) throw new Error(`no segment has the key ${segment}`);
  return { rule, node, scene: own };
}

function reasonOf(part: Part, definitions: Definitions): Reason {
  const { rule, node, scene, account } = part;
  const { first: isTrue, flips } = timelineOf(node, scene);
  const [flip] = flips;
  const { values, events } = isLeaf(node) ? evidenceOf(node, scene) : nothing;
  return {
    rule: sayingOf(rule),
    isTrue,
    flipsAt: flip === undefined ? null : formatInstant(flip),
    values: [...(account === undefined ? [] : [{ what: 'account', value: account }]), ...values],
    events,
    parts: partsOf(part, definitions).map((each) => reasonOf(each, definitions)),
  };
}

const nothing: Evidence = { values: [], events: [] };

type Joint = Extract<Node, { kind: 'all' | 'any' | 'not' | 'account' | 'segment' }>;

const isLeaf = (node: Node): node is Exclude<Node, Joint> =>
  !['all', 'any', 'not', 'account', 'segment'].includes(node.kind);

function sayingOf(rule: Rule): string {
  if ('all' in rule) return 'all of';
  if ('any' in rule) return 'any of';
  return 'not' in rule ? 'not' : wordsOfRule(rule);
}

/** A compiled rule has the parts of the written one, in their order. */
function partsOf({ rule, node, scene }: Part, definitions: Definitions): Part[] {
  if (node.kind === 'segment') return [partFor(node.key, scene, definitions)];
  if ('account' in rule && node.kind === 'account')
    return accountsOf(scene).map((account, n) => ({
      rule: rule.account,
      node: node.part,
      scene: account,
      account: scene.known.accounts[n]?.name,
    }));
  if ('not' in rule && node.kind === 'not') return [{ rule: rule.not, node: node.part, scene }];
  if (node.kind !== 'all' && node.kind !== 'any') return [];
  const rules = writtenParts(rule);
  return node.parts.flatMap((part, n) => {
    const written = rules[n];
    return written === undefined ? [] : [{ rule: written, node: part, scene }];
  });
}

function writtenParts(rule: Rule): readonly Rule[] {
  if ('all' in rule) return rule.all;
  return 'any' in rule ? rule.any : [];
}
