/**
 * Rules as one file that is ready to be searched: their literals as tables, each rule with its plans as a record that
 * is read when one of its literals was met. A thousand rules then cost a scan what those few cost that it needs.
 */
import { LANGUAGES, type LanguageId } from '../language.ts';
import type { PackedPlans } from '../match/packed-plan.ts';
import type { Traces } from '../match/trace-code.ts';
import type { Rule } from '../rule.ts';
import type { ScopedRule } from '../scope/scope.ts';
import { once } from '../once.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { openTraces, type PackedTraces } from './packed-index.ts';
import { Sections } from './sections.ts';

export interface PackedRule {
  readonly rule: Rule;
  readonly plans: PackedPlans;
}

export class RulePack {
  /** Index of each rule's first plan, and of the one after the last; the same for conditions. */
  readonly planStarts: Uint32Array;
  readonly conditionStarts: Uint32Array;
  /** Plans that have no literal. */
  readonly unfiltered: readonly number[];
  /** Of the kernel that searches for both. */
  readonly image: Uint8Array;
  /** Literals of patterns and of conditions, for `openIndex`. */
  readonly patterns: Uint8Array;
  readonly conditions: Uint8Array;
  readonly #recordStarts: Uint32Array;
  readonly #records: Uint8Array;
  readonly #wanted: readonly Uint8Array[];
  readonly #ids: () => readonly string[];
  readonly #scopes: () => readonly ScopedRule[];
  readonly #scopeOf: Uint16Array;
  readonly #packedTraces: PackedTraces;
  readonly #traces: (Traces | undefined)[] = [];

  /** Of a file by `packRules`; throws for anything else. The file stays in use. */
  constructor(file: Uint8Array) {
    const sections = new Sections(file);
    // Written by our own build; most edits need neither.
    this.#ids = once(() => JSON.parse(decodeUtf8(sections.bytes(0))) as readonly string[]);
    this.#recordStarts = sections.words(1);
    this.#records = sections.bytes(2);
    this.planStarts = sections.words(3);
    this.conditionStarts = sections.words(4);
    this.unfiltered = [...sections.words(5)];
    const wanted = sections.bytes(6);
    const { planCount } = this;
    this.#wanted = [undefined, ...LANGUAGES].map((_, row) =>
      wanted.subarray(row * planCount, (row + 1) * planCount),
    );
    this.image = sections.bytes(7);
    this.patterns = sections.bytes(8);
    this.conditions = sections.bytes(9);
    this.#scopes = once(() => JSON.parse(decodeUtf8(sections.bytes(10))) as readonly ScopedRule[]);
    this.#scopeOf = sections.shorts(11);
    this.#packedTraces = openTraces(this.patterns, this.image);
  }

  get ids(): readonly string[] {
    return this.#ids();
  }

  get planCount(): number {
    return this.planStarts.at(-1) ?? 0;
  }

  get conditionCount(): number {
    return this.conditionStarts.at(-1) ?? 0;
  }

  record(rule: number): PackedRule {
    const text = decodeUtf8(this.#records, this.#recordStarts[rule], this.#recordStarts[rule + 1]);
    return JSON.parse(text) as PackedRule;
  }

  /** Whose files a rule is for: a part of the rule, without reading the rest of it. */
  scopeOf(rule: number): ScopedRule {
    return this.#scopes()[this.#scopeOf[rule] ?? 0] ?? {};
  }

  /** Undefined for a plan that has no literal. */
  traces(plan: number): Traces | undefined {
    this.#traces[plan] ??= this.#tracesOf(plan);
    return this.#traces[plan];
  }

  #tracesOf(plan: number): Traces | undefined {
    const { starts, code, classes } = this.#packedTraces;
    const [from = 0, middle = 0, to = 0] = starts.subarray(plan * 2, plan * 2 + 3);
    if (from === to) return undefined;
    return {
      before: { code, from, to: middle, classes },
      after: { code, from: middle, to, classes },
    };
  }

  /** Those of the rule with an id. */
  plansOf(id: string): PackedPlans | undefined {
    const index = this.ids.indexOf(id);
    return index < 0 ? undefined : this.record(index).plans;
  }

  /** The rule that a plan belongs to. */
  ruleOf(plan: number): number {
    let low = 0;
    let high = this.planStarts.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.planStarts[middle] ?? 0) <= plan) low = middle;
      else high = middle;
    }
    return low;
  }

  /** By plan 1 where its rule is for files in `language`; the same array for the same language. */
  wantedFor(language: LanguageId | undefined): Uint8Array {
    const row = language === undefined ? 0 : LANGUAGES.indexOf(language) + 1;
    return this.#wanted[row] ?? new Uint8Array(this.planCount);
  }
}
