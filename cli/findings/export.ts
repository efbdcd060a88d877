/** Kept findings for other programs: JSON, and SARIF with what the user decided as suppressions. */
import type { KeptFinding } from '../../host/findings/kept.ts';
import { isoTime } from '../../host/findings/time.ts';
import type { Json } from '../report/sarif-log.ts';
import { reviewSarif } from '../review/sarif.ts';
import { shortId } from './select.ts';

export function findingsJson(shown: readonly KeptFinding[], all: readonly KeptFinding[]): string {
  const findings = shown.map((kept) => {
    const { fingerprint, state, first, last, times, history, finding } = kept;
    const { repo: _, key: __, ...rest } = finding;
    return {
      id: shortId(kept, all),
      fingerprint,
      state,
      first: { ...first, at: isoTime(first.at) },
      last: { ...last, at: isoTime(last.at) },
      times,
      history: history.map((change) => ({ ...change, at: isoTime(change.at) })),
      ...rest,
    };
  });
  return `${JSON.stringify({ version: 1, findings }, null, 2)}\n`;
}

/** Fixed ones are said to be absent, accepted and false ones are suppressed with their reason. */
export function findingsSarif(shown: readonly KeptFinding[], root: string): string {
  const byKey = new Map(shown.map((kept) => [kept.fingerprint, kept]));
  const findings = shown.map(({ finding, fingerprint }) => ({ ...finding, key: fingerprint }));
  const coverage = { reviewed: [], left: [] };
  return reviewSarif({ kind: 'findings', findings, coverage, usage: undefined }, root, ({ key }) =>
    stateOf(byKey.get(key)),
  );
}

function stateOf(kept: KeptFinding | undefined): Json {
  if (kept === undefined) return {};
  const { state, history } = kept;
  if (state === 'fixed') return { baselineState: 'absent' };
  if (state === 'new') return {};
  const justification = history.at(-1)?.reason ?? '';
  return {
    suppressions: [
      { kind: 'external', status: 'accepted', ...(justification && { justification }) },
    ],
  };
}
