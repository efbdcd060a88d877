/**
 * The JSON report: one object, stable field names, `version` raised when a field changes its meaning. It says the same
 * of the same files whenever and wherever they are scanned, so that reports can be compared and merged.
 */
import { VERSION } from '../../host/service/health/version.ts';
import { JsonList } from './json-list.ts';
import type {
  ReportedFinding,
  ReportedSuppression,
  ReportEnd,
  ReportFrame,
  ReportWriter,
  Shard,
} from './model.ts';

export const JSON_VERSION = 1;
export const TOOL = 'security-guidance';

export function jsonWriter({ shard }: ReportFrame, showSuppressed: boolean): ReportWriter {
  const document = new JsonDocument(shard);
  return {
    begin: () => document.begin(),
    findings: (found) => document.findings(found.map(findingFields)),
    end: (end) => document.end(tail(end, showSuppressed)),
  };
}

/** The report in parts: indented JSON, with a line end behind it. */
export class JsonDocument {
  readonly #shard: Shard | undefined;
  readonly #list = new JsonList('    ');

  constructor(shard?: Shard) {
    this.#shard = shard;
  }

  begin(): string {
    const head = {
      version: JSON_VERSION,
      tool: { name: TOOL, version: VERSION },
      ...(this.#shard !== undefined && { shard: this.#shard }),
    };
    // Without the brace that ends it.
    return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "findings": [`;
  }

  findings(found: readonly unknown[]): string {
    return this.#list.add(found);
  }

  end(last: JsonTail): string {
    return `${this.#list.end('  ')},\n${JSON.stringify(last, null, 2).slice(2)}\n`;
  }
}

/** What follows the findings. */
export interface JsonTail {
  readonly suppressed?: readonly unknown[];
  readonly notScanned: readonly unknown[];
  readonly incomplete: readonly unknown[];
  readonly audit?: readonly unknown[];
  readonly summary: Readonly<Record<string, number>>;
}

function tail(end: ReportEnd, showSuppressed: boolean): JsonTail {
  return {
    ...(showSuppressed && { suppressed: end.suppressed.map(suppressionFields) }),
    notScanned: end.notScanned,
    incomplete: end.incomplete,
    ...(showSuppressed && { audit: end.audit }),
    summary: {
      findings: end.findings,
      suppressed: end.suppressed.length,
      staleBaseline: end.stale,
      filesScanned: end.files,
      bytesScanned: end.bytes,
      binariesSkipped: end.binaries,
      notScanned: end.notScanned.length,
      incomplete: end.incomplete.length,
    },
  };
}

function suppressionFields(suppression: ReportedSuppression): Record<string, unknown> {
  return { ...findingFields(suppression), suppression: suppression.suppression };
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
