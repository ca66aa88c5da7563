// Prints the sources that the presets make, as the job gets them: {"<preset>": {"<proof>": source}}.
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { pullPresetNames, pullPresets } from '../../../lambdas/core/sources/pulls/presets.ts';

const accounts: Readonly<Record<string, string>> = {
  shop: 'shop',
  domain: 'acme',
  subdomain: 'acme',
  company: 'acme',
  server: 'us1',
  list: 'abcdef1234',
  form: '12345678',
};

const sourcesOf = (preset: (typeof pullPresetNames)[number]) => {
  const names = Object.keys(pullPresets[preset].settings).filter((name) => name in accounts);
  const settings = Object.fromEntries(names.map((name) => [name, accounts[name] ?? '']));
  const sourceBy = (proof: string) =>
    parseConfig({ sources: [{ id: preset, kind: 'pull', preset, proof, settings, since: '2026-01-01' }] }).sources[0];
  return Object.fromEntries(Object.keys(pullPresets[preset].auths).map((proof) => [proof, sourceBy(proof)]));
};

process.stdout.write(JSON.stringify(Object.fromEntries(pullPresetNames.map((preset) => [preset, sourcesOf(preset)]))));
