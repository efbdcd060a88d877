/**
 * The scanner: bytes and rules in, findings out.
 *
 * Contract: what a scan reports is exactly what each rule's RE2 finds on the whole decoded text, then
 * scoped, tried against conditions, and suppressed. Of a notebook that text is the code of its cells.
 */
import type { ScanResult } from './finding.ts';
import { byPosition } from './hits.ts';
import { codeLanguageOf, isTemplate, type LanguageId } from './language.ts';
import { windowsToTry } from './match/match.ts';
import { lex } from './lexer/lex.ts';
import { Tables } from './lexer/tables/index.ts';
import { scanNotebook } from './notebook/scan.ts';
import { type NotebookView, viewNotebook } from './notebook/view.ts';
import { openPackedSearch, type PackedSearch } from './pack/packed-search.ts';
import { packedRuleSet } from './pack/packed-set.ts';
import type { RulePack } from './pack/rule-pack.ts';
import type { WasmRuntime } from './re2/runtime.ts';
import { DEFAULT_RE2_LIMITS, type Re2Limits } from './re2/limits.ts';
import { type Deadline, NO_DEADLINE, Re2Store } from './re2/store.ts';
import type { Window } from './re2/result.ts';
import { buildRuleSet, type RuleProblem, type RuleSet, type RuleSetOptions } from './rule-set.ts';
import { conditionPatterns, type Rule } from './rule.ts';
import { type Seen, seenOf, sightedBy } from './seen.ts';
import {
  isPromising,
  type Place,
  placeOf,
  sight,
  sightAnywhere,
  type Sighted,
  sightText,
  withoutUtf16,
} from './sight.ts';
import { decodeText } from './text/decode.ts';
import { type ScanTools, TextScan } from './text-scan.ts';

export interface ScannerOptions extends Omit<RuleSetOptions, 'taken'> {
  readonly rules: readonly Rule[];
  /** Built-in rules, which come before `rules`. */
  readonly pack?: RulePack;
  /** Of the pack only those with these ids. */
  readonly only?: ReadonlySet<string>;
  /** Of the pack, with the same `only`, where it is open in `kernel` already. */
  readonly packedSearch?: PackedSearch;
  /** Called at the first pattern that has to be confirmed, and again after an instance was lost. */
  readonly wasm: () => WasmRuntime;
  readonly re2Limits?: Re2Limits;
  /** Most matches of one pattern in one file; what is beyond is reported as incomplete. */
  readonly maxMatches?: number;
  /** Whether a `#nosec` hides what it is about; who checks edits does not let their author say so. */
  readonly nosec?: boolean;
  /** Whether what several rules know of one place is told once; who asks about a rule wants to hear of it from each. */
  readonly once?: boolean;
  /** Told of each rule whose patterns or conditions are about to be tried: who has a clock can say what each costs. */
  readonly onRule?: (ruleId: string) => void;
}

export interface Scanner {
  /** Rules that were left out, with the reason. */
  readonly problems: readonly RuleProblem[];
  /** One that was not left out. */
  readonly rule: (id: string) => Rule | undefined;
  /** By literals and what stands around them, RE2 is not loaded: false means that `scan` would find nothing. */
  couldMatch(path: string, bytes: Uint8Array, absolute?: string): boolean;
  /** The same; where something may be found, with what was seen if that saves a `scan` of the same bytes some work. */
  look(path: string, bytes: Uint8Array, absolute?: string): Look;
  /**
   * `path` is relative to the project, `absolute` serves rules whose globs look at the whole path. Once
   * `isOverdue` says so no pattern is tried any more; rules with patterns left are reported as incomplete.
   * `seen`: what a scanner of the same rules told of the same bytes.
   */
  scan(
    path: string,
    bytes: Uint8Array,
    absolute?: string,
    isOverdue?: Deadline,
    seen?: Seen,
  ): ScanResult;
  /** Many texts are to come: whatever is read once is read now. */
  expectMany(): void;
  /** Why RE2 refuses one of a rule's patterns; compiles all of them, so this is for rule authors. */
  verifyPatterns(): readonly RuleProblem[];
  dispose(): void;
}

export interface Look {
  readonly couldMatch: boolean;
  readonly seen?: Seen | undefined;
}

const NOTHING: ScanResult = { findings: [], suppressed: [], incomplete: [] };
const MAX_MATCHES = 20_000;

