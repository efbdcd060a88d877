/** What a scan found and did not do, ready to be written in any format while it goes on. */
import type { Finding, Incomplete } from '../../engine/finding.ts';
import type { Rule, Severity } from '../../engine/rule.ts';
import { UNUSED, WITHOUT_REASON } from '../../engine/suppress/apply.ts';
import { fingerprints } from '../../host/fingerprint.ts';
import type { FileOutcome } from '../../workers/protocol.ts';

export interface NotScanned {
  readonly path: string;
  readonly reason: string;
}

export interface ReportedFinding {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly fingerprint: string;
}

/** What keeps a finding out of a report. */
export interface Suppression {
  readonly by: 'comment' | 'config' | 'baseline';
  /** As its author gives it. */
  readonly reason: string;
  /** Line of the comment. */
  readonly line?: number;
  /** The file that says so, where it is not the finding's own; relative to the current folder. */
  readonly file?: string;
}

export interface ReportedSuppression extends ReportedFinding {
  readonly suppression: Suppression;
}

/** What becomes of the findings of a scan; without it all are reported as they are. */
export interface Judge {
  /** The outcome of a file with another view of its comments. */
  readonly admit?: (outcome: FileOutcome) => FileOutcome;
  /** False for a finding that was not asked for: nothing is said of it. */
  readonly covers?: (finding: Finding) => boolean;
  /** Asked once for each finding that is covered, in their order: a severity, or what suppresses it. */
  readonly weigh?: (finding: Finding) => Severity | Suppression;
}

/** What is known of a scan before its first finding. */
export interface ReportFrame {
  /** All that can speak, those about suppressions included. */
  readonly rules: readonly Rule[];
  /** Absolute; paths of findings are relative to it. */
  readonly cwd: string;
  /** Which part of the files this is. */
  readonly shard?: Shard;
}

/** Part `index`, from 1, of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What is known of a scan once all is scanned. */
export interface ReportEnd {
  readonly findings: number;
  /** Files that have any. */
  readonly filesWithFindings: number;
  readonly severities: ReadonlySet<Severity>;
  /** By path, then position; so are the next two by path. */
  readonly suppressed: readonly ReportedSuppression[];
  readonly notScanned: readonly NotScanned[];
  readonly incomplete: readonly Incomplete[];
  readonly files: number;
  readonly bytes: number;
  /** Files left out because of a binary extension. */
  readonly binaries: number;
  readonly milliseconds: number;
  /** Entries of baselines that nothing was found for. */
  readonly stale: number;
  /** What settings did beside suppressing findings, by `what`. */
  readonly audit: readonly AuditLine[];
}

export interface AuditLine {
  readonly what: string;
  /** Findings, entries or files. */
  readonly count: number;
}

/** What is counted where the files are read. */
export type ReportTotals = Omit<
  ReportEnd,
  'findings' | 'filesWithFindings' | 'severities' | 'suppressed' | 'notScanned' | 'incomplete'
>;

/** Writes a report in parts, as files are scanned. */
export interface ReportWriter {
  /** What comes before all findings. */
  begin(): string;
  /** Findings of one or more files that follow those given before: by path, then position. */
  findings(found: readonly ReportedFinding[]): string;
  /** What comes after them. */
  end(end: ReportEnd): string;
}

/** Rules behind the two findings that the scanner makes about suppressions. */
const ABOUT_SUPPRESSIONS: readonly Rule[] = [
  aboutSuppressions(WITHOUT_REASON, 'Suppression without a reason', {
    what: 'This sg-ignore comment gives no reason, so it hides nothing.',
    why: 'A suppression that nobody can judge later hides real weaknesses.',
    fix: 'Write the reason after two dashes: `sg-ignore: rule-id -- reason`.',
  }),
  aboutSuppressions(UNUSED, 'Suppression that hides nothing', {
    what: 'This sg-ignore comment names a rule that finds nothing here.',
    why: 'A stale suppression hides the next real finding on its line.',
    fix: 'Remove the rule id, or the whole comment.',
  }),
];

