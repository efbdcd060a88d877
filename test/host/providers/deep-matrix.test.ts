/** A deep review of a real commit over every wire. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { committedIn } from '../../../host/git/between.ts';
import type { Committed } from '../../../host/git/between.ts';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import { deepReview } from '../../../orchestrator/deep/deep-review.ts';
import type { DeepReviewed } from '../../../orchestrator/deep/deep-review.ts';
import { DEFAULT_DEEP_SETTINGS } from '../../../orchestrator/deep/settings.ts';
import { DEFAULT_PACK_LIMITS } from '../../../orchestrator/pack.ts';
import { OFF_DIFF } from '../../orchestrator/deep/support.ts';
import { newRedactor, sha } from '../../orchestrator/pack-support.ts';
import type { Act } from '../../support/api/acts.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { virtualTime } from '../../support/virtual-time.ts';
import { testRuntime } from '../../support/wasm.ts';
import { makeRepo, makeWorld, valueOf } from '../git/support.ts';
import type { World } from '../git/support.ts';
import { useLoopbackGoogle } from './google.ts';
import { modelForm } from '../../../host/providers/model-form.ts';
import { fakeTiming, NOW, WAYS } from './world.ts';

let api: LoopbackApi;
let world: World;
let committed: Committed;
beforeAll(async () => {
  api = await startLoopbackApi();
  useLoopbackGoogle(api);
  world = makeWorld();
  const repo = makeRepo(world);
  repo.write(
    'app/store.py',
    'def load(name):\n    path = "/data/" + name\n    return open(path).read()\n',
  );
  repo.commit();
  repo.write(
    'app/routes.py',
    'from store import load\n\ndef show(req):\n    name = req.args["name"]\n    return load(name)\n',
  );
  repo.commit();
  committed = valueOf(await committedIn(repo.root, 'HEAD', world.env));
});
afterAll(async () => {
  world.remove();
  await api.close();
});
beforeEach(() => api.reset());

const say = (value: unknown): Act => ({ kind: 'message', text: JSON.stringify(value) });
const LOOK: Act = {
  kind: 'calls',
  thinking: 'who opens it?',
  text: 'I look.',
  calls: [
    { name: 'Grep', input: { pattern: 'def load' } },
    { name: 'Read', input: { path: 'app/store.py' } },
    { name: 'Read', input: '{"path": broken' },
  ],
};
const UPHELD = say({ verdict: 'upheld', reason: 'no check', evidence: [] });
const REFUTED = say({
  verdict: 'refuted',
  reason: 'it is joined',
  evidence: [{ path: 'app/store.py', quote: 'path = "/data/" + name' }],
});

describe.each(WAYS)('$name', ({ provider, env: envOf }) => {
  const run = async (...acts: readonly Act[]): Promise<DeepReviewed> => {
    api.play(...acts);
    const env = envOf(api.url);
    const selection = selectProviders(env, undefined);
    if (selection.kind !== 'chosen') throw new Error(selection.why);
    const context = { env, timing: fakeTiming(), claude: undefined, untrusted: [] };
    const runtime = testRuntime();
    let drawn = 0;
    const marker = (): string => sha(`${drawn++}`).slice(0, 32);
    return deepReview(
      {
        changes: committed.changes,
        commits: committed.commits,
        guidance: [],
        candidates: [],
        earlier: [],
        known: new Set(),
        clean: new Set(),
        model: modelForm(provider, env),
        select: { maxFiles: 30, tooManyFiles: 300 },
        limits: DEFAULT_PACK_LIMITS,
        settings: DEFAULT_DEEP_SETTINGS,
      },
      {
        redactor: newRedactor(),
        hash: sha,
        markers: () => ({ policy: 'p'.repeat(32), data: marker() }),
        marker,
        files: committed.files,
        wasm: () => runtime,
      },
      {
        transports: [await openTransport(selection.choices[0], context)],
        purse: { reserve: () => Promise.resolve({ settle: () => Promise.resolve() }) },
        clock: virtualTime(NOW).clock,
        makeAbort: () => new AbortController(),
        deadlineMs: 600_000,
        isDual: false,
      },
    );
  };

  test('investigates, looks again and refutes', async () => {
    const { outcome, record } = await run(
      LOOK,
      say({ findings: [OFF_DIFF] }),
      LOOK,
      say({ findings: [] }),
      UPHELD,
    );
    expect(api.refused).toEqual([]);
    expect(outcome).toMatchObject({
      findings: [
        {
          path: 'app/store.py',
          line: 3,
          place: 'off-diff',
          confidence: 'medium',
          verdict: 'upheld',
        },
      ],
    });
    expect(record).toMatchObject({
      files: { reviewed: ['app/routes.py'], read: ['app/store.py'] },
      tools: { calls: 6, errors: 2 },
      usage: { calls: 5, inputTokens: 600, cacheReadTokens: 2000 },
    });
  });

  test('a refutation that holds takes the finding away', async () => {
    const { outcome } = await run(say({ findings: [OFF_DIFF] }), say({ findings: [] }), REFUTED);
    expect({ kind: outcome.kind, refused: api.refused }).toEqual({ kind: 'clean', refused: [] });
  });

  test('a refusal mid-way: the single call, which does not know the conversation', async () => {
    const refusal: Act = { kind: 'message', text: '', stopReason: 'refusal', category: 'cyber' };
    const { outcome, record } = await run(LOOK, refusal, say({ findings: [] }));
    expect(outcome.kind).toBe('clean');
    expect(record.stages.map(({ name, failed }) => [name, failed])).toEqual([
      ['investigate', 'refusal'],
      ['single-call', undefined],
    ]);
    expect(api.requests.at(-1)?.json).not.toHaveProperty('tools');
  });
});
