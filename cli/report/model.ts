/** What a scan found and did not do, ready to be written in any format. */
import type { Finding, Incomplete, SuppressedFinding } from '../../engine/finding.ts';
import type { Rule } from '../../engine/rule.ts';
import { UNUSED, WITHOUT_REASON } from '../../engine/suppress/apply.ts';
import { fingerprints } from '../../host/fingerprint.ts';

export interface NotScanned {
  readonly path: string;
  readonly reason: string;
}

export interface ReportedFinding {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly fingerprint: string;
}

export interface ReportedSuppression extends ReportedFinding {
  readonly reason: string;
  /** Line of the suppression comment. */
  readonly line: number;
}

export interface ScanReport {
  /** Rules that could have spoken, and those about suppressions that did. */
  readonly rules: readonly Rule[];
  /** By path, then position. */
  readonly findings: readonly ReportedFinding[];
  readonly suppressed: readonly ReportedSuppression[];
  readonly notScanned: readonly NotScanned[];
  readonly incomplete: readonly Incomplete[];
  readonly files: number;
  readonly bytes: number;
  /** Files left out because of a binary extension. */
  readonly binaries: number;
  readonly milliseconds: number;
  /** Absolute; paths of findings are relative to it. */
  readonly cwd: string;
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

/** Sorts, joins findings with their rules and gives each its fingerprint. */
export function buildReport(
  facts: Omit<ScanReport, 'findings' | 'suppressed' | 'rules'> & {
    readonly rules: readonly Rule[];
    readonly findings: readonly Finding[];
    readonly suppressed: readonly SuppressedFinding[];
  },
): ScanReport {
  const findings = [...facts.findings].sort(byPlace);
  const suppressed = [...facts.suppressed].sort((a, b) => byPlace(a.finding, b.finding));
  const said = new Set(findings.map(({ ruleId }) => ruleId));
  const rules = [...facts.rules, ...ABOUT_SUPPRESSIONS.filter(({ id }) => said.has(id))];
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const shown = fingerprints(findings);
  const hidden = fingerprints(suppressed.map(({ finding }) => finding));
  const ruleOf = (finding: Finding): Rule =>
    byId.get(finding.ruleId) ??
    aboutSuppressions(finding.ruleId, finding.ruleId, { what: '', why: '', fix: '' });
  return {
    ...facts,
    rules,
    findings: findings.map((finding, index) => ({
      finding,
      rule: ruleOf(finding),
      fingerprint: shown[index] ?? '',
    })),
    suppressed: suppressed.map(({ finding, reason, line }, index) => ({
      finding,
      rule: ruleOf(finding),
      fingerprint: hidden[index] ?? '',
      reason,
      line,
    })),
    notScanned: [...facts.notScanned].sort((a, b) => compare(a.path, b.path)),
    incomplete: [...facts.incomplete].sort((a, b) => compare(a.path, b.path)),
  };
}

function byPlace(a: Finding, b: Finding): number {
  return compare(a.path, b.path) || a.start.offset - b.start.offset || compare(a.ruleId, b.ruleId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
