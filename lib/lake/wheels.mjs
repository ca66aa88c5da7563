// Runs before anything is installed, too: Node's own modules only.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The pins, as pip reads them, and where wheels are kept once they were fetched. */
export const requirements = inRoot('glue-scripts/requirements.txt');
export const wheelFolder = inRoot('.wheels');

/** A wheel could not be had; the message says what to do. */
export class WheelUnusable extends Error {}

const byHand =
  'pip download --no-deps --only-binary=:all: --platform manylinux_2_28_x86_64 --python-version 3.11 --require-hashes ' +
  '--dest .wheels --requirement glue-scripts/requirements.txt';

/** Name, version and SHA-256 of every package that jobs may get. @throws WheelUnusable when a line is no pin. */
export function pinnedWheels() {
  const lines = readFileSync(requirements, 'utf8').split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).map(pinnedIn);
}

function pinnedIn(line) {
  const [, name, version, sha256] = line.match(/^([a-z0-9-]+)==([\w.]+) --hash=sha256:([0-9a-f]{64})$/) ?? [];
  if (name === undefined)
    throw new WheelUnusable(
      `glue-scripts/requirements.txt: "${line}" is not of the form name==version --hash=sha256:…`,
    );
  return { name, version, sha256 };
}

/** How a wheel is called: pip installs none of another name, such as a browser gives to a second download. */
const wheelName = /^\w[\w.]*-\w[\w.!+]*(-\d\w*)?-\w[\w.]*-\w[\w.]*-\w[\w.]*\.whl$/;

/** The wheels that are here, by their SHA-256, whoever put them there. */
export function keptWheels() {
  if (!existsSync(wheelFolder)) return new Map();
  const files = readdirSync(wheelFolder).filter((file) => wheelName.test(file));
  return new Map(files.map((file) => [sha256Of(readFileSync(join(wheelFolder, file))), join(wheelFolder, file)]));
}

const sha256Of = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The pins whose wheels are not here. */
export function missingWheels() {
  const kept = keptWheels();
  return pinnedWheels().filter(({ sha256 }) => !kept.has(sha256));
}

/** Fetches the pinned wheels that are not here from the index that pip would ask, each checked against its SHA-256. @throws WheelUnusable */
export async function fetchWheels() {
  await Promise.all(missingWheels().map(fetchWheel));
}

async function fetchWheel({ name, version, sha256 }) {
  const index = process.env.PIP_INDEX_URL || 'https://pypi.org/simple';
  // Not repeated, for there may be a password in it.
  if (!/^https?:\/\//.test(index) || !URL.canParse(index))
    throw new WheelUnusable('PIP_INDEX_URL must be an address that begins with https:// or http://');
  const page = `${index.replace(/\/$/, '')}/${name}/`;
  try {
    const [, link] = (await read(page)).toString('utf8').match(new RegExp(`href="([^"#]+)#sha256=${sha256}"`)) ?? [];
    if (link === undefined) throw new WheelUnusable('the index has no such file');
    const address = withLoginOf(page, new URL(link.replaceAll('&amp;', '&'), page));
    const bytes = await read(address.href);
    if (sha256Of(bytes) !== sha256)
      throw new WheelUnusable(
        `${basename(address.pathname)} has another SHA-256 than glue-scripts/requirements.txt says`,
      );
    const file = join(wheelFolder, decodeURIComponent(basename(address.pathname)));
    mkdirSync(wheelFolder, { recursive: true });
    // Under another name until it is whole.
    writeFileSync(`${file}.${process.pid}.part`, bytes);
    renameSync(`${file}.${process.pid}.part`, file);
  } catch (error) {
    throw new WheelUnusable(advice(`${name}==${version}`, withoutLogin(page).href, error));
  }
}

const advice = (what, page, error) =>
  `${what}, a Python package of the lake's jobs, could not be fetched from ${page}: ${error.cause?.message ?? error.message}\n` +
  'It is needed once, and then kept in .wheels. Connect this machine, or name an index that it reaches in PIP_INDEX_URL, or put the packages there yourself:\n' +
  `  ${byHand}`;

function withoutLogin(address) {
  const url = new URL(address);
  url.username = url.password = '';
  return url;
}

/** As pip has it: a link that says the whole address of the same host needs the same login. */
function withLoginOf(page, address) {
  const { origin, username, password } = new URL(page);
  return address.origin === origin ? Object.assign(address, { username, password }) : address;
}

/** A login in an address goes into a header, for `fetch` takes no such address. */
async function read(address) {
  const { username, password } = new URL(address);
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const answer = await fetch(withoutLogin(address), {
    headers: username === '' ? {} : { authorization: `Basic ${login}` },
  });
  if (!answer.ok) throw new WheelUnusable(`HTTP ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}
