/** One text on its way through match, region, conditions and suppression. */
import type { Finding, Incomplete, SuppressedFinding } from './finding.ts';
import { findingAt, lineSnippet } from './finding-text.ts';
import { distinct, type Hit } from './hits.ts';
import type { LanguageId } from './language.ts';
import { hasComments } from './lexer/lex.ts';
import { regionAt, type Spans } from './lexer/spans.ts';
import type { Tables } from './lexer/tables/index.ts';
import type { OccurrencesByPlan, Sighting } from './match/literal-index.ts';
import { firstWord, likely, matchPlan, startsIn } from './match/match.ts';
import type { Re2Store } from './re2/store.ts';
import type { Window } from './re2/result.ts';
import type { Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';
import type { ScopePath } from './scope/scope.ts';
import { applySuppressions } from './suppress/apply.ts';
import { applyNosec } from './suppress/nosec.ts';
import { parseSuppressions } from './suppress/parse.ts';
import { withoutEchoes } from './echoes.ts';
import { Secrets } from './secret/secrets.ts';
import { LineIndex } from './text/lines.ts';
import { groupsHold, groupsIn, type WhereText } from './where/where.ts';
import { blankComments } from './conditions/blank.ts';
import { ConditionJudge, type Conditions, NO_CONDITIONS } from './conditions/judge.ts';

/** What all texts of a scanner share. */
export interface ScanTools {
  readonly set: RuleSet;
  readonly store: Re2Store;
  readonly tables: Tables;
  readonly maxMatches: number;
  readonly nosec: boolean;
  readonly once: boolean;
  readonly onRule: ((ruleId: string) => void) | undefined;
}

export interface ScanText {
  /** As findings name it. */
  readonly path: string;
  /** Valid UTF-8. */
  readonly bytes: Uint8Array;
  /** What the text is read as, which for a part of a file is not what its path says. */
  readonly language: LanguageId | undefined;
  /** Of a template: how far its code is indented says nothing. */
  readonly isTemplate: boolean;
  /** Asked for once, and only when a match was found. */
  readonly lex: () => Spans;
  /** Literals and marks in `bytes`. */
  readonly sighting: Sighting;
  /** By plan, where they are known: windows outside of which it has no match. */
  readonly windows?: ReadonlyMap<number, readonly Window[]> | undefined;
}

export interface Reported {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
}

const OVERDUE = { kind: 'overdue' } as const;

/** Most flagged texts have no match after all, so lines and regions wait until one is found. */
export class TextScan {
  readonly incomplete: Incomplete[] = [];
  readonly #tools: ScanTools;
  readonly #text: ScanText;
  #lines: LineIndex | undefined;
  #spans: Spans | undefined;
  #secrets: Secrets;

  constructor(tools: ScanTools, text: ScanText) {
    this.#tools = tools;
    this.#text = text;
    this.#secrets = new Secrets(text.bytes, []);
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.#text.bytes);
    return this.#lines;
  }

  get #regions(): Spans {
    this.#spans ??= this.#text.lex();
    return this.#spans;
  }

  get #whereText(): WhereText {
    const { bytes, language } = this.#text;
    return { bytes, language, spans: () => this.#regions };
  }

  /** Matches of the plans `due` that stand, by rule and position; those of one rule do not overlap. */
  hits(due: readonly number[]): Hit[] {
    if (due.length === 0) return [];
    const { store, set } = this.#tools;
    const isBuiltin = (plan: number): boolean => set.scope(set.ownerOf(plan))?.isBuiltin === true;
    // To the end, so that a user's pattern that takes all the time there is hides none of ours.
    const parts = [due.filter(isBuiltin), due.filter((plan) => !isBuiltin(plan))];
    const hits = parts.flatMap((part) => {
      if (part.length === 0) return [];
      store.setText(this.#text.bytes);
      return this.#standing(distinct(this.#matches(part)));
    });
    store.releaseText();
    return hits;
  }

  /** `all`: hits whose secrets are not shown, which may be more than are told. */
  findings(hits: readonly Hit[], all: readonly Hit[] = hits): Finding[] {
    const { bytes, path } = this.#text;
    this.#secrets = new Secrets(
      bytes,
      all.flatMap(({ secret }) => secret ?? []),
    );
    const ruleOf = (index: number): Rule => {
      const ready = this.#tools.set.rule(index);
      if (ready === undefined) throw new Error(`no rule ${index}`);
      return ready.rule;
    };
    const place = { length: bytes.length, lineAt: (offset: number) => this.lines.lineAt(offset) };
    const told = this.#tools.once ? withoutEchoes(hits, place, ruleOf) : hits;
    return told.map(({ rule, range }) =>
      findingAt(ruleOf(rule), path, this.lines, range, this.#secrets),
    );
  }

  /** Hides what the text's own comments suppress; `scope` tells which rules were tried. */
  suppress(findings: readonly Finding[], scope: ScopePath): Reported {
    const own = this.#suppressOwn(findings, scope);
    if (!this.#tools.nosec || own.findings.length === 0) return own;
    const { bytes, language } = this.#text;
    const others = applyNosec(own.findings, {
      bytes,
      language,
      lines: this.lines,
      spans: () => this.#regions,
      cweOf: (id) => this.#tools.set.ruleById(id)?.rule.cwe,
    });
    return { findings: others.findings, suppressed: [...own.suppressed, ...others.suppressed] };
  }

  #suppressOwn(findings: readonly Finding[], scope: ScopePath): Reported {
    const { bytes, path, language, sighting } = this.#text;
    if (sighting.marks.length === 0) return { findings, suppressed: [] };
    const suppressions = parseSuppressions(
      bytes,
      sighting.marks,
      this.lines,
      this.#regions,
      hasComments(language),
    );
    const failed = new Set(this.incomplete.map(({ ruleId }) => ruleId));
    return applySuppressions(findings, suppressions, {
      path,
      ran: (id) => this.#tools.set.ruleById(id)?.applies(scope) === true && !failed.has(id),
      position: (offset) => this.lines.position(offset),
      snippet: (offset) => lineSnippet(this.lines, offset, this.#secrets),
    });
  }

  /** Takes over what another reading of the same file left undone. */
  absorb(incomplete: readonly Incomplete[]): void {
    for (const { ruleId = '', reason, overdue } of incomplete) this.#note(ruleId, reason, overdue);
  }

  #matches(due: readonly number[]): Hit[] {
    const { set, store, maxMatches, onRule } = this.#tools;
    const { bytes, sighting, windows } = this.#text;
    const hits: Hit[] = [];
    for (const index of due) {
      const rule = set.ownerOf(index);
      if (onRule !== undefined) onRule(set.rule(rule)?.rule.id ?? '');
      const traces = set.traces(index);
      const found = sighting.occurrences.get(index) ?? [];
      const isFollowed = index < sighting.followed;
      const known = windows?.get(index);
      const candidates =
        known === undefined
          ? traces && (isFollowed ? found : likely(traces, bytes, found, store))
          : [];
      if ((known ?? candidates)?.length === 0) continue;
      const isLate = traces !== undefined && candidates === undefined;
      const plan = set.plan(index);
      const ready = set.rule(rule);
      if (plan === undefined || ready === undefined) continue;
      const names = set.groupsOf(index);
      const places = { candidates: candidates ?? [], windows: known };
      const result = isLate
        ? OVERDUE
        : matchPlan(plan, bytes, places, store, maxMatches, names?.length);
      if (result.kind === 'overdue') {
        this.#cutByDeadline(rule);
        continue;
      }
      if (result.kind === 'failed') {
        this.#cut(rule, `pattern not evaluated: ${result.reason}`);
        continue;
      }
      if (result.truncated)
        this.#cut(
          rule,
          `only the first ${result.matches.length} matches of one pattern were looked at`,
        );
      for (const match of result.matches) {
        const { in: regions, where = [], secret } = ready.rule;
        if (regions !== undefined && !startsIn(bytes, this.#regions, match, regions)) continue;
        const range = { start: match.start, end: match.end };
        const group = groupsIn(match, names);
        if (!groupsHold(where, group, this.#whereText)) continue;
        hits.push({
          rule,
          range,
          ...(names === undefined ? {} : { group }),
          ...(secret === undefined ? {} : { secret: group(secret) ?? range }),
        });
      }
    }
    return hits;
  }

  #conditions(hit: Hit): Conditions {
    return this.#tools.set.rule(hit.rule)?.conditions ?? NO_CONDITIONS;
  }

  #standing(hits: readonly Hit[]): Hit[] {
    const { bytes } = this.#text;
    const isFree = ({ requires, unless }: Conditions) => requires.length + unless.length === 0;
    if (hits.every((hit) => isFree(this.#conditions(hit)))) return [...hits];
    // Where the match itself is in a comment, the comments are what it is about.
    const inComment = (hit: Hit) =>
      regionAt(this.#regions, firstWord(bytes, hit.range)) === 'comment';
    const kept = [
      ...this.#judged(
        hits.filter((hit) => !inComment(hit)),
        blankComments(bytes, this.#regions),
      ),
      ...this.#judged(hits.filter(inComment), bytes),
    ];
    return kept.sort((a, b) => a.rule - b.rule || a.range.start - b.range.start);
  }

  /** Hits whose conditions let them stand in `seen`, which is the text with or without its comments. */
  #judged(hits: readonly Hit[], seen: Uint8Array): readonly Hit[] {
    if (hits.length === 0) return hits;
    const { set, store, onRule } = this.#tools;
    const { bytes, isTemplate, language } = this.#text;
    let found: OccurrencesByPlan | undefined;
    const plans = hits.flatMap((hit) => {
      const { requires, unless } = this.#conditions(hit);
      return [...requires, ...unless].flatMap(({ plan }) => plan ?? []);
    });
    // As long as the text, and nothing in it but what is there.
    store.setText(seen);
    const judge = new ConditionJudge(
      {
        text: bytes,
        seen,
        spans: this.#regions,
        lines: this.lines,
        language,
        isTemplate,
        occurrences(plan) {
          found ??= set.searchConditions(plans, seen);
          return found.get(plan);
        },
      },
      store,
    );
    return hits.filter((hit) => {
      onRule?.(set.rule(hit.rule)?.rule.id ?? '');
      const verdict = judge.judge(hit, this.#conditions(hit));
      if (verdict === 'undecided' && store.isOverdue()) {
        this.#cutByDeadline(hit.rule);
        return false;
      }
      if (verdict === 'undecided')
        this.#cut(hit.rule, 'conditions were not decided for every match; the finding is kept');
      return verdict !== 'cancelled';
    });
  }

  #cut(rule: number, reason: string): void {
    this.#note(this.#tools.set.rule(rule)?.rule.id ?? '', reason);
  }

  /** Another scan with more time tells the whole of it, so a finding that is not yet certain waits for that. */
  #cutByDeadline(rule: number): void {
    this.#note(
      this.#tools.set.rule(rule)?.rule.id ?? '',
      'not evaluated before the deadline',
      true,
    );
  }

  #note(ruleId: string, reason: string, overdue?: true): void {
    if (this.incomplete.some((known) => known.ruleId === ruleId && known.reason === reason)) return;
    const what = { path: this.#text.path, ruleId, reason };
    this.incomplete.push(overdue === undefined ? what : { ...what, overdue });
  }
}
