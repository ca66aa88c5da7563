import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, AssetStaging, type FileAssetLocation, FileAssetPackaging, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { keptWheels, missingWheels, type PinnedWheel, pinnedWheels, WheelUnusable } from './wheels.mjs';

const folders = new Map<string, string>();

/**
 * Packs Python packages as a zip of wheels, which Glue 5 installs without network access. Its name depends only on the
 * pinned versions, so it is the same on every machine.
 * @throws WheelUnusable when a wheel is missing and cannot be downloaded
 */
export function zipOfWheels(scope: Construct, names: readonly string[]): FileAssetLocation {
  const pins = pinsOf(names);
  const assetHash = pins.map(({ name, version, sha256 }) => `${name}==${version} ${sha256}`).join('\n');
  const sourcePath = folders.get(assetHash) ?? folderOf(pins);
  folders.set(assetHash, sourcePath);
  const staging = new AssetStaging(scope, 'Wheels', { sourcePath, assetHash, assetHashType: AssetHashType.CUSTOM });
  complete(sourcePath, staging.absoluteStagedPath);
  const stack = Stack.of(scope);
  return stack.synthesizer.addFileAsset({
    fileName: staging.relativeStagedPath(stack),
    sourceHash: `${staging.assetHash}.gluewheels`,
    packaging: FileAssetPackaging.ZIP_DIRECTORY,
  });
}

/** Removes an incomplete zip of an interrupted synthesis, which the CDK would upload as the whole. */
function complete(whole: string, staged: string): void {
  for (const file of readdirSync(join(whole, 'wheels'))) {
    const from = join(whole, 'wheels', file);
    const to = join(staged, 'wheels', file);
    if (statSync(to, { throwIfNoEntry: false })?.size === statSync(from).size) continue;
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
}

function pinsOf(names: readonly string[]): PinnedWheel[] {
  const pins = pinnedWheels();
  return names.map((name) => {
    const pin = pins.find((pinned) => pinned.name === name);
    if (pin === undefined) throw new WheelUnusable(`${name} is not pinned in glue-scripts/requirements.txt`);
    return pin;
  });
}

/** A temporary folder with the wheels and pip's list, below `wheels/`; it lives as long as this process. */
function folderOf(pins: readonly PinnedWheel[]): string {
  const kept = wheels();
  const folder = mkdtempSync(join(tmpdir(), 'cdp-wheels-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'wheels'));
  for (const { sha256 } of pins) {
    const file = kept.get(sha256) ?? '';
    copyFileSync(file, join(folder, 'wheels', basename(file)));
  }
  writeFileSync(
    join(folder, 'wheels', 'requirements.txt'),
    pins.map(({ name, version }) => `${name}==${version}\n`).join(''),
  );
  return folder;
}

let read: ReadonlyMap<string, string> | undefined;

/** The wheels by their SHA-256, every pinned one among them. They are a hundred megabytes, so they are read once. */
function wheels(): ReadonlyMap<string, string> {
  if (read === undefined) {
    if (missingWheels().length > 0) fetchNow();
    read = keptWheels();
  }
  return read;
}

function fetchNow(): void {
  // Node uses a proxy from the environment only with this setting.
  const env = { NODE_USE_ENV_PROXY: '1', ...process.env };
  const program = fileURLToPath(new URL('fetch-wheels.mjs', import.meta.url));
  // Its messages go to stderr at once: a slow network takes minutes, and stdout may carry the template.
  const { status, stderr } = spawnSync(process.execPath, [program], {
    stdio: ['ignore', process.stderr.fd, 'pipe'],
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new WheelUnusable(stderr);
}