export function createScanner(options: ScannerOptions): Scanner {
  const { pack, only, kernel } = options;
  // Before anything else finds room in the kernel.
  const search =
    options.packedSearch ?? (pack && kernel ? openPackedSearch(pack, kernel, only) : undefined);
  const own = buildRuleSet(options.rules, { ...options, taken: only ?? pack?.ids ?? [] });
  const set = pack === undefined ? own : packedRuleSet(pack, own, { search, kernel, only });
  const tools: ScanTools = {
    set,
    store: new Re2Store(options.wasm, options.re2Limits ?? DEFAULT_RE2_LIMITS),
    tables: new Tables(),
    maxMatches: options.maxMatches ?? MAX_MATCHES,
    onRule: options.onRule,
    nosec: options.nosec ?? false,
    once: options.once ?? false,
  };
  const look: Scanner['look'] = (path, bytes, absolute) => {
    const scope = placeOf(path, absolute, bytes);
    const view = viewOf(scope.language, bytes);
    if (view === undefined) {
      const sighted = narrowed(set, sightText(set, bytes, scope));
      return isPromising(sighted)
        ? { couldMatch: true, seen: seenOf(sighted, bytes) }
        : { couldMatch: false };
    }
    const code = sight(set, view.text, scope);
    return {
      couldMatch:
        isPromising(narrowed(set, code)) ||
        isPromising(narrowed(set, sightAnywhere(set, decodeText(bytes), scope))),
    };
  };
  return {
    problems: set.problems,
    rule: (id) => set.ruleById(id)?.rule,
    couldMatch: (path, bytes, absolute) => look(path, bytes, absolute).couldMatch,
    look,
    scan(path, bytes, absolute, isOverdue = NO_DEADLINE, seen) {
      tools.store.isOverdue = isOverdue;
      const scope = placeOf(path, absolute, bytes);
      const { language } = scope;
      const view = viewOf(language, bytes);
      if (view === undefined) {
        const sighted =
          seen === undefined
            ? sightText(set, bytes, scope)
            : sightedBy(seen, seen.isDecoded ? decodeText(withoutUtf16(bytes)) : bytes);
        return scanText(tools, path, language, scope, sighted);
      }
      const code = sight(set, view.text, scope);
      const file = sightAnywhere(set, decodeText(bytes), scope);
      if (!isPromising(code) && file.due.length === 0) return NOTHING;
      return scanNotebook(tools, { path, scope, view, code, file });
    },
    expectMany: () => tools.store.expectMany(),
    verifyPatterns: () => refusedPatterns(tools),
    dispose() {
      tools.store.dispose();
    },
  };
}

/** `language`: of a notebook it is that of its cells. */
function scanText(
  tools: ScanTools,
  path: string,
  language: LanguageId | undefined,
  scope: Place,
  sighted: Sighted,
): ScanResult {
  if (!isPromising(sighted)) return NOTHING;
  const { sighting, due, bytes: text, windows } = sighted;
  const scan = new TextScan(tools, {
    path,
    bytes: text,
    language: codeLanguageOf(language),
    isTemplate: isTemplate(language),
    lex: () => lex(text, isTemplate(language) ? language : codeLanguageOf(language), tools.tables),
    sighting,
    windows,
  });
  const { findings, suppressed } = scan.suppress(
    scan.findings(scan.hits(due)).sort(byPosition),
    scope,
  );
  return { findings: [...findings].sort(byPosition), suppressed, incomplete: scan.incomplete };
}

/** Follows each literal that was found as far as that takes no RE2, and leaves out what has no match. */
function narrowed(set: RuleSet, sighted: Sighted): Sighted {
  const { sighting, bytes: text } = sighted;
  const windows = new Map<number, readonly Window[]>();
  const due = sighted.due.filter((index) => {
    const traces = set.traces(index);
    if (traces === undefined) return true;
    const occurrences = sighting.occurrences.get(index) ?? [];
    const toFollow = index < sighting.followed ? undefined : traces;
    const tried = windowsToTry(toFollow, text, occurrences, () => set.plan(index));
    if (tried !== undefined) windows.set(index, tried);
    return tried?.length !== 0;
  });
  return { bytes: text, sighting, due, windows };
}

function refusedPatterns({ set, store }: ScanTools): RuleProblem[] {
  return set.all().flatMap(({ rule }) => {
    const fields = [
      ...rule.patterns.map((source, i) => ({ source, field: `patterns[${i}]` })),
      ...conditionPatterns(rule),
    ];
    return fields.flatMap(({ source, field }) => {
      const message = store.refusal(source);
      if (message === undefined) return [];
      return [{ ruleId: rule.id, field, error: { offset: 0, length: source.length, message } }];
    });
  });
}

function viewOf(language: LanguageId | undefined, bytes: Uint8Array): NotebookView | undefined {
  return language === 'notebook' ? viewNotebook(decodeText(bytes)) : undefined;
}
