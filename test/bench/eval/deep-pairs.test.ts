/** The pairs of several files: each well-formed, and each with a program that attacks both of its sides. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { SIDES, treeOf } from '../../../bench/eval/pair.ts';
import type { Pair, Side } from '../../../bench/eval/pair.ts';
import { readPairs } from '../../../bench/eval/read-pairs.ts';

const FOLDER = fileURLToPath(new URL('../../../bench/eval/deep-pairs', import.meta.url));
const { pairs, problems } = readPairs(FOLDER, 'bench/eval/deep-pairs');
/** Languages that nothing here runs. */
const WITHOUT_PROOF = ['go', 'php', 'typescript'];

describe('the pairs of several files', () => {
  it('have no problem', () => {
    expect(problems).toEqual([]);
    expect(readdirSync(FOLDER)).toEqual(pairs.map(({ id }) => `${id}.yaml`));
  });

  it('are many, of many weaknesses and languages', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(20);
    expect(new Set(pairs.map(({ cwe }) => cwe)).size).toBeGreaterThanOrEqual(12);
    expect(new Set(pairs.map(({ language }) => language)).size).toBeGreaterThanOrEqual(6);
  });

  it('are as many as the README says', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`${pairs.length} more`);
  });

  it('differ in the change, and in what it leaves alone', () => {
    const inChange = pairs.filter(({ vulnerable, fixed }) => vulnerable !== fixed);
    expect(inChange.length).toBeGreaterThanOrEqual(5);
    expect(pairs.length - inChange.length).toBeGreaterThanOrEqual(5);
  });

  test.each(pairs)('$id: three files, and something beside the point', ({ files = [] }) => {
    expect(files.filter(({ isChanged }) => !isChanged).length).toBeGreaterThanOrEqual(3);
  });

  test.each(pairs)('$id says nothing of what it is in its code', (pair) => {
    for (const side of SIDES)
      for (const text of treeOf(pair, side).values())
        expect(text).not.toMatch(/vulnerab|exploit|insecure\b|unsafe\b|CWE-|attacker/i);
  });

  test.each(pairs)('$id is proven where its language runs', ({ language, proof }) => {
    expect(proof === undefined).toBe(WITHOUT_PROOF.includes(language));
  });
});

const proven = pairs.flatMap((pair) =>
  pair.proof === undefined ? [] : SIDES.map((side) => ({ id: pair.id, side, pair })),
);

test.each(proven)('$id: an attack on the $side side', ({ pair, side }) => {
  expect(attack(pair, side)).toBe(side === 'vulnerable' ? 'exploited' : 'held');
});

/** The last line of the pair's own program, which fails where the code does not do what it is for. */
function attack(pair: Pair, side: Side): string | undefined {
  const { run, script } = pair.proof ?? { run: 'sh', script: '' };
  const top = mkdtempSync(join(tmpdir(), 'sg-proof-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const cwd = join(top, 'repository');
  for (const [path, text] of treeOf(pair, side)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const args = { node: ['--input-type=module', '-'], python3: ['-'], sh: ['-s'] }[run];
  const env = { PATH: process.env['PATH'], TMPDIR: top, HOME: top, LC_ALL: 'C.UTF-8' };
  const printed = execFileSync(run, args, {
    cwd,
    env,
    input: script,
    stdio: 'pipe',
    encoding: 'utf8',
    timeout: 30_000,
  });
  return printed.trim().split('\n').at(-1);
}
