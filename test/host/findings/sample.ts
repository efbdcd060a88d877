/** A finding as a store keeps it. */
import { createHash } from 'node:crypto';
import type { KeptFinding } from '../../../host/findings/kept.ts';

export function keptFinding(name: string, more: Partial<KeptFinding> = {}): KeptFinding {
  const fingerprint = createHash('sha256').update(name).digest('hex');
  const seen = { at: 1_700_000_000_000, layer: 'cli', session: 's', commit: '' } as const;
  return {
    fingerprint,
    state: 'new',
    first: seen,
    last: seen,
    times: 1,
    history: [],
    contents: {},
    finding: {
      repo: '',
      path: `app/${name}.py`,
      quote: 'os.system(name)',
      category: 'command-injection',
      cwe: 'CWE-78',
      severity: 'high',
      confidence: 'high',
      title: name,
      attack: 'Sends a semicolon.',
      fix: 'Use a list.',
      symbol: 'run',
      line: 3,
      endLine: 3,
      place: 'in-diff',
      key: fingerprint,
    },
    ...more,
  };
}
