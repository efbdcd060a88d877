/** Rules and scans in one line each. */
import type { Finding, ScanResult } from '../../engine/finding.ts';
import type { WasmRuntime } from '../../engine/re2/runtime.ts';
import type { Rule } from '../../engine/rule.ts';
import { createScanner, type ScannerOptions } from '../../engine/scanner.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { testRuntime } from '../support/wasm.ts';

export const runtime: WasmRuntime = testRuntime();

/** A rule for every file and region, unless `extra` says otherwise. */
export function rule(
  id: string,
  patterns: string | readonly string[],
  extra: Partial<Rule> = {},
): Rule {
  return {
    id,
    title: id,
    severity: 'high',
    confidence: 'high',
    patterns: typeof patterns === 'string' ? [patterns] : patterns,
    unless: [],
    message: { what: 'what', why: 'why', fix: 'fix' },
    references: [],
    examples: { match: [], noMatch: [] },
    origin: 'builtin',
    ...extra,
  };
}

export function scanText(
  rules: readonly Rule[],
  path: string,
  content: string | Uint8Array,
  options: Partial<ScannerOptions> = {},
): ScanResult {
  const scanner = createScanner({ rules, wasm: () => runtime, ...options });
  const bytes = typeof content === 'string' ? encodeUtf8(content) : content;
  const result = scanner.scan(path, bytes);
  scanner.dispose();
  return result;
}

/** `id@line`, in order. */
export function places(findings: readonly Finding[]): string[] {
  return findings.map(({ ruleId, start }) => `${ruleId}@${start.line}`);
}
