import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatesOf } from '../../local/platform/assembly-templates.ts';
import { assembly } from '../../local/platform/synthesis.ts';
import { ofType, type Template } from './rules/template.ts';
import { wholeTemplate } from './rules/whole.ts';

/** The stack's own template, which is deployed everywhere. */
export const templateFile = join(assembly, 'Cdp.template.json');

/** The templates that are deployed: the stack's own and those nested in it. */
const templateFiles = (): string[] => templatesOf(templateFile).map(({ file }) => file);

/** Text of the shipped templates. */
export const shippedText = (): string =>
  templateFiles()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

/** The shipped template with all that is nested in it, parsed anew, so that a test may change it. */
export const shipped = (): Template => wholeTemplate(templateFile);

/** The folders of the code that is shipped beside the template, one for each function. */
export const assetFolders = (): string[] => {
  const codes = ofType(shipped(), 'Lambda::Function').map(
    ([, fn]) => JSON.stringify(fn.Properties?.Code).match(/[0-9a-f]{64}(?=\.zip)/)?.[0],
  );
  const folders = [...new Set(codes)].map((hash) => join(assembly, `asset.${hash}`));
  return folders.filter((folder) => existsSync(folder) && readdirSync(folder).length > 0);
};

/** Every file of ours that is shipped for jobs: scripts, what they share, and what they are told. */
export const jobFiles = (): string[] => {
  const jobs = ofType(shipped(), 'Glue::Job').flatMap(([, job]) =>
    [...JSON.stringify(job.Properties).matchAll(/[0-9a-f]{64}(?:\.(?!gluewheels)\w+)/g)].map(([asset]) => asset),
  );
  return [...new Set(jobs)].flatMap((asset) =>
    asset.endsWith('.zip')
      ? filesBelow(join(assembly, `asset.${asset.replace('.zip', '')}`))
      : [join(assembly, `asset.${asset}`)],
  );
};

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
