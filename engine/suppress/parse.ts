/** Reads inline suppressions: `sg-ignore: rule-id, other-id -- reason`, in any comment syntax. */
import type { LineIndex } from '../text/lines.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { regionAt, type Spans } from '../lexer/spans.ts';

export const SUPPRESSION_WORD = 'sg-ignore';

export interface Suppression {
  readonly ruleIds: readonly string[];
  /** Absent when the author gave none; such a suppression has no effect and is reported. */
  readonly reason?: string;
  /** Byte range of the word. */
  readonly start: number;
  readonly end: number;
  /** 1-based line of the comment. */
  readonly line: number;
  /** First and last line on which matches are hidden. */
  readonly from: number;
  readonly to: number;
}

const MAX_LENGTH = 1000;

/** `marks` are the offsets of the word; `hasComments` tells whether the lexer knows comments here. */
export function parseSuppressions(
  text: Uint8Array,
  marks: readonly number[],
  lines: LineIndex,
  spans: Spans,
  hasComments: boolean,
): Suppression[] {
  const result: Suppression[] = [];
  for (const start of marks) {
    if (hasComments && regionAt(spans, start) !== 'comment') continue;
    const line = lines.lineAt(start);
    const lineEnd = Math.min(lines.endOf(line), start + MAX_LENGTH);
    const content = beforeClosing(decodeUtf8(text, start, lineEnd));
    const match = /^sg-ignore:[ \t]*([^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*)(?:[ \t]+--(.*))?/i.exec(
      content,
    );
    if (match === null) continue;
    const reason = (match[2] ?? '').trim();
    result.push({
      ruleIds: (match[1] ?? '').split(',').map((id) => id.trim()),
      ...(reason === '' ? {} : { reason }),
      start,
      end: start + SUPPRESSION_WORD.length,
      line,
      from: line,
      to: standsAlone(text, lines.startOf(line), start, spans, hasComments) ? line + 1 : line,
    });
  }
  return reachThroughComments(result);
}

/** Cuts at whatever closes a comment, in any of the languages. */
function beforeClosing(content: string): string {
  const closers = ['*/', '-->', '--%>', '#}', '*)', '%>'];
  const ends = closers.map((closer) => content.indexOf(closer)).filter((end) => end >= 0);
  return content.slice(0, Math.min(content.length, ...ends));
}

/** True when nothing but the comment's own marks stands before the word on its line. */
function standsAlone(
  text: Uint8Array,
  lineStart: number,
  start: number,
  spans: Spans,
  hasComments: boolean,
): boolean {
  if (start - lineStart > MAX_LENGTH) return false;
  for (let i = lineStart; i < start; i++) {
    const byte = text[i] ?? 0;
    if (byte === 0x20 || byte === 0x09) continue;
    if (hasComments ? regionAt(spans, i) !== 'comment' : isWordByte(byte)) return false;
  }
  return true;
}

function isWordByte(byte: number): boolean {
  return (
    byte >= 0x80 ||
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a)
  );
}

/** Suppressions that stand alone on the same or on consecutive lines all reach the line after the last. */
function reachThroughComments(suppressions: readonly Suppression[]): Suppression[] {
  const result = [...suppressions];
  for (let i = result.length - 2; i >= 0; i--) {
    const current = result[i];
    const next = result[i + 1];
    if (current === undefined || next === undefined) continue;
    const bothAlone = current.to > current.line && next.to > next.line;
    const touching = next.line === current.line || next.line === current.to;
    if (bothAlone && touching) result[i] = { ...current, to: next.to };
  }
  return result;
}