function aboutSuppressions(id: string, title: string, message: Rule['message']): Rule {
  return {
    id,
    title,
    severity: 'low',
    confidence: 'high',
    patterns: [],
    unless: [],
    message,
    references: [],
    examples: { match: [], noMatch: [] },
    origin: 'builtin',
  };
}

/** `rules` and what can be said about suppressions. */
export function withSuppressionRules(rules: readonly Rule[]): readonly Rule[] {
  return [...rules, ...ABOUT_SUPPRESSIONS];
}

/** What files' outcomes become on their way to a writer: joined with rules, sorted, counted. */
export class ReportBuilder {
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #judge: Judge;
  readonly #suppressed: ReportedSuppression[] = [];
  readonly #notScanned: NotScanned[] = [];
  readonly #incomplete: Incomplete[] = [];
  readonly #severities = new Set<Severity>();
  #findings = 0;
  #filesWithFindings = 0;

  constructor({ rules }: Pick<ReportFrame, 'rules'>, judge: Judge = {}) {
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.#judge = judge;
  }

  /** Findings of one file, ready to be written. */
  add(given: FileOutcome): readonly ReportedFinding[] {
    const outcome = this.#judge.admit?.(given) ?? given;
    if (outcome.kind === 'not-scanned') {
      this.addNotScanned([outcome]);
      return [];
    }
    const { findings, suppressed, incomplete } = outcome.result;
    // One at a time: a file can have more than a call takes arguments.
    for (const part of incomplete) this.#incomplete.push(part);
    const hidden = fingerprints(suppressed.map(({ finding }) => finding));
    suppressed.forEach(({ finding, reason, line }, index) => {
      if (this.#covers(finding))
        this.#suppress(finding, hidden[index], { by: 'comment', reason, line });
    });
    const sorted = [...findings].sort(byPosition);
    // Over all of them, so that a fingerprint does not depend on what is left out.
    const all = fingerprints(sorted);
    const reported = sorted.flatMap((finding, index): ReportedFinding[] => {
      if (!this.#covers(finding)) return [];
      const verdict = this.#judge.weigh?.(finding) ?? finding.severity;
      if (typeof verdict !== 'string') {
        this.#suppress(finding, all[index], verdict);
        return [];
      }
      this.#severities.add(verdict);
      const weighed = verdict === finding.severity ? finding : { ...finding, severity: verdict };
      return [{ finding: weighed, rule: this.#ruleOf(finding), fingerprint: all[index] ?? '' }];
    });
    this.#findings += reported.length;
    if (reported.length > 0) this.#filesWithFindings += 1;
    return reported;
  }

  #covers(finding: Finding): boolean {
    return this.#judge.covers === undefined || this.#judge.covers(finding);
  }

  #suppress(finding: Finding, fingerprint = '', suppression: Suppression): void {
    this.#suppressed.push({ finding, rule: this.#ruleOf(finding), fingerprint, suppression });
  }

  addNotScanned(problems: readonly NotScanned[]): void {
    for (const { path, reason } of problems) this.#notScanned.push({ path, reason });
  }

  end(totals: ReportTotals): ReportEnd {
    return {
      findings: this.#findings,
      filesWithFindings: this.#filesWithFindings,
      severities: this.#severities,
      suppressed: this.#suppressed.sort(
        (a, b) => byPath(a.finding, b.finding) || byPosition(a.finding, b.finding),
      ),
      notScanned: this.#notScanned.sort(byPath),
      incomplete: this.#incomplete.sort(byPath),
      ...totals,
    };
  }

  #ruleOf({ ruleId }: Finding): Rule {
    return (
      this.#rules.get(ruleId) ?? aboutSuppressions(ruleId, ruleId, { what: '', why: '', fix: '' })
    );
  }
}

function byPosition(a: Finding, b: Finding): number {
  return a.start.offset - b.start.offset || compare(a.ruleId, b.ruleId);
}

/** By UTF-16 code units, as files are listed. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return compare(a.path, b.path);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
