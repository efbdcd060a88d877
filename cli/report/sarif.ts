/** The SARIF report of a scan. */
import type { Rule } from '../../engine/rule.ts';
import type { ReportedFinding, ScanReport } from './model.ts';
import { artifact, cweRelationships, LEVELS, sarifLog, SCORES, tagsOf } from './sarif-log.ts';
import type { Json } from './sarif-log.ts';

/** Returns one run as indented JSON and a line end. Suppressed findings are results with a suppression. */
export function formatSarif(report: ScanReport, showSuppressed: boolean): string {
  const indexes = new Map(report.rules.map((rule, index) => [rule.id, index]));
  const results = report.findings.map((reported) => result(reported, report, indexes));
  const hidden = showSuppressed ? report.suppressed : [];
  for (const suppression of hidden) {
    results.push({
      ...result(suppression, report, indexes),
      suppressions: [{ kind: 'inSource', status: 'accepted', justification: suppression.reason }],
    });
  }
  return sarifLog({
    root: report.cwd,
    rules: report.rules.map(descriptor),
    cwes: report.rules.flatMap(({ cwe }) => cwe ?? []),
    successful: report.notScanned.length + report.incomplete.length === 0,
    notifications: notifications(report),
    results,
  });
}

function descriptor(rule: Rule): Json {
  const { what, why, fix } = rule.message;
  const links = rule.references.map((url) => `- <${url}>`).join('\n');
  return {
    id: rule.id,
    name: rule.id.replaceAll(/(?:^|[-_ ]+)([a-z0-9])/g, (_match, first: string) =>
      first.toUpperCase(),
    ),
    shortDescription: { text: rule.title },
    fullDescription: { text: `${what} ${why}`.trim() || rule.title },
    help: {
      text: `${what} ${why} ${fix}`.trim() || rule.title,
      markdown: `${what} ${why}\n\n**Fix:** ${fix}${links === '' ? '' : `\n\n${links}`}`,
    },
    ...(rule.references[0] !== undefined && { helpUri: rule.references[0] }),
    defaultConfiguration: { level: LEVELS[rule.severity] },
    ...cweRelationships(rule.cwe),
    properties: ruleProperties(rule),
  };
}

function ruleProperties(rule: Rule): Json {
  return {
    tags: tagsOf(rule.cwe),
    precision: rule.confidence,
    'security-severity': SCORES[rule.severity],
    ...(rule.cwe !== undefined && { cwe: rule.cwe }),
    ...(rule.class !== undefined && { class: rule.class }),
  };
}

function result(
  { finding, rule, fingerprint }: ReportedFinding,
  report: ScanReport,
  indexes: ReadonlyMap<string, number>,
): Json {
  const { start, end } = finding;
  const { what, why, fix } = rule.message;
  return {
    ruleId: finding.ruleId,
    ruleIndex: indexes.get(finding.ruleId) ?? -1,
    level: LEVELS[finding.severity],
    message: { text: `${what} ${why} ${fix}`.trim() || rule.title },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(finding.path, report.cwd),
          region: {
            startLine: start.line,
            startColumn: start.column,
            endLine: end.line,
            endColumn: end.column,
            snippet: { text: finding.snippet },
          },
        },
      },
    ],
    partialFingerprints: { 'sgFingerprint/v1': fingerprint },
    properties: {
      ...(rule.cwe !== undefined && { cwe: rule.cwe }),
      ...(rule.class !== undefined && { class: rule.class }),
      confidence: finding.confidence,
      severity: finding.severity,
    },
  };
}

function notifications(report: ScanReport): Json[] {
  const notice = (path: string, text: string, level: string): Json => ({
    level,
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: artifact(path, report.cwd) } }],
  });
  return [
    ...report.notScanned.map(({ path, reason }) => notice(path, `Not scanned: ${reason}`, 'error')),
    ...report.incomplete.map(({ path, reason, ruleId }) =>
      notice(
        path,
        `Scanned in part${ruleId === undefined ? '' : ` (rule ${ruleId})`}: ${reason}`,
        'error',
      ),
    ),
  ];
}
