#!/usr/bin/env node
/**
 * Counts which byte follows which in source code, and writes engine/regex/byte-pairs.ts.
 *
 *     node scripts/measure-bytes.mjs DIR...
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KINDS = 'abcdefghijklmnopqrstuvwxyz0_-./:=,;()[]{}<>"\'`$@#*&|+!?\\ \n~';
/** Of a file no more than this: a single large one is not what code looks like. */
const MOST_BYTES = 64 << 10;

const kindOf = new Uint8Array(256).fill(KINDS.length - 1);
for (let i = 0; i < KINDS.length - 1; i++) kindOf[KINDS.charCodeAt(i)] = i;
for (let i = 0; i < 26; i++) kindOf[0x41 + i] = i;
for (let i = 0x30; i <= 0x39; i++) kindOf[i] = KINDS.indexOf('0');
kindOf[0x09] = KINDS.indexOf(' ');
kindOf[0x0d] = KINDS.indexOf('\n');

const count = KINDS.length;
const pairs = new Float64Array(count * count).fill(0.5);
for (const dir of process.argv.slice(2)) {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name)).subarray(0, MOST_BYTES);
    if (bytes.includes(0)) continue;
    for (let i = 0; i + 1 < bytes.length; i++)
      pairs[kindOf[bytes[i]] * count + kindOf[bytes[i + 1]]]++;
  }
}
const total = pairs.reduce((sum, each) => sum + each, 0);
// Bits: 4 is one pair in 16.
const rows = Array.from({ length: count }, (_, row) =>
  Array.from(pairs.subarray(row * count, (row + 1) * count), (each) =>
    Math.min(35, Math.round(-Math.log2(each / total))).toString(36),
  ).join(''),
);
const file = join(dirname(fileURLToPath(import.meta.url)), '../engine/regex/byte-pairs.ts');
writeFileSync(
  file,
  `/** How often which byte follows which in source code. Written by scripts/measure-bytes.mjs. */

/** Kinds of bytes: letters stand for both cases, \`0\` for all digits, a space for tabs, \`~\` for all others. */
export const KINDS: string =
  ${JSON.stringify(KINDS).replaceAll("'", "\\'").replace(/^"|"$/g, "'").replaceAll('\\"', '"')};

/** A row for each kind, a column for the kind after it: of all pairs one in 2^n, n to the base of 36. */
export const PAIRS: readonly string[] = [
${rows.map((row) => `  ${JSON.stringify(row)},`).join('\n')}
];
`,
);
console.log(`${total} pairs`);
