/** The scanner that finds the secrets which no model is shown. */
import { type Scanner, createScanner } from '../../engine/scanner.ts';
import { readRulePack } from '../rule-pack.ts';
import { createKernel } from '../kernel.ts';
import { lazyWasm } from '../wasm.ts';

/** Paths of what the build wrote. */
export interface SecretFiles {
  readonly wasm: string;
  /** The pack of `secretRules()`: to plan them takes longer than all else that a review of a small change computes. */
  readonly secretsPack: string;
}

/** Throws when the pack cannot be read. */
export function createSecretScanner({ wasm, secretsPack }: SecretFiles): Scanner {
  return createScanner({
    rules: [],
    pack: readRulePack(secretsPack),
    kernel: createKernel(),
    wasm: lazyWasm(wasm),
  });
}
