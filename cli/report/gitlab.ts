/**
 * GitLab's Code Quality report, which it shows in the diff of a merge request on every plan:
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
import type { Severity } from '../../engine/rule.ts';
import { JsonList } from './json-list.ts';
import type { ReportedFinding, ReportWriter } from './model.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  low: 'minor',
  medium: 'major',
  high: 'critical',
  critical: 'blocker',
};

/** One list; a report that GitLab takes has no place for what was not scanned, which the exit code tells. */
export function gitlabWriter(): ReportWriter {
  const list = new JsonList('  ');
  return {
    begin: () => '[',
    findings: (found) => list.add(found.map(issue)),
    end: () => `${list.end('')}\n`,
  };
}

function issue({ finding, rule, fingerprint }: ReportedFinding): Record<string, unknown> {
  const { what, fix } = rule.message;
  return {
    description: `${rule.title}. ${what} ${fix}`.trim(),
    check_name: finding.ruleId,
    fingerprint,
    severity: SEVERITIES[finding.severity],
    location: { path: finding.path, lines: { begin: finding.start.line, end: finding.end.line } },
  };
}
