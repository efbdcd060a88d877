/** The JSON report: one object, stable field names, `version` raised when a field changes its meaning. */
import { VERSION } from '../../host/service/health/version.ts';
import type { ReportedFinding, ScanReport } from './model.ts';

/** Returns the report as indented JSON and a line end. */
export function formatJson(report: ScanReport, showSuppressed: boolean): string {
  const document = {
    version: 1,
    tool: { name: 'security-guidance', version: VERSION },
    summary: {
      findings: report.findings.length,
      suppressed: report.suppressed.length,
      filesScanned: report.files,
      bytesScanned: report.bytes,
      binariesSkipped: report.binaries,
      notScanned: report.notScanned.length,
      incomplete: report.incomplete.length,
      milliseconds: Math.round(report.milliseconds),
    },
    findings: report.findings.map(findingFields),
    ...(showSuppressed && {
      suppressed: report.suppressed.map((suppression) => ({
        ...findingFields(suppression),
        suppression: { reason: suppression.reason, line: suppression.line },
      })),
    }),
    notScanned: report.notScanned,
    incomplete: report.incomplete,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function findingFields({ finding, rule, fingerprint }: ReportedFinding): Record<string, unknown> {
  return {
    ruleId: finding.ruleId,
    title: rule.title,
    severity: finding.severity,
    confidence: finding.confidence,
    ...(rule.cwe !== undefined && { cwe: rule.cwe }),
    ...(rule.class !== undefined && { class: rule.class }),
    path: finding.path,
    start: finding.start,
    end: finding.end,
    snippet: finding.snippet,
    message: rule.message,
    fingerprint,
  };
}
