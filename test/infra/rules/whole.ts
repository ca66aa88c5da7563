import { templatesOf } from '../../../local/platform/assembly-templates.ts';
import { at, type Resource, type Template } from './template.ts';

/**
 * A stack's template as one: each nested stack's resources and outputs stand in it, with what the parent says of their
 * parameters.
 */
export function wholeTemplate(file: string): Template {
  const [stack, ...nested] = templatesOf(file).map(({ path, template }) => ({
    id: path,
    template: template as Template,
  }));
  const { Resources, ...parent } = stack?.template ?? { Resources: {} };
  const parts = nested.map(({ id, template }) => unfolded(id, Resources[id], template));
  const own = Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::CloudFormation::Stack');
  return {
    ...parent,
    Resources: Object.fromEntries([...own, ...parts.flatMap((part) => Object.entries(part.Resources))]),
    Outputs: Object.assign({}, parent.Outputs, ...parts.map(({ Outputs }) => Outputs)),
  };
}

/** The resources of a nested stack as they would be called in its parent. */
function unfolded(id: string, parent: Resource | undefined, nested: Template): Template {
  const prefix = id.replace(/NestedStack.*$/, '');
  const parameters = (at(parent, 'Properties.Parameters') ?? {}) as Record<string, unknown>;
  const name = (local: unknown) =>
    nested.Resources[String(local)] === undefined ? local : `${prefix}${String(local)}`;
  const resolved = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(resolved);
    if ('Ref' in value) return parameters[String(value.Ref)] ?? { Ref: name(value.Ref) };
    if ('Fn::GetAtt' in value) return { 'Fn::GetAtt': [name(at(value, 'Fn::GetAtt.0')), at(value, 'Fn::GetAtt.1')] };
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, key === 'DependsOn' ? [part].flat().map(name) : resolved(part)]),
    );
  };
  return {
    Resources: Object.fromEntries(
      Object.entries(nested.Resources).map(([local, resource]) => [name(local), resolved(resource) as Resource]),
    ),
    Outputs: resolved(nested.Outputs ?? {}) as Template['Outputs'] & {},
  };
}
