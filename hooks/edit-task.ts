/** What the service and its worker threads say to each other. */
import type { Example, Rule } from '../engine/rule.ts';
import type { Config } from '../host/config.ts';
import type { SnapshotFile } from '../host/wasm.ts';
import type { RuleFile } from '../host/rules/files.ts';
import type { EditIdentity, InspectOutcome } from './inspect.ts';

/** Given to each thread when it starts; the compiled module, the open snapshot and the rules are shared, not copied. */
export interface EditWorkerSetup {
  readonly module: unknown;
  readonly snapshot: SnapshotFile;
  /** File of a `RulePack`. */
  readonly pack: Uint8Array;
  /** What each thread scans once before it takes work. */
  readonly warmUp: readonly Example[];
}

/** Rules of one user and project, with a key that changes when they do. */
export interface CustomRuleSet {
  readonly key: string;
  readonly rules: readonly Rule[];
  readonly problems: readonly string[];
}

export interface InspectTask {
  readonly kind: 'inspect';
  /** UTF-8 text of the payload, in shared memory. */
  readonly payload: Uint8Array;
  readonly config: Config;
  readonly custom?: CustomRuleSet;
  /** `monotonicMs` at which no further pattern is tried; absent: every pattern is. */
  readonly until?: number;
  /** Where the thread writes which edit it works on, as soon as it knows. */
  readonly identity: IdentitySlot;
}

/** Reads rule files; what a file says as text comes from `previous` where it is no longer usable. */
export interface LoadRulesTask {
  readonly kind: 'load-rules';
  readonly files: readonly RuleFile[];
  readonly reservedIds: readonly string[];
  readonly previous: ReadonlyMap<string, string>;
}

export interface LoadedRuleFiles {
  readonly kind: 'rules';
  readonly rules: readonly Rule[];
  readonly problems: readonly string[];
  /** Texts of the files that are in force, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Done when the thread has loaded all that an edit needs. */
export interface WarmTask {
  readonly kind: 'warm';
}

export type EditTask = InspectTask | LoadRulesTask | WarmTask;
export type EditReply = InspectOutcome | LoadedRuleFiles;

/** One message of one writer, in memory that outlives the writer's thread. */
export type IdentitySlot = SharedArrayBuffer;

const SLOT_BYTES = 4096;

export function createIdentitySlot(): IdentitySlot {
  return new SharedArrayBuffer(SLOT_BYTES);
}

/** Writes nothing when the names are too long for the slot. */
export function writeIdentity(slot: IdentitySlot, edit: EditIdentity): void {
  const text = Buffer.from(JSON.stringify(edit));
  if (text.length > SLOT_BYTES - 4) return;
  Buffer.from(slot, 4).set(text);
  Atomics.store(new Int32Array(slot, 0, 1), 0, text.length);
}

/** Undefined when nothing was written. */
export function readIdentity(slot: IdentitySlot): EditIdentity | undefined {
  const length = Atomics.load(new Int32Array(slot, 0, 1), 0);
  if (length === 0) return undefined;
  // Written by `writeIdentity`, and whole: its length is stored last.
  return JSON.parse(Buffer.from(slot, 4, length).toString('utf8')) as EditIdentity;
}
