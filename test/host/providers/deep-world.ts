/** An investigation of a real commit over a real connection, with a script for each kind of request. */
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { committedIn } from '../../../host/git/between.ts';
import type { Committed } from '../../../host/git/between.ts';
import { openTransport } from '../../../host/providers/open.ts';
import { selectProviders } from '../../../host/providers/select.ts';
import { deepReview } from '../../../orchestrator/deep/deep-review.ts';
import type { DeepReviewed } from '../../../orchestrator/deep/deep-review.ts';
import { DEFAULT_DEEP_SETTINGS } from '../../../orchestrator/deep/settings.ts';
import { DEFAULT_PACK_LIMITS } from '../../../orchestrator/pack.ts';
import type { CallTools } from '../../../orchestrator/review.ts';
import { FILES } from '../../orchestrator/deep/support.ts';
import { newRedactor, sha } from '../../orchestrator/pack-support.ts';
import { CLEAN } from '../../support/api/acts.ts';
import type { Act } from '../../support/api/acts.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { virtualTime } from '../../support/virtual-time.ts';
import { testRuntime } from '../../support/wasm.ts';
import { makeRepo, makeWorld, valueOf } from '../git/support.ts';
import type { World } from '../git/support.ts';
import { fakeTiming, NOW, until } from './world.ts';

const CHANGED = 'app/routes.py';

let api: LoopbackApi;
let world: World;
let committed: Committed;
/** Call once a file: the stand-in and the repository live as long as its tests. */
export function useDeepPaths(): void {
  beforeAll(async () => {
    api = await startLoopbackApi();
    world = makeWorld();
    const repo = makeRepo(world);
    const files = Object.entries(FILES).toSorted(
      ([a], [b]) => Number(a === CHANGED) - Number(b === CHANGED),
    );
    for (const [path, text] of files) {
      if (path === CHANGED) repo.commit();
      if (typeof text === 'string') repo.write(path, text);
    }
    repo.commit();
    committed = valueOf(await committedIn(repo.root, 'HEAD', world.env));
  });
  afterAll(async () => {
    world.remove();
    await api.close();
  });
  beforeEach(() => api.reset());
}

type Kind = 'investigate' | 'single' | 'refute';
type Sent = Readonly<Record<string, unknown>> & { readonly messages: readonly unknown[] };

export interface Ran extends DeepReviewed {
  readonly sent: readonly { readonly kind: Kind; readonly json: Sent }[];
  readonly elapsed: number;
}

export interface Wish {
  readonly settings?: Partial<typeof DEFAULT_DEEP_SETTINGS>;
  readonly call?: Partial<CallTools>;
  /** Time that passes, each once so many requests were sent. */
  readonly passes?: readonly (readonly [requests: number, ms: number])[];
}

export const say = (value: unknown): Act => ({ kind: 'message', text: JSON.stringify(value) });
export const claim = (...findings: readonly unknown[]): Act => say({ findings });
const UPHELD: Act = say({ verdict: 'upheld', reason: 'yes', evidence: [] });

/** Each kind of request has a script; at its end nothing is found, and everything upheld. */
export async function run(
  scripts: Partial<Record<Kind, readonly Act[]>>,
  wish: Wish = {},
): Promise<Ran> {
  const time = virtualTime(NOW);
  const sent: Ran['sent'][number][] = [];
  const queues = {
    investigate: [...(scripts.investigate ?? [])],
    single: [...(scripts.single ?? [])],
    refute: [...(scripts.refute ?? [])],
  };
  api.playBy(({ json = {} }) => {
    const isRefuting = JSON.stringify(json['system']).includes('Another reviewer claims');
    const kind = isRefuting ? 'refute' : json['tools'] === undefined ? 'single' : 'investigate';
    sent.push({ kind, json: json as Sent });
    return queues[kind].shift() ?? (kind === 'refute' ? UPHELD : CLEAN);
  });
  const env = { ANTHROPIC_BASE_URL: `${api.url}/anthropic`, ANTHROPIC_API_KEY: CREDENTIALS.key };
  const selection = selectProviders(env, undefined);
  if (selection.kind !== 'chosen') throw new Error(selection.why);
  const context = { env, timing: fakeTiming(), claude: undefined, untrusted: [] };
  const runtime = testRuntime();
  let drawn = 0;
  const marker = (): string => sha(`${drawn++}`).slice(0, 32);
  const reviewing = deepReview(
    {
      changes: committed.changes,
      commits: committed.commits,
      guidance: [],
      candidates: [],
      earlier: [],
      known: new Set(),
      clean: new Set(),
      model: 'claude-opus-5-5',
      select: { maxFiles: 30, tooManyFiles: 300 },
      limits: DEFAULT_PACK_LIMITS,
      settings: { ...DEFAULT_DEEP_SETTINGS, ...wish.settings },
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
      clock: time.clock,
      makeAbort: () => new AbortController(),
      deadlineMs: 600_000,
      isDual: false,
      ...wish.call,
    },
  );
  for (const [requests, ms] of wish.passes ?? []) {
    await until(() => sent.length >= requests, `request ${requests}`);
    // What comes back at once has come back, and only what hangs is left.
    await new Promise((resolve) => setTimeout(resolve, 50));
    time.advance(ms);
  }
  const reviewed = await reviewing;
  expect(api.refused).toEqual([]);
  return { ...reviewed, sent, elapsed: time.elapsed() };
}

export const kinds = ({ sent }: Ran): string => sent.map(({ kind }) => kind).join(' ');
