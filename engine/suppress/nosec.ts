/**
 * `#nosec`, the comment by which gosec and Bandit are told that a place was looked at: whoever used one of them before
 * need not say it again. With ids it is for what those stand for only.
 *
 * gosec (its README, "Annotating code"): on the line, alone on the line above, or where the block opens. Bandit (its
 * documentation, "Exclusions"): on a line of the statement.
 */
import type { Finding, SuppressedFinding } from '../finding.ts';
import type { LanguageId } from '../language.ts';
import { enclosingBlock } from '../lexer/block.ts';
import { regionAt, type Spans } from '../lexer/spans.ts';
import type { LineIndex } from '../text/lines.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';

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

/** Longer lines, and longer matches, are not looked through. */
const MAX_LENGTH = 1000;
const MAX_LINES = 200;

const CREDENTIALS = [259, 260, 321, 522, 798];
const CRYPTOGRAPHY = [326, 327, 328, 916];
const TLS = [295, 326, 327];
const COMMANDS = [77, 78];
const XML = [611, 776];
const MODES = [276, 732];
const EVERYWHERE = [200, 605, 668, 1327];

/** First and last id, and the weaknesses (CWE) that they stand for. */
const MEANINGS: readonly (readonly [string, string, readonly number[]])[] = [
  ['B102', 'B102', [78, 94, 95]],
  ['B103', 'B103', MODES],
  ['B104', 'B104', EVERYWHERE],
  ['B105', 'B107', CREDENTIALS],
  ['B108', 'B108', [377]],
  ['B201', 'B201', [94, 489]],
  ['B202', 'B202', [22]],
  ['B301', 'B302', [502]],
  ['B303', 'B305', CRYPTOGRAPHY],
  ['B306', 'B306', [377]],
  ['B307', 'B307', [78, 94, 95]],
  ['B308', 'B308', [79]],
  ['B310', 'B310', [22, 918]],
  ['B311', 'B311', [330, 338]],
  ['B312', 'B312', [319]],
  ['B313', 'B320', XML],
  ['B321', 'B321', [319]],
  ['B323', 'B323', [295]],
  ['B324', 'B324', CRYPTOGRAPHY],
  ['B403', 'B403', [502]],
  ['B405', 'B411', XML],
  ['B501', 'B504', TLS],
  ['B505', 'B505', CRYPTOGRAPHY],
  ['B506', 'B506', [502]],
  ['B507', 'B507', [295, 322]],
  ['B601', 'B607', COMMANDS],
  ['B608', 'B608', [89]],
  ['B609', 'B609', COMMANDS],
  ['B610', 'B611', [89]],
  ['B701', 'B702', [79, 94, 1336]],
  ['B703', 'B704', [79]],
  ['G101', 'G101', CREDENTIALS],
  ['G102', 'G102', EVERYWHERE],
  ['G103', 'G103', [119, 120, 242]],
  ['G106', 'G106', [295, 322]],
  ['G107', 'G107', [88, 918]],
  ['G108', 'G108', [200, 489]],
  ['G110', 'G110', [409]],
  ['G111', 'G111', [22]],
  ['G201', 'G202', [89]],
  ['G203', 'G203', [79]],
  ['G204', 'G204', COMMANDS],
  ['G301', 'G302', MODES],
  ['G303', 'G303', [377]],
  ['G304', 'G305', [22]],
  ['G306', 'G307', MODES],
  ['G401', 'G401', CRYPTOGRAPHY],
  ['G402', 'G402', TLS],
  ['G403', 'G403', CRYPTOGRAPHY],
  ['G404', 'G404', [330, 338]],
  ['G405', 'G406', CRYPTOGRAPHY],
  ['G407', 'G407', [329, 1204]],
  ['G501', 'G507', CRYPTOGRAPHY],
];

/** Splits findings into those that stand and those that a `#nosec` hides. */
export function applyNosec(
  findings: readonly Finding[],
  text: NosecText,
): { readonly findings: readonly Finding[]; readonly suppressed: readonly SuppressedFinding[] } {
  const suppressed: SuppressedFinding[] = [];
  const shown = findings.filter((finding) => {
    const by = nosecOf(finding, text);
    if (by !== undefined) suppressed.push({ finding, reason: by.reason, line: by.line });
    return by === undefined;
  });
  return { findings: shown, suppressed };
}

function nosecOf(finding: Finding, text: NosecText): Nosec | undefined {
  if (text.language !== 'go' && text.language !== 'python') return undefined;
  return linesAbout(finding, text)
    .map((line) => nosecOn(line, text))
    .find((nosec) => nosec !== undefined && covers(nosec, text.cweOf(finding.ruleId)));
}

/** Lines on which a comment about it may be. */
function linesAbout({ start, end }: Finding, text: NosecText): readonly number[] {
  const count = Math.min(end.line - start.line + 1, MAX_LINES);
  const own = Array.from({ length: count }, (_, index) => start.line + index);
  if (text.language !== 'go') return own;
  const { bytes, lines, spans, language } = text;
  const block = enclosingBlock(bytes, spans(), start.offset, language);
  const opening = bytes[block.start] === OPEN ? [lines.lineAt(block.start)] : [];
  const above = start.line - 1;
  return [...own, ...(above > 0 && isAlone(above, text) ? [above] : []), ...opening];
}

const OPEN = 123;

/** Whether a line has nothing but a comment. */
function isAlone(line: number, { bytes, lines, spans }: NosecText): boolean {
  let at = lines.startOf(line);
  const end = lines.endOf(line);
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return at < end && regionAt(spans(), at) === 'comment';
}

function nosecOn(line: number, { bytes, lines, spans }: NosecText): Nosec | undefined {
  const start = lines.startOf(line);
  const end = Math.min(lines.endOf(line), start + MAX_LENGTH);
  const content = decodeUtf8(bytes, start, end);
  const match = /#[ \t]*nosec\b/.exec(content);
  if (match === null) return undefined;
  const before = encodeUtf8(content.slice(0, match.index)).length;
  if (regionAt(spans(), start + before) !== 'comment') return undefined;
  const [what = '', ...why] = content.slice(match.index + match[0].length).split('--');
  const reason = why.join('--').replace('*/', '').trim();
  return {
    line,
    ids: what.match(/\b[BG]\d{3}\b/g) ?? [],
    reason: reason === '' ? 'marked by #nosec, for gosec or Bandit' : reason,
  };
}

function covers({ ids }: Nosec, cwe: string | undefined): boolean {
  if (ids.length === 0) return true;
  const number = Number(cwe?.slice('CWE-'.length));
  return ids.some((id) =>
    MEANINGS.some(([first, last, cwes]) => first <= id && id <= last && cwes.includes(number)),
  );
}
