/**
 * The scanner: bytes and rules in, findings out.
 *
 * Contract: what a scan reports is exactly what each rule's RE2 finds on the whole decoded text, then
 * scoped, tried against `unless`, and suppressed.
 */
import type { Finding, Incomplete, ScanResult } from './finding.ts';
import { findingAt, lineSnippet } from './finding-text.ts';
import { languageOf } from './language.ts';
import { hasComments, lex } from './lexer/lex.ts';
import type { Spans } from './lexer/spans.ts';
import type { Sighting } from './match/literal-index.ts';
import { matchPlan, startsIn } from './match/match.ts';
import type { ByteRange } from './re2/instance.ts';
import type { WasmRuntime } from './re2/runtime.ts';
import { DEFAULT_RE2_LIMITS, type Re2Limits, Re2Store } from './re2/store.ts';
import { buildRuleSet, type RuleProblem, type RuleSet, type RuleSetOptions } from './rule-set.ts';
import type { Rule } from './rule.ts';
import type { ScopePath } from './scope/scope.ts';
import { applySuppressions } from './suppress/apply.ts';
import { parseSuppressions } from './suppress/parse.ts';
import { decodeText, isUtf16 } from './text/decode.ts';
import { LineIndex } from './text/lines.ts';
import { blankComments } from './unless/blank.ts';
import { UnlessJudge } from './unless/judge.ts';

export interface ScannerOptions extends RuleSetOptions {
  readonly rules: readonly Rule[];
  /** Called at the first pattern that has to be confirmed, and again after an instance was lost. */
  readonly wasm: () => WasmRuntime;
  readonly re2Limits?: Re2Limits;
  /** Most matches of one pattern in one file; what is beyond is reported as incomplete. */
  readonly maxMatches?: number;
}

export interface Scanner {
  /** Rules that were left out, with the reason. */
  readonly problems: readonly RuleProblem[];
  /** Literals only, RE2 is not loaded: false means that `scan` would find nothing. */
  couldMatch(path: string, bytes: Uint8Array, absolute?: string): boolean;
  /** `path` is relative to the project, `absolute` serves rules whose globs look at the whole path. */
  scan(path: string, bytes: Uint8Array, absolute?: string): ScanResult;
  /** Why RE2 refuses one of a rule's patterns; compiles all of them, so this is for rule authors. */
  verifyPatterns(): readonly RuleProblem[];
  dispose(): void;
}

const NOTHING: ScanResult = { findings: [], suppressed: [], incomplete: [] };
const MAX_MATCHES = 20_000;

export function createScanner(options: ScannerOptions): Scanner {
  const set = buildRuleSet(options.rules, options);
  const store = new Re2Store(options.wasm, options.re2Limits ?? DEFAULT_RE2_LIMITS);
  const maxMatches = options.maxMatches ?? MAX_MATCHES;
  return {
    problems: set.problems,
    couldMatch(path, bytes, absolute) {
      const raw = isUtf16(bytes) ? decodeText(bytes) : bytes;
      const sighting = set.index.search(raw);
      return (
        sighting.marks.length > 0 || duePlans(set, sighting, scopePath(path, absolute)).length > 0
      );
    },
    scan(path, bytes, absolute) {
      const raw = isUtf16(bytes) ? decodeText(bytes) : bytes;
      const scope = scopePath(path, absolute);
      let sighting = set.index.search(raw);
      let due = duePlans(set, sighting, scope);
      if (due.length === 0 && sighting.marks.length === 0) return NOTHING;
      const text = decodeText(raw);
      if (text !== raw) {
        sighting = set.index.search(text);
        due = duePlans(set, sighting, scope);
      }
      store.setText(text);
      const result = new FileScan(set, store, maxMatches, path, text, sighting).run(due, scope);
      store.releaseText();
      return result;
    },
    verifyPatterns() {
      return set.rules.flatMap(({ rule }) => {
        const fields = [
          ...rule.patterns.map((source, i) => ({ source, field: `patterns[${i}]` })),
          ...rule.unless.map(({ pattern }, i) => ({
            source: pattern,
            field: `unless[${i}].pattern`,
          })),
        ];
        return fields.flatMap(({ source, field }) => {
          const message = store.refusal(source);
          if (message === undefined) return [];
          return [{ ruleId: rule.id, field, error: { offset: 0, length: source.length, message } }];
        });
      });
    },
    dispose() {
      store.dispose();
    },
  };
}

function scopePath(relative: string, absolute: string | undefined): ScopePath {
  return absolute === undefined ? { relative } : { relative, absolute };
}

/** Plans of rules that apply to the path and whose literals were seen, by rule. */
function duePlans(set: RuleSet, sighting: Sighting, path: ScopePath): number[] {
  const candidates = [...sighting.flagged, ...set.unfiltered];
  if (candidates.length === 0) return candidates;
  const applies = new Map<number, boolean>();
  const due = candidates.filter((plan) => {
    const rule = set.ruleOf[plan] ?? 0;
    let answer = applies.get(rule);
    if (answer === undefined) {
      answer = set.rules[rule]?.applies(path) ?? false;
      applies.set(rule, answer);
    }
    return answer;
  });
  return due.sort((a, b) => a - b);
}

interface Hit {
  readonly rule: number;
  readonly range: ByteRange;
}

