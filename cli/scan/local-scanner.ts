/** A scanner in this thread, for one file, standard input and the examples of rules. */
import { readFileSync } from 'node:fs';
import { lookaroundFor } from '../../engine/lookaround/needed.ts';
import type { PackedPlans } from '../../engine/match/packed-plan.ts';
import type { Rule } from '../../engine/rule.ts';
import { createScanner } from '../../engine/scanner.ts';
import type { Scanner, ScannerOptions } from '../../engine/scanner.ts';
import { createKernel, lazyWasm } from '../../host/wasm.ts';
import type { Assets } from '../assets.ts';

/** Plans that the build made for the built-in rules. */
export function readPackedPlans({ plans }: Pick<Assets, 'plans'>): PackedPlans {
  // Made by our build from validated rule files.
  return JSON.parse(readFileSync(plans, 'utf8')) as PackedPlans;
}

/** Creates a scanner; RE2 is loaded when a pattern first has to be confirmed. */
export async function createLocalScanner(
  rules: readonly Rule[],
  assets: Pick<Assets, 'plans' | 'wasm' | 'snapshot'>,
  options: Pick<ScannerOptions, 'onRule'> = {},
): Promise<Scanner> {
  return createScanner({
    ...options,
    rules,
    wasm: lazyWasm(assets.wasm, assets.snapshot),
    ...(await lookaroundFor(rules)),
    kernel: createKernel(),
    packed: readPackedPlans(assets),
  });
}
