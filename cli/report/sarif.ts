/** The SARIF report of a scan. */
import type { Rule } from '../../engine/rule.ts';
import type { ReportedFinding, ReportEnd, ReportFrame, ReportWriter } from './model.ts';
import {
  artifact,
  cweRelationships,
  LEVELS,
  SarifDocument,
  sarifHead,
  sarifTail,
  SCORES,
  tagsOf,
} from './sarif-log.ts';
import type { Json } from './sarif-log.ts';

/** One run. Suppressed findings are results with a suppression, behind the others. */
export function sarifWriter(frame: ReportFrame, showSuppressed: boolean): ReportWriter {
  const { rules, cwd, shard } = frame;
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const document = new SarifDocument(
    sarifHead({
      root: cwd,
      rules: rules.map(descriptor),
      cwes: rules.flatMap(({ cwe }) => cwe ?? []),
    }),
  );
  return {
    begin: () => document.begin() + document.results([]),
    findings: (found) => document.results(found.map((each) => result(each, cwd, indexes))),
    end(end) {
      const hidden = (showSuppressed ? end.suppressed : []).map((suppressed) => ({
        ...result(suppressed, cwd, indexes),
        suppressions: [
          {
            kind: suppressed.suppression.by === 'comment' ? 'inSource' : 'external',
            status: 'accepted',
            justification: suppressed.suppression.reason,
          },
        ],
      }));
      const tail = sarifTail({
        successful: end.notScanned.length + end.incomplete.length === 0,
        notifications: notifications(end, cwd),
        ...(shard !== undefined && { properties: { shard } }),
      });
      return document.results(hidden) + document.end(tail);
    },
  };
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
  cwd: string,
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
          artifactLocation: artifact(finding.path, cwd),
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

function notifications(end: ReportEnd, cwd: string): Json[] {
  const notice = (path: string, text: string, level: string): Json => ({
    level,
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: artifact(path, cwd) } }],
  });
  return [
    ...end.notScanned.map(({ path, reason }) => notice(path, `Not scanned: ${reason}`, 'error')),
    ...end.incomplete.map(({ path, reason, ruleId }) =>
      notice(
        path,
        `Scanned in part${ruleId === undefined ? '' : ` (rule ${ruleId})`}: ${reason}`,
        'error',
      ),
    ),
  ];
}
