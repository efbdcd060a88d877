/** Settings of V8 for a program that is over in a second. */
import { setFlagsFromString } from 'node:v8';

/**
 * Optimises later and inlines less: at their defaults V8's compilers take more time than the scan of a few
 * thousand files. What runs for long is optimised all the same. Flags belong to a version of V8, and one
 * that is not known is complained about: so this is for the version that it was measured with.
 */
export function tuneForShortRun(): void {
  if (!process.version.startsWith('v20.')) return;
  setFlagsFromString('--interrupt-budget=500000');
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=200');
  setFlagsFromString('--wasm-tiering-budget=18000000');
}
