/**
 * Custom rules of each user and project, read again when one of the files has changed. The files are looked
 * at for every edit, so that a change counts from the next one; no file watcher is as sure of that.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Rule } from '../engine/rule.ts';
import { findRuleFiles } from '../host/rules/files.ts';
import type { RuleFile, RuleLocations } from '../host/rules/files.ts';
import type { CustomRuleSet, LoadedRuleFiles, LoadRulesTask } from './edit-task.ts';

/** `stale`: the files changed and are not read yet; `set` is what they were before. */
export type RuleAnswer =
  | { readonly kind: 'none' }
  | { readonly kind: 'fresh'; readonly set: CustomRuleSet }
  | { readonly kind: 'stale'; readonly set: CustomRuleSet | undefined };

interface Entry {
  signature: string;
  set: CustomRuleSet | undefined;
  texts: ReadonlyMap<string, string>;
  loading: Promise<void> | undefined;
}

/** Projects whose rules are kept. */
const MAX_ENTRIES = 20;

export class RuleCache {
  readonly #entries = new Map<string, Entry>();
  readonly #load: (task: LoadRulesTask) => Promise<LoadedRuleFiles | undefined>;
  readonly #reservedIds: readonly string[];

  /** `load` reads files in a thread; it resolves with undefined when it could not. */
  constructor(
    load: (task: LoadRulesTask) => Promise<LoadedRuleFiles | undefined>,
    reservedIds: readonly string[],
  ) {
    this.#load = load;
    this.#reservedIds = reservedIds;
  }

  /** Waits at most `waitMs` for files that changed. */
  async get(locations: RuleLocations, waitMs: number): Promise<RuleAnswer> {
    const files = findRuleFiles(locations);
    const name = JSON.stringify([locations.configDir, locations.projectDir]);
    const known = this.#entries.get(name);
    if (files.length === 0) {
      if (known !== undefined) this.#entries.delete(name);
      return { kind: 'none' };
    }
    const signature = files.map(signatureOf).join('\n');
    const entry = known ?? { signature: '', set: undefined, texts: new Map(), loading: undefined };
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    this.#forgetOldest();
    if (entry.signature === signature && entry.set !== undefined)
      return { kind: 'fresh', set: entry.set };
    entry.loading ??= this.#read(entry, files, signature).finally(() => {
      entry.loading = undefined;
    });
    await Promise.race([entry.loading, after(waitMs)]);
    return entry.signature === signature && entry.set !== undefined
      ? { kind: 'fresh', set: entry.set }
      : { kind: 'stale', set: entry.set };
  }

  get size(): number {
    return this.#entries.size;
  }

  get problems(): readonly string[] {
    return [...this.#entries.values()].flatMap(({ set }) => set?.problems ?? []);
  }

  async #read(entry: Entry, files: readonly RuleFile[], signature: string): Promise<void> {
    const loaded = await this.#load({
      kind: 'load-rules',
      files,
      reservedIds: this.#reservedIds,
      previous: entry.texts,
    });
    // Tried once for each state of the files: what takes too long now does so the next time.
    entry.signature = signature;
    if (loaded === undefined) {
      entry.set = keyed(entry.set?.rules ?? [], [NOT_READ]);
      return;
    }
    entry.set = keyed(loaded.rules, loaded.problems);
    entry.texts = loaded.texts;
  }

  #forgetOldest(): void {
    for (const name of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) return;
      this.#entries.delete(name);
    }
  }
}

const NOT_READ =
  'the custom rule files took too long to read; the rules that they had before stay in force';

function keyed(rules: readonly Rule[], problems: readonly string[]): CustomRuleSet {
  const key = createHash('sha256')
    .update(JSON.stringify([rules, problems]))
    .digest('hex');
  return { key, rules, problems };
}

/** Whatever changes when a file does, clocks that were set back included. */
function signatureOf({ path }: RuleFile): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${path}\0${ino}\0${size}\0${mtimeNs}\0${ctimeNs}`;
  } catch {
    return `${path}\0gone`;
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
