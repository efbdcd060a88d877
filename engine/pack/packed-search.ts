/** What a pack's tables tell of a text. No rule is read for it, and nothing that reads one is loaded. */
import type { LanguageId } from '../language.ts';
import type { LiteralIndex, Sighting } from '../match/literal-index.ts';
import { onceEach } from '../once.ts';
import type { Kernel } from '../prefilter/kernel.ts';
import { Scopes } from '../scope/scopes.ts';
import type { RuleScope, SearchSet } from '../sight.ts';
import { openIndex } from './packed-index.ts';
import type { RulePack } from './rule-pack.ts';

export class PackedSearch implements SearchSet {
  readonly pack: RulePack;
  /** Of all rules of the set. */
  readonly scopes: Scopes = new Scopes();
  readonly unfiltered: readonly number[];
  /** Of a rule of the pack. */
  readonly scope: (index: number) => RuleScope;
  /** By plan 1 where its rule speaks the language, and is in the set. */
  readonly #wantedFor: (language: LanguageId | undefined) => Uint8Array;
  readonly #index: LiteralIndex;

  /** `index`: of the pack's patterns. `only`: ids of those rules of the pack that are in the set; all when undefined. */
  constructor(pack: RulePack, index: LiteralIndex, only: ReadonlySet<string> | undefined) {
    this.pack = pack;
    this.#index = index;
    const isIn = (plan: number): boolean =>
      only === undefined || only.has(pack.ids[pack.ruleOf(plan)] ?? '');
    this.unfiltered = pack.unfiltered.filter(isIn);
    this.scope = onceEach((rule: number): RuleScope => {
      const scope = pack.scopeOf(rule);
      const isForAll = scope.languages === undefined;
      return { applies: this.scopes.of(scope), isForAll, isBuiltin: true };
    });
    this.#wantedFor = onceEach((language: LanguageId | undefined) => {
      const wanted = pack.wantedFor(language);
      return only === undefined
        ? wanted
        : wanted.map((each, plan) => (each === 1 && isIn(plan) ? 1 : 0));
    });
  }

  search(text: Uint8Array, language: LanguageId | undefined): Sighting {
    return this.#index.search(text, this.#wantedFor(language));
  }

  speaks(plan: number, language: LanguageId | undefined): boolean {
    return this.#wantedFor(language)[plan] === 1;
  }

  ownerOf(plan: number): number {
    return this.pack.ruleOf(plan);
  }
}

/** Puts the pack's tables into `kernel`, in which nothing may be yet. */
export function openPackedSearch(
  pack: RulePack,
  kernel: Kernel,
  only?: ReadonlySet<string>,
): PackedSearch {
  kernel.restore(pack.image);
  return new PackedSearch(pack, openIndex(pack.patterns, kernel), only);
}
