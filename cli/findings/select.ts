/** Which findings are meant: by state, by path, by an id that may be shortened. */
import { FINDING_STATES } from '../../host/findings/kept.ts';
import type { FindingState, KeptFinding } from '../../host/findings/kept.ts';
import { REVIEW_SEVERITIES } from '../../orchestrator/finding.ts';
import { quote } from '../options.ts';

/** Shown of an id, and more where findings are alike in it. */
const SHORTEST = 8;
const SHOWN_MATCHES = 5;

/** Open ones first, then the worst, then by place. */
export function select(
  findings: readonly KeptFinding[],
  { state, path }: { readonly state: FindingState | undefined; readonly path: string | undefined },
): readonly KeptFinding[] {
  const folder = path?.replace(/^\.\//, '').replace(/\/+$/, '');
  return findings
    .filter((each) => state === undefined || each.state === state)
    .filter(({ finding }) => isBelow(finding.path, folder))
    .toSorted(
      (a, b) =>
        FINDING_STATES.indexOf(a.state) - FINDING_STATES.indexOf(b.state) ||
        rank(b) - rank(a) ||
        compare(a.finding.path, b.finding.path) ||
        a.finding.line - b.finding.line,
    );
}

function isBelow(path: string, folder: string | undefined): boolean {
  if (folder === undefined || folder === '' || folder === '.') return true;
  return path === folder || path.startsWith(`${folder}/`);
}

function rank({ finding }: KeptFinding): number {
  return REVIEW_SEVERITIES.indexOf(finding.severity);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The beginning of the fingerprint, as long as it takes to be of no other finding. */
export function shortId({ fingerprint }: KeptFinding, all: readonly KeptFinding[]): string {
  let length = SHORTEST;
  const isShared = (): boolean =>
    all.some(
      (other) =>
        other.fingerprint !== fingerprint &&
        other.fingerprint.startsWith(fingerprint.slice(0, length)),
    );
  while (length < fingerprint.length && isShared()) length += 1;
  return fingerprint.slice(0, length);
}

export type Found =
  | { readonly kind: 'found'; readonly finding: KeptFinding }
  | { readonly kind: 'refused'; readonly reason: string };

/** `id` is a fingerprint or the beginning of one, in any case. */
export function find(all: readonly KeptFinding[], id: string): Found {
  const wanted = id.toLowerCase();
  if (!/^[0-9a-f]{1,64}$/.test(wanted))
    return refused(`the id is ${quote(id)}, expected hexadecimal digits as sg findings shows them`);
  const matches = all.filter(({ fingerprint }) => fingerprint.startsWith(wanted));
  const [first] = matches;
  if (first === undefined)
    return refused(`no finding has an id that begins with ${quote(id)}. See: sg findings`);
  if (matches.length === 1) return { kind: 'found', finding: first };
  const named = matches.slice(0, SHOWN_MATCHES).map((each) => shortId(each, all));
  const more = matches.length > named.length ? ` and ${matches.length - named.length} more` : '';
  return refused(
    `${matches.length} findings have an id that begins with ${quote(id)}: ${named.join(', ')}${more}; expected more digits`,
  );
}

function refused(reason: string): Found {
  return { kind: 'refused', reason };
}
