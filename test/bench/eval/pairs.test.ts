/** The pairs that `sg eval` asks about: each well-formed, and together broad enough. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { readPairs } from '../../../bench/eval/read-pairs.ts';
import { TRAITS } from '../../../bench/eval/pair.ts';

const FOLDER = fileURLToPath(new URL('../../../bench/eval/pairs', import.meta.url));

describe('the pairs', () => {
  const { pairs, problems } = readPairs(FOLDER, 'bench/eval/pairs');

  it('have no problem', () => {
    expect(problems).toEqual([]);
    expect(readdirSync(FOLDER)).toEqual(pairs.map(({ id }) => `${id}.yaml`));
  });

  it('are many, of many weaknesses and languages', () => {
    const count = (of: (pair: (typeof pairs)[number]) => string): number =>
      new Set(pairs.map(of)).size;
    expect(pairs.length).toBeGreaterThanOrEqual(60);
    expect(count(({ cwe }) => cwe)).toBeGreaterThanOrEqual(20);
    expect(count(({ language }) => language)).toBeGreaterThanOrEqual(6);
    expect(count(({ severity }) => severity)).toBe(3);
  });

  it('are as many as the README says', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`\n${pairs.length} small changes with a defect`);
  });

  it.each(TRAITS)('have hard ones: %s', (trait) => {
    expect(pairs.some(({ traits }) => traits.includes(trait))).toBe(true);
  });

  it('are of changes as well as of new files', () => {
    expect(pairs.filter(({ before }) => before !== undefined).length).toBeGreaterThanOrEqual(20);
  });

  test.each(pairs)(
    '$id says nothing of what it is in its code',
    ({ before, vulnerable, fixed }) => {
      for (const text of [before ?? '', vulnerable, fixed])
        expect(text).not.toMatch(/vulnerab|exploit|insecure\b|unsafe\b(?!_load)|CWE-|attacker/i);
    },
  );
});
