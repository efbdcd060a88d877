/** The SARIF 2.1.0 report, as code hosts take it. */
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Confidence, Rule, Severity } from '../../engine/rule.ts';
import { VERSION } from '../../host/service/health/version.ts';
import type { ReportedFinding, ScanReport } from './model.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const LEVELS: Readonly<Record<Severity, 'note' | 'warning' | 'error'>> = {
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};
/** Numbers in the bands that code hosts read as low, medium, high and critical. */
const SCORES: Readonly<Record<Severity, string>> = {
  low: '3.0',
  medium: '5.5',
  high: '8.0',
  critical: '9.5',
};
const PRECISIONS: Readonly<Record<Confidence, string>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
};
const ROOT = 'SRCROOT';

type Json = Readonly<Record<string, unknown>>;

/** Returns one run as indented JSON and a line end. Suppressed findings are results with a suppression. */
export function formatSarif(report: ScanReport, showSuppressed: boolean): string {
  const indexes = new Map(report.rules.map((rule, index) => [rule.id, index]));
  const cwes = [...new Set(report.rules.flatMap(({ cwe }) => cwe ?? []))].sort(byNumber);
  const results = report.findings.map((reported) => result(reported, report, indexes));
  const hidden = showSuppressed ? report.suppressed : [];
  for (const suppression of hidden) {
    results.push({
      ...result(suppression, report, indexes),
      suppressions: [{ kind: 'inSource', status: 'accepted', justification: suppression.reason }],
    });
  }
  const run = {
    tool: {
      driver: {
        name: 'security-guidance',
        semanticVersion: VERSION,
        rules: report.rules.map(descriptor),
        supportedTaxonomies: [{ name: 'CWE', index: 0 }],
      },
    },
    taxonomies: [
      {
        name: 'CWE',
        organization: 'MITRE',
        informationUri: 'https://cwe.mitre.org/',
        shortDescription: { text: 'Common Weakness Enumeration' },
        isComprehensive: false,
        taxa: cwes.map((id) => ({
          id,
          helpUri: `https://cwe.mitre.org/data/definitions/${id.slice(4)}.html`,
        })),
      },
    ],
    invocations: [
      {
        executionSuccessful: report.notScanned.length + report.incomplete.length === 0,
        toolExecutionNotifications: notifications(report),
      },
    ],
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: pathToFileURL(`${report.cwd}/`).href } },
    results,
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
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
    ...(rule.cwe !== undefined && {
      relationships: [
        { target: { id: rule.cwe, toolComponent: { name: 'CWE', index: 0 } }, kinds: ['superset'] },
      ],
    }),
    properties: ruleProperties(rule),
  };
}

function ruleProperties(rule: Rule): Json {
  return {
    tags: ['security', ...tagsOf(rule)],
    precision: PRECISIONS[rule.confidence],
    'security-severity': SCORES[rule.severity],
    ...(rule.cwe !== undefined && { cwe: rule.cwe }),
  };
}

/** `external/cwe/cwe-078`: the number has at least three digits. */
function tagsOf(rule: Rule): string[] {
  return rule.cwe === undefined ? [] : [`external/cwe/cwe-${rule.cwe.slice(4).padStart(3, '0')}`];
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

/** A URI relative to the root where the path is below it, an absolute one elsewhere. */
function artifact(path: string, cwd: string): Json {
  if (isAbsolute(path) || path === '..' || path.startsWith('../'))
    return { uri: pathToFileURL(resolve(cwd, path)).href };
  return { uri: relativeUri(path), uriBaseId: ROOT };
}

/** Percent-encodes each segment; a lone surrogate, which has no encoding, becomes U+FFFD. */
export function relativeUri(path: string): string {
  return path
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(4)) - Number(b.slice(4));
}
