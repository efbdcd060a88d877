/** An endpoint that says nothing more: a turn without a verdict, after as long as a review may take. */
import { describe, test } from 'vitest';
import type { Act } from '../../support/api/acts.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import { SHORT, expectNoVerdict } from './no-verdict.ts';
import { TurnWorld } from './world.ts';

const SILENCES: readonly [name: string, act: Act][] = [
  ['silence', { kind: 'hang' }],
  ['a stream that falls silent', { kind: 'stall' }],
];

// Side by side, as they do nothing but wait.
describe.concurrent('no verdict', () => {
  test.for(SILENCES)('%s', async ([, act], { onTestFinished }) => {
    const api = await startLoopbackApi();
    onTestFinished(() => api.close());
    const turn = new TurnWorld(api);
    onTestFinished(() => turn.remove());
    await expectNoVerdict({ turn, api }, [act], 'took too long', SHORT);
  });
});
