import { describe, expect, it } from 'vitest';
import { matches, merge, ofType, type Pattern, type Resource, type Template } from './template.ts';

/** Something that is true of every good template, and a way to make it untrue: a test shows both sides. */
export interface Rule {
  readonly name: string;
  /** What breaks the rule; empty where it holds. */
  readonly breaches: (template: Template) => string[];
  readonly spoil: (template: Template) => void;
}

/** A rule that each resource of a type keeps by itself. */
interface ResourceRule {
  readonly name: string;
  /** Without `AWS::`. */
  readonly type: string;
  readonly looksLike: Pattern;
  /** Merged into one resource to break the rule; `undefined` removes. */
  readonly spoiledBy: object;
  /** @default - All of the type. */
  readonly only?: (id: string, template: Template) => boolean;
}

/** Makes a rule about all resources of a type; a template that has none breaks it. */
export function every({ name, type, looksLike, spoiledBy, only = () => true }: ResourceRule): Rule {
  const concerned = (template: Template): [string, Resource][] =>
    ofType(template, type).filter(([id]) => only(id, template));
  return {
    name,
    breaches(template) {
      const found = concerned(template);
      if (found.length === 0) return [`no resource of type ${type} to which this applies`];
      return found.filter(([, resource]) => !matches(resource, looksLike)).map(([id]) => id);
    },
    spoil(template) {
      const [first] = concerned(template);
      if (first !== undefined) merge(first[1], spoiledBy);
    },
  };
}

/** Tests each rule twice: the template keeps it, and would not if it were spoiled. */
export function testRules(rules: readonly Rule[], read: () => Template): void {
  describe.each(rules)('$name', ({ breaches, spoil }) => {
    it('holds', () => expect(breaches(read())).toEqual([]));

    it('is seen to be broken', () => {
      const spoiled = structuredClone(read());
      spoil(spoiled);
      expect(breaches(spoiled)).not.toEqual([]);
    });
  });
}
