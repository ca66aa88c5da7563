import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The parts of a CloudFormation template that are read here. */
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
 * A template and its path: '' for the stack's own template, else the ids of the nested stacks that lead to it,
 * separated by slashes.
 */
export interface PlacedTemplate {
  readonly path: string;
  readonly file: string;
  readonly template: StackTemplate;
}

/** The synthesized templates of a stack and of its nested stacks. */
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

/** A stack's assets by their hashes, with the templates of nested stacks. */
interface Assets {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } } | undefined>>;
}
