/** Whether `dist` is what a build of the same files has written: a build takes half a minute, mostly for RE2. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What the build reads. */
const FOLDERS = [
  '.claude-plugin',
  'bench',
  'cli',
  'engine',
  'hooks',
  'host',
  'orchestrator',
  'rules',
  'scripts',
  'workers',
];
const INPUTS = [...FOLDERS, 'LICENSE', 'NOTICE', 'package-lock.json', 'package.json'];
const STAMP = 'build-stamp.json';

/** Digest of the names and contents of all that the build of `root` reads, and of the version of Node. */
export function inputsOf(root) {
  const hash = createHash('sha256').update(process.version);
  for (const path of INPUTS.flatMap((name) => filesBelow(root, name)))
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** True when nothing was added to, taken from or changed in `dist` since a build of these inputs ended. */
export function isUpToDate(dist, inputs) {
  try {
    const stamp = JSON.parse(readFileSync(join(dist, STAMP), 'utf8'));
    return stamp.inputs === inputs && stamp.outputs === outputsOf(dist);
  } catch {
    return false;
  }
}

export function writeStamp(dist, inputs) {
  writeFileSync(join(dist, STAMP), JSON.stringify({ inputs, outputs: outputsOf(dist) }));
}

/** Of what the build writes only: tests put scratch folders beside it. */
function outputsOf(dist) {
  const hash = createHash('sha256');
  for (const path of ['.claude-plugin', 'cli', 'plugin'].flatMap((name) =>
    filesBelow(dist, name),
  )) {
    const { size, mtimeMs } = statSync(join(dist, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

/** Paths of files, sorted; `name` itself when it is one. */
function filesBelow(root, name) {
  if (statSync(join(root, name)).isFile()) return [name];
  return readdirSync(join(root, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
