/** A finding's position, snippet and identity from the matched bytes. */
import type { Finding } from './finding.ts';
import { isSpace } from './lexer/bytes.ts';
import type { ByteRange } from './re2/instance.ts';
import type { Rule } from './rule.ts';
import type { Secrets } from './secret/secrets.ts';
import type { LineIndex } from './text/lines.ts';

/** Bytes around a match that its snippet and its identity look at: lines can be megabytes long. */
const BEFORE = 80;
const AFTER = 160;
const MAX_SNIPPET = 160;

/** `match` may begin with white space that its pattern looks at; the finding begins behind it. */
export function findingAt(
  rule: Rule,
  path: string,
  lines: LineIndex,
  match: ByteRange,
  secrets: Secrets,
): Finding {
  const range = withoutIndent(lines.bytes, match);
  const firstLine = lines.lineAt(range.start);
  const lastLine = lines.lineAt(Math.max(range.start, range.end - 1));
  const from = Math.max(lines.startOf(firstLine), range.start - BEFORE);
  const to = Math.min(Math.max(lines.endOf(lastLine), range.end), range.start + AFTER);
  const start = lines.position(range.start);
  return {
    ruleId: rule.id,
    path,
    severity: rule.severity,
    confidence: rule.confidence,
    start,
    end: lines.position(range.end),
    snippet: lineSnippet(lines, range.start, secrets),
    ...(secrets.touches(lines.startOf(firstLine), lines.endOf(lastLine)) && { masked: true }),
    key: `${rule.id}\0${foldSpace(secrets.show(from, to))}`,
  };
}

/** `range` less the ASCII white space at its beginning; one that is nothing else stays as it is. */
function withoutIndent(bytes: Uint8Array, range: ByteRange): ByteRange {
  let { start } = range;
  while (start < range.end && isSpace(bytes[start] ?? 0)) start++;
  return start === range.end ? range : { start, end: range.end };
}

/** The line that holds `offset`, trimmed and cut around it. */
export function lineSnippet(lines: LineIndex, offset: number, secrets: Secrets): string {
  const line = lines.lineAt(offset);
  const from = Math.max(lines.startOf(line), offset - BEFORE);
  const to = Math.min(lines.endOf(line), offset + AFTER);
  return secrets.show(from, to).trim().slice(0, MAX_SNIPPET);
}

function foldSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
