import { reading } from './compiler.ts';
import type { Compiled, Node, Span } from './node.ts';

/** Segments whose answer may change as time goes on, without an event. */
export function timedOf(segments: ReadonlyMap<string, Compiled<Node>>): ReadonlySet<string> {
  const alone = new Set([...segments].filter(([, { rule }]) => isTimed(rule)).map(([key]) => reading.segment(key)));
  const isReached = (key: string, reads: Compiled<Node>['reads']): boolean =>
    [reading.segment(key), ...reads].some((read) => alone.has(read));
  return new Set([...segments].filter(([key, { reads }]) => isReached(key, reads)).map(([key]) => key));
}

/** Whether a rule alone is, whatever the segments are that it reads. */
function isTimed(node: Node): boolean {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.parts.some(isTimed);
    case 'not':
    case 'account':
      return isTimed(node.part);
    case 'date':
    case 'during':
    case 'absence':
    case 'knownFor':
      return true;
    case 'count':
    case 'sequence':
      return moves(node.span);
    case 'computed':
      return moves(node.computing.span);
    default:
      return false;
  }
}

const moves = ({ kind }: Span): boolean => kind === 'ages' || kind === 'calendar';