/** One file on its way through match, scope, unless and suppression. */
class FileScan {
  private readonly incomplete: Incomplete[] = [];
  private knownLines: LineIndex | undefined;
  private knownSpans: Spans | undefined;
  private readonly set: RuleSet;
  private readonly store: Re2Store;
  private readonly maxMatches: number;
  private readonly path: string;
  private readonly text: Uint8Array;
  private readonly sighting: Sighting;

  constructor(
    set: RuleSet,
    store: Re2Store,
    maxMatches: number,
    path: string,
    text: Uint8Array,
    sighting: Sighting,
  ) {
    this.set = set;
    this.store = store;
    this.maxMatches = maxMatches;
    this.path = path;
    this.text = text;
    this.sighting = sighting;
  }

  /** Most flagged files have no match after all, so lines and regions wait until one is found. */
  private get lines(): LineIndex {
    this.knownLines ??= new LineIndex(this.text);
    return this.knownLines;
  }

  private get spans(): Spans {
    this.knownSpans ??= lex(this.text, languageOf(this.path));
    return this.knownSpans;
  }

  run(due: readonly number[], scope: ScopePath): ScanResult {
    const hits = this.unlessStands(this.distinct(this.matches(due)));
    const findings = hits.map((hit) => this.finding(hit)).sort(byPosition);
    if (this.sighting.marks.length === 0)
      return { findings, suppressed: [], incomplete: this.incomplete };
    const commented = hasComments(languageOf(this.path));
    const suppressions = parseSuppressions(
      this.text,
      this.sighting.marks,
      this.lines,
      this.spans,
      commented,
    );
    const active = new Set(
      this.set.rules.filter((ready) => ready.applies(scope)).map(({ rule }) => rule.id),
    );
    const failed = new Set(this.incomplete.map(({ ruleId }) => ruleId));
    const applied = applySuppressions(findings, suppressions, {
      path: this.path,
      ran: (id) => active.has(id) && !failed.has(id),
      position: (offset) => this.lines.position(offset),
      snippet: (offset) => lineSnippet(this.text, this.lines, offset),
    });
    return {
      ...applied,
      findings: [...applied.findings].sort(byPosition),
      incomplete: this.incomplete,
    };
  }

  private matches(due: readonly number[]): Hit[] {
    const hits: Hit[] = [];
    for (const index of due) {
      const plan = this.set.plans[index];
      const rule = this.set.ruleOf[index] ?? 0;
      const ready = this.set.rules[rule];
      if (plan === undefined || ready === undefined) continue;
      const result = matchPlan(
        plan,
        this.text,
        this.sighting.occurrences[index],
        this.store,
        this.maxMatches,
      );
      if (result.kind === 'failed') {
        this.cut(rule, `pattern not evaluated: ${result.reason}`);
        continue;
      }
      if (result.truncated)
        this.cut(
          rule,
          `more than ${this.maxMatches} matches of one pattern; the rest is not shown`,
        );
      for (const range of result.matches) {
        if (ready.rule.in === undefined || startsIn(this.text, this.spans, range, ready.rule.in))
          hits.push({ rule, range });
      }
    }
    return hits;
  }

  /** Patterns of one rule may match the same place: the first match there stands for all that overlap it. */
  private distinct(hits: readonly Hit[]): Hit[] {
    const sorted = [...hits].sort(
      (a, b) => a.rule - b.rule || a.range.start - b.range.start || b.range.end - a.range.end,
    );
    const kept: Hit[] = [];
    for (const hit of sorted) {
      const last = kept.at(-1);
      const overlaps =
        last !== undefined && last.rule === hit.rule && hit.range.start < last.range.end;
      if (!overlaps) kept.push(hit);
    }
    return kept;
  }

  private unlessStands(hits: readonly Hit[]): Hit[] {
    const conditions = (hit: Hit) => this.set.rules[hit.rule]?.unless ?? [];
    if (hits.every((hit) => conditions(hit).length === 0)) return [...hits];
    const { occurrences } = this.set.unlessIndex().search(this.text);
    this.store.setText(blankComments(this.text, this.spans));
    const judge = new UnlessJudge(
      {
        text: this.text,
        spans: this.spans,
        lines: this.lines,
        language: languageOf(this.path),
        occurrences: (plan) => occurrences[plan],
      },
      this.store,
    );
    return hits.filter((hit) => {
      const verdict = judge.judge(hit.range, conditions(hit));
      if (verdict === 'undecided')
        this.cut(hit.rule, '"unless" was not decided for every match; the finding is kept');
      return verdict !== 'cancelled';
    });
  }

  private cut(rule: number, reason: string): void {
    const ruleId = this.set.rules[rule]?.rule.id ?? '';
    if (this.incomplete.some((known) => known.ruleId === ruleId && known.reason === reason)) return;
    this.incomplete.push({ path: this.path, ruleId, reason });
  }

  private finding({ rule, range }: Hit): Finding {
    const ready = this.set.rules[rule];
    if (ready === undefined) throw new Error(`no rule ${rule}`);
    return findingAt(ready.rule, this.path, this.text, this.lines, range);
  }
}

function byPosition(a: Finding, b: Finding): number {
  return (
    a.start.offset - b.start.offset || (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0)
  );
}
