/** A scanner in this thread, for one file, standard input and the examples of rules. */
import { readFileSync } from 'node:fs';
import { planLookaround } from '../../engine/lookaround/plan.ts';
import type { PackedPlans } from '../../engine/match/packed-plan.ts';
import type { Rule } from '../../engine/rule.ts';
import { createScanner } from '../../engine/scanner.ts';
import type { Scanner } from '../../engine/scanner.ts';
import { createKernel, lazyWasm } from '../../host/wasm.ts';
import type { Assets } from '../assets.ts';

/** Plans that the build made for the built-in rules. */
export function readPackedPlans({ plans }: Pick<Assets, 'plans'>): PackedPlans {
  // Made by our build from validated rule files.
  return JSON.parse(readFileSync(plans, 'utf8')) as PackedPlans;
}

/** Creates a scanner; RE2 is loaded when a pattern first has to be confirmed. */
export function createLocalScanner(
  rules: readonly Rule[],
  assets: Pick<Assets, 'plans' | 'wasm' | 'snapshot'>,
): Scanner {
  return createScanner({
    rules,
    wasm: lazyWasm(assets.wasm, assets.snapshot),
    planLookaround,
    kernel: createKernel(),
    packed: readPackedPlans(assets),
  });
}
