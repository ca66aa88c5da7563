import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A CloudFormation template as far as it is looked into here. */
export interface StackTemplate {
  readonly Resources: Readonly<Record<string, StackResource>>;
  readonly Outputs?: Readonly<Record<string, object>>;
}

/** A resource of a template. */
export interface StackResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/**
 * Place of a template and its owner: '' for the stack's own, else the ids of nested stacks that lead to it, with a
 * slash between.
 */
export interface PlacedTemplate {
  readonly path: string;
  readonly file: string;
  readonly template: StackTemplate;
}

/** A stack's template and those of the stacks nested in it, as they were synthesized. */
export function templatesOf(file: string): PlacedTemplate[] {
  const { files } = JSON.parse(readFileSync(file.replace(/\.template\.json$/, '.assets.json'), 'utf8')) as Assets;
  const placed = (path: string, at: string): PlacedTemplate[] => {
    const template = JSON.parse(readFileSync(at, 'utf8')) as StackTemplate;
    const nested = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
      if (Type !== 'AWS::CloudFormation::Stack') return [];
      const [hash = ''] = JSON.stringify(Properties?.TemplateURL).match(/[0-9a-f]{64}(?=\.json)/) ?? [];
      return placed(
        path === '' ? id : `${path}/${id}`,
        join(dirname(file), files[hash]?.source.path ?? `${id} has no template`),
      );
    });
    return [{ path, file: at, template }, ...nested];
  };
  return placed('', file);
}

/** What lies beside a stack's template, those of nested stacks among it, by the hash under which it is uploaded. */
interface Assets {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } } | undefined>>;
}
