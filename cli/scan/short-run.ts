/** Settings of V8 for a program that is over in a second. */
import { setV8Flags } from '../../host/v8-flags.ts';

/**
 * Optimises later and inlines less: at their defaults V8's compilers take more time than the scan of a few
 * thousand files. What runs for long is optimised all the same.
 */
export function tuneForShortRun(): void {
  setV8Flags(
    '--interrupt-budget=500000',
    '--max-inlined-bytecode-size-cumulative=200',
    '--wasm-tiering-budget=18000000',
  );
}
