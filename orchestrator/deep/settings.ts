/** What a deep review is given beside the change. */
import type { WasmRuntime } from '../../engine/re2/runtime.ts';
import type { ReviewInput, ReviewTools } from '../review.ts';
import type { CommitFiles } from '../tools/commit-files.ts';
import type { CommitTexts } from '../tools/texts.ts';
import type { Checkout } from './investigate.ts';

export interface DeepSettings {
  readonly maxTurns: number;
  readonly maxToolCalls: number;
  /** Prompt tokens of the investigation; those from the cache count a tenth. */
  readonly maxInputTokens: number;
  /** When the single call joins; undefined: never. */
  readonly raceDelayMs: number | undefined;
  readonly secondLook: boolean;
  readonly refute: boolean;
  readonly excludeMedium: boolean;
}

export const DEFAULT_DEEP_SETTINGS: DeepSettings = {
  maxTurns: 18,
  maxToolCalls: 15,
  maxInputTokens: 500_000,
  raceDelayMs: 180_000,
  secondLook: true,
  refute: true,
  excludeMedium: false,
};

export interface DeepInput extends ReviewInput {
  /** Full ids, the newest first. */
  readonly commits: readonly string[];
  readonly settings: DeepSettings;
}

/** What it is at, for a terminal. */
export interface Progress {
  readonly stage: 'investigate' | 'single-call' | 'refute';
  /** The turn it is at, or verdicts so far. */
  readonly count: number;
  readonly toolCalls: number;
}

export interface DeepTools extends ReviewTools {
  readonly files: CommitFiles;
  readonly wasm: () => WasmRuntime;
  /** A fresh one for each result of a tool. */
  readonly marker: () => string;
  /** For a transport with tools of its own. */
  readonly checkout?: (texts: CommitTexts) => Promise<Checkout>;
  readonly onProgress?: (progress: Progress) => void;
}
