import { foundBy, holdsTag, keyTag, ownIdTag, stackTag } from '../../../../lib/platform/retained.ts';
import type { Rule } from '../rule.ts';
import { at, listOf, ofType, type Resource, type Template, targets } from '../template.ts';

const holders = ({ Resources }: Template): [string, Resource][] =>
  Object.entries(Resources).filter(([, { Type }]) => foundBy.has(Type));

/** Ids of all resources that something refers to. */
const references = (value: unknown, { Resources }: Template): string[] =>
  targets(value).filter((id) => Resources[id] !== undefined);

const tagsOf = (resource: Resource | undefined): Map<string, unknown> =>
  new Map(listOf(at(resource, 'Properties.Tags')).map((tag) => [String(at(tag, 'Key')), at(tag, 'Value')]));

/** A secret of a nested stack says its path: its id is one that every such template has. */
const says = (own: unknown, id: string): boolean =>
  own === id || (/\//.test(String(own)) && id.includes(String(own).replaceAll('/', '')));

/** That a stack can take up what another left, and that it can be found. */
export const takingUpRules: readonly Rule[] = [
  {
    name: 'what holds data refers to nothing else, so that CloudFormation can import it before anything else is there',
    breaches: (template) => {
      const ids = holders(template).map(([id]) => id);
      return holders(template).flatMap(([id, resource]) =>
        [...references(resource.Properties, template), ...listOf(at(resource, 'DependsOn')).map(String)]
          .filter((other) => !ids.includes(other))
          .map((other) => `${id} → ${other}`),
      );
    },
    spoil: (template) => {
      const [[bus] = []] = ofType(template, 'Events::EventBus');
      Object.assign(ofType(template, 'KMS::Key')[0]?.[1].Properties ?? {}, { Description: { Ref: bus } });
    },
  },
  {
    name: 'every secret says by tags which one it is, of which stack, and under which key',
    breaches: (template) =>
      ofType(template, 'SecretsManager::Secret').flatMap(([id, secret]) => {
        const tags = tagsOf(secret);
        return says(tags.get(ownIdTag), id) && tags.has(stackTag) && references(tags.get(keyTag), template).length === 1
          ? []
          : [id];
      }),
    spoil: (template) =>
      Reflect.deleteProperty(ofType(template, 'SecretsManager::Secret')[0]?.[1].Properties ?? {}, 'Tags'),
  },
  {
    name: 'a secret of a key of identifiers says by tags where everything else is that holds data',
    breaches: (template) => {
      const stated = ofType(template, 'SecretsManager::Secret').flatMap(([, secret]) =>
        [...tagsOf(secret)].filter(([tag]) => tag.startsWith(holdsTag)),
      );
      const right = stated.filter(
        ([tag, value]) => JSON.stringify(value) === JSON.stringify({ Ref: tag.slice(holdsTag.length) }),
      );
      const told = new Set(right.map(([tag]) => tag.slice(holdsTag.length)));
      return holders(template).flatMap(([id, { Type }]) =>
        Type === 'AWS::SecretsManager::Secret' || told.has(id) ? [] : [id],
      );
    },
    spoil: (template) => {
      const [, secret] = ofType(template, 'SecretsManager::Secret').find(([id]) => /IdentifierKey/.test(id)) ?? [];
      const tags = listOf(at(secret, 'Properties.Tags'));
      tags.splice(
        tags.findIndex((tag) => String(at(tag, 'Key')).startsWith(holdsTag)),
        1,
      );
    },
  },
  {
    name: 'the database is named after the key, and after no stack, so that it keeps its name in the next one',
    breaches: (template) =>
      ofType(template, 'Glue::Database').flatMap(([id, { Properties = {} }]) =>
        [Properties.DatabaseName, at(Properties, 'DatabaseInput.Name')].every((name) => isAfterKey(name, template))
          ? []
          : [id],
      ),
    spoil: (template) => {
      const [, database] = ofType(template, 'Glue::Database')[0] ?? [];
      Object.assign(database?.Properties ?? {}, {
        DatabaseName: { 'Fn::Join': ['_', ['cdp', { Ref: 'AWS::StackId' }]] },
      });
    },
  },
];

const isAfterKey = (name: unknown, template: Template): boolean => {
  const [key, ...more] = targets(name);
  return more.length === 0 && template.Resources[key ?? '']?.Type === 'AWS::KMS::Key';
};
