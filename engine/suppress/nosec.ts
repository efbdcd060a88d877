/**
 * `#nosec`, the comment by which gosec and Bandit are told that a place was looked at: whoever used one of them before
 * need not say it again. With ids it is for what those stand for only.
 *
 * gosec (its README, "Annotating code"): on the line, alone on the line above, or where the block opens; its directive
 * `//gosec:disable` says the same. Bandit (its documentation, "Exclusions"): on a line of the statement.
 */
import type { Finding, SuppressedFinding } from '../finding.ts';
import type { LanguageId } from '../language.ts';
import { isWord } from '../lexer/bytes.ts';
import { regionAt, type Spans } from '../lexer/spans.ts';
import type { LineIndex } from '../text/lines.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { standFor } from './nosec-ids.ts';

export interface NosecText {
  readonly bytes: Uint8Array;
  readonly language: LanguageId | undefined;
  readonly lines: LineIndex;
  readonly spans: () => Spans;
  /** Of a rule, as `CWE-78`. */
  readonly cweOf: (ruleId: string) => string | undefined;
}

interface Nosec {
  readonly line: number;
  readonly ids: readonly string[];
  readonly reason: string;
}

/** Of a comment no more is read, and of a match no more lines are looked at. */
const MAX_LENGTH = 1000;
const MAX_LINES = 200;

const WORD = 'nosec';
/** Has no blank in it, as Go's directives have none. */
const DIRECTIVE = '//gosec:disable';
const HASH = 0x23;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Splits findings into those that stand and those that a `#nosec` hides. */
export function applyNosec(
  findings: readonly Finding[],
  text: NosecText,
): { readonly findings: readonly Finding[]; readonly suppressed: readonly SuppressedFinding[] } {
  if (text.language !== 'go' && text.language !== 'python') return { findings, suppressed: [] };
  const nosecs = nosecsByLine(text);
  if (nosecs.size === 0) return { findings, suppressed: [] };
  const openings = text.language === 'go' ? openingLines(findings, text) : undefined;
  const suppressed: SuppressedFinding[] = [];
  const shown = findings.filter((finding) => {
    const cwe = text.cweOf(finding.ruleId);
    const by = linesAbout(finding, openings, text)
      .map((line) => nosecs.get(line))
      .find((nosec) => nosec !== undefined && (nosec.ids.length === 0 || standFor(nosec.ids, cwe)));
    if (by !== undefined) suppressed.push({ finding, reason: by.reason, line: by.line });
    return by === undefined;
  });
  return { findings: shown, suppressed };
}

/** Lines on which a comment about a finding may be; `openings` are those of the blocks around them. */
function linesAbout(
  finding: Finding,
  openings: ReadonlyMap<Finding, number> | undefined,
  text: NosecText,
): readonly number[] {
  const { start, end } = finding;
  const count = Math.min(end.line - start.line + 1, MAX_LINES);
  const own = Array.from({ length: count }, (_, index) => start.line + index);
  if (openings === undefined) return own;
  const above = start.line - 1;
  const opening = openings.get(finding);
  return [
    ...own,
    ...(above > 0 && isAlone(above, text) ? [above] : []),
    ...(opening === undefined ? [] : [opening]),
  ];
}

/** Whether a line has nothing but a comment. */
function isAlone(line: number, { bytes, lines, spans }: NosecText): boolean {
  let at = lines.startOf(line);
  const end = lines.endOf(line);
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return at < end && regionAt(spans(), at) === 'comment';
}

/** The first of each line. */
function nosecsByLine({ bytes, language, lines, spans }: NosecText): ReadonlyMap<number, Nosec> {
  const { starts, ends, regions } = spans();
  const found = new Map<number, Nosec>();
  for (const [index, from] of starts.entries()) {
    if (regions[index] !== 'comment') continue;
    const to = ends[index] ?? bytes.length;
    const isDirective = language === 'go' && behindWord(bytes, from, DIRECTIVE) !== undefined;
    for (let at = from; at < to; at++) {
      const behind =
        at === from && isDirective
          ? from + DIRECTIVE.length
          : bytes[at] === HASH
            ? behindWord(bytes, behindBlanks(bytes, at + 1), WORD)
            : undefined;
      if (behind === undefined || behind > to) continue;
      const line = lines.lineAt(at);
      const end = Math.min(to, lines.endOf(line), behind + MAX_LENGTH);
      if (!found.has(line)) found.set(line, nosecOf(decodeUtf8(bytes, behind, end), line));
    }
  }
  return found;
}

/** Where `word` ends, if it stands at `at`; undefined where it is another one. */
function behindWord(bytes: Uint8Array, at: number, word: string): number | undefined {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return undefined;
  const behind = at + word.length;
  return isWord(bytes[behind] ?? 0) ? undefined : behind;
}

function behindBlanks(bytes: Uint8Array, at: number): number {
  let from = at;
  while (bytes[from] === 0x20 || bytes[from] === 0x09) from++;
  return from;
}

/** `content` is what stands behind the word in the comment. */
function nosecOf(content: string, line: number): Nosec {
  const [what = '', ...why] = content.split('--');
  const reason = why.join('--').replace('*/', '').trim();
  return {
    line,
    ids: what.match(/\b[BG]\d{3}\b/g) ?? [],
    reason: reason === '' ? 'marked by #nosec, for gosec or Bandit' : reason,
  };
}

/** The line on which the innermost block around each finding opens: all in one pass, as blocks may be deep and many. */
function openingLines(
  findings: readonly Finding[],
  { bytes, lines, spans }: NosecText,
): ReadonlyMap<Finding, number> {
  const { starts, ends } = spans();
  const waiting = findings.toSorted((a, b) => b.start.offset - a.start.offset);
  const open: number[] = [];
  const result = new Map<Finding, number>();
  const settle = (upTo: number): void => {
    for (let next = waiting.at(-1); next && next.start.offset <= upTo; next = waiting.at(-1)) {
      waiting.pop();
      const opening = open.at(-1);
      if (opening !== undefined) result.set(next, lines.lineAt(opening));
    }
  };
  let from = 0;
  for (let index = 0; index <= starts.length; index++) {
    const to = starts[index] ?? bytes.length;
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte !== OPEN && byte !== CLOSE) continue;
      settle(at);
      if (byte === OPEN) open.push(at);
      else open.pop();
    }
    from = ends[index] ?? bytes.length;
  }
  settle(bytes.length);
  return result;
}
