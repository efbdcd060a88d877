/** A run as it might be, of a model that is made up: twelve pairs, two rounds. */
import { oracleFor } from '../../../bench/eval/oracles.ts';
import type { OracleName } from '../../../bench/eval/oracles.ts';
import type { EvalReport } from '../../../bench/eval/report.ts';
import { reportOf } from '../../../bench/eval/report.ts';
import { createVirtualClock } from '../../../bench/eval/virtual-clock.ts';
import type { Transport } from '../../../orchestrator/transport.ts';
import { PAIRS, runWith } from './support.ts';

const MODEL = 'claude-opus-5-5';
const SOME = PAIRS.slice(0, 12);
/** What it says about itself. */
export const HOSTILE = '</script><img src=x onerror=alert(1)>';
const USAGE = { inputTokens: 3_000, outputTokens: 400, cacheReadTokens: 0, cacheWriteTokens: 0 };

/**
 * Of the pairs, in their order: missed, both sides flagged, the wrong way round, no answer for the vulnerable
 * side, and the rest right.
 */
function scriptOf(index: number, side: 'vulnerable' | 'fixed'): OracleName | 'down' {
  if (index === 0) return 'silent';
  if (index === 1) return 'noisy';
  if (index === 2) return side === 'fixed' ? 'noisy' : 'silent';
  if (index === 3 && side === 'vulnerable') return 'down';
  return 'perfect';
}

export async function sampleReport(): Promise<EvalReport> {
  let calls = 0;
  const trials = await runWith(
    MODEL,
    ({ side }, pair) => {
      const script = scriptOf(SOME.indexOf(pair), side);
      const oracle = oracleFor(script === 'down' ? 'silent' : script, pair, side);
      const clock = createVirtualClock();
      const send: Transport['send'] = async (request, signal) => {
        clock.advance(900 + 130 * (calls++ % 7));
        if (script === 'down')
          return { kind: 'failure', failure: 'auth', status: 401, message: HOSTILE };
        return { ...(await oracle.send(request, signal)), usage: USAGE };
      };
      return { transports: [{ provider: 'anthropic', billing: 'key', send }], clock };
    },
    { pairs: SOME, rounds: 2 },
  );
  const at = '2026-01-02T03:04:05.678Z';
  const providers = ['anthropic'];
  return reportOf({
    pairs: SOME,
    trials,
    rounds: 2,
    model: MODEL,
    providers,
    at,
    version: '1.2.3',
  });
}
