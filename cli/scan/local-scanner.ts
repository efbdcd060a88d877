/** A scanner in this thread, for one file, standard input and the examples of rules. */
import { lookaroundFor } from '../../engine/automaton/needed.ts';
import type { Rule } from '../../engine/rule.ts';
import { createScanner } from '../../engine/scanner.ts';
import type { Scanner, ScannerOptions } from '../../engine/scanner.ts';
import { readRulePack } from '../../host/rule-pack.ts';
import { createKernel } from '../../host/kernel.ts';
import { lazyWasm } from '../../host/wasm.ts';
import type { Assets } from '../assets.ts';
import { splitRules } from './pack.ts';

/** Creates a scanner; RE2 is loaded when a pattern first has to be confirmed. */
export async function createLocalScanner(
  rules: readonly Rule[],
  assets: Pick<Assets, 'pack' | 'wasm' | 'snapshot'>,
  options: Pick<ScannerOptions, 'onRule' | 'nosec' | 'once'> = {},
): Promise<Scanner> {
  const pack = readRulePack(assets.pack);
  const { own, only } = splitRules(rules, pack.ids);
  return createScanner({
    ...options,
    rules: own,
    pack,
    only,
    wasm: lazyWasm(assets.wasm, assets.snapshot),
    ...(await lookaroundFor(own)),
    kernel: createKernel(),
  });
}
