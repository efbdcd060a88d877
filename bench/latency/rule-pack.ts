/** Puts made-up rules into a scratch copy of the plugin, in all the forms that its build writes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packRules } from '../../engine/pack/pack-rules.ts';
import { snapshotOf } from '../../engine/re2/snapshot-of.ts';
import { packSnapshot } from '../../engine/re2/snapshot.ts';
import type { Rule } from '../../engine/rule.ts';
import { createKernel } from '../../host/kernel.ts';
import { compileBytes, runtimeOf } from '../../host/wasm.ts';
import type { SyntheticRule } from '../corpus.ts';

/** Replaces the rules of `plugin`. */
export function replaceRules(plugin: string, synthetic: readonly SyntheticRule[]): void {
  const patterns = synthetic.map(({ pattern }) => pattern);
  const module = compileBytes(readFileSync(join(plugin, 're2.wasm')));
  const rules = patterns.map(ruleOf);
  const write = (name: string, data: string | Uint8Array): void =>
    writeFileSync(join(plugin, name), data);
  write('rules.json', JSON.stringify(rules));
  write('rules.pack', packRules(rules, createKernel()));
  write(
    'warm-up.json',
    JSON.stringify(synthetic.map(({ hit }) => ({ code: hit, path: 'made-up.txt' }))),
  );
  write('re2.snapshot', packSnapshot(snapshotOf(runtimeOf(module), patterns)));
}

function ruleOf(pattern: string, index: number): Rule {
  return {
    id: `made-up-${index}`,
    title: 'A rule of the benchmark',
    severity: 'medium',
    confidence: 'high',
    patterns: [pattern],
    unless: [],
    message: { what: 'A made-up word.', why: 'It is measured.', fix: 'None.' },
    references: [],
    examples: { match: [], noMatch: [] },
    origin: 'builtin',
  };
}
