import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembly } from '../../local/synthesis.ts';
import type { Template } from './rules/template.ts';

/** The template that is deployed, everywhere. */
export const templateFile = join(assembly, 'Cdp.template.json');

/** Text of the shipped template. */
export const shippedText = (): string => readFileSync(templateFile, 'utf8');

/** The shipped template, parsed anew, so that a test may change it. */
export const shipped = (): Template => JSON.parse(shippedText()) as Template;

/** The folders of the code that is shipped beside the template, one for each function. */
export const assetFolders = (): string[] => {
  const shippedAssets = shippedText().match(/[0-9a-f]{64}(?=\.zip)/g) ?? [];
  const folders = [...new Set(shippedAssets)].map((hash) => join(assembly, `asset.${hash}`));
  return folders.filter((folder) => existsSync(folder) && readdirSync(folder).length > 0);
};
