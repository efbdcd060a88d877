/** A deep review of a small repository, with a model that says what a script says. */
import { deepReview } from '../../../orchestrator/deep/deep-review.ts';
import type { DeepReviewed } from '../../../orchestrator/deep/deep-review.ts';
import { DEFAULT_DEEP_SETTINGS } from '../../../orchestrator/deep/settings.ts';
import type { DeepSettings, DeepTools } from '../../../orchestrator/deep/settings.ts';
import type { ReviewFinding } from '../../../orchestrator/finding.ts';
import type { Purse } from '../../../orchestrator/call.ts';
import { DEFAULT_PACK_LIMITS } from '../../../orchestrator/pack.ts';
import type { CallTools, ReviewInput } from '../../../orchestrator/review.ts';
import type {
  FailureClass,
  ModelReply,
  ModelRequest,
  Transport,
} from '../../../orchestrator/transport.ts';
import { testRuntime } from '../../support/wasm.ts';
import { fakeClock } from '../clock.ts';
import { changed, newRedactor, sha } from '../pack-support.ts';
import { fakeCommit } from '../tools/support.ts';
import type { FakeFile } from '../tools/support.ts';

export const USAGE = { inputTokens: 100, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0 };
export const MODEL = 'claude-opus-5-5';

const ROUTES_BEFORE = 'from store import load\n\ndef index(req):\n    return "hello"\n';
const ROUTES = `${ROUTES_BEFORE}\ndef show(req):\n    name = req.args["name"]\n    return load(name)\n`;
const STORE = 'def load(name):\n    path = "/data/" + name\n    return open(path).read()\n';

export const FILES: Readonly<Record<string, FakeFile>> = {
  'app/routes.py': ROUTES,
  'app/store.py': STORE,
  'app/safe.py': 'import os\n\ndef base(name):\n    return os.path.basename(name)\n',
  '.env': 'CANARY_SECRET=1\n',
};

/** The sink is in a file that the change did not touch. */
export const OFF_DIFF = {
  path: 'app/store.py',
  quote: 'return open(path).read()',
  symbol: 'load',
  category: 'path-traversal',
  severity: 'high',
  confidence: 'high',
  title: 'A name from the request is a path',
  attack: 'Asks for ../../etc/passwd and reads it.',
  fix: 'Take os.path.basename of the name.',
  trace: [
    { path: 'app/routes.py', line: 7, code: 'name = req.args["name"]', note: 'from the request' },
    { path: 'app/store.py', line: 2, code: 'path = "/data/" + name', note: 'joined' },
  ],
} as const;

export const IN_DIFF: Omit<typeof OFF_DIFF, 'path' | 'quote' | 'symbol' | 'trace'> & {
  readonly path: string;
  readonly quote: string;
  readonly symbol: string;
  readonly trace: readonly unknown[];
} = {
  ...OFF_DIFF,
  path: 'app/routes.py',
  quote: 'return load(name)',
  symbol: 'show',
  trace: [],
};

type Reply = ModelReply | 'hang';
export type Step = Reply | ((request: ModelRequest) => Reply);

export const said = (value: unknown): ModelReply => ({
  kind: 'answer',
  text: JSON.stringify(value),
  usage: USAGE,
  model: MODEL,
});
export const claims = (...findings: readonly unknown[]): ModelReply => said({ findings });
export const upheld: ModelReply = said({ verdict: 'upheld', reason: 'yes', evidence: [] });
export const refuted = (path: string, quote: string): ModelReply =>
  said({ verdict: 'refuted', reason: 'no', evidence: [{ path, quote }] });
export const fail = (failure: FailureClass): ModelReply => ({
  kind: 'failure',
  failure,
  message: `it was ${failure}`,
});
export const calls = (...list: readonly (readonly [string, unknown])[]): ModelReply => {
  const made = list.map(([name, input], nth) => ({ id: `call_${nth}`, name, input }));
  return {
    kind: 'calls',
    calls: made,
    blocks: made.map((call) => ({ type: 'tool_use', ...call })),
    usage: USAGE,
    model: MODEL,
  };
};

/** What a request is for. */
export type Kind = 'investigate' | 'single' | 'refute';

export interface World {
  readonly settings?: Partial<DeepSettings>;
  readonly input?: Partial<ReviewInput>;
  readonly tools?: Partial<DeepTools>;
  readonly call?: Partial<CallTools>;
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly purse?: Purse;
  readonly transport?: Partial<Transport>;
}

export interface Ran extends DeepReviewed {
  readonly sent: readonly {
    readonly kind: Kind;
    readonly at: number;
    readonly request: ModelRequest;
  }[];
  readonly elapsed: number;
  /** Everything that was sent, as text. */
  readonly wire: string;
}

/** The findings, or the kind of another outcome. */
export const outcomeOf = ({ outcome }: Ran): readonly ReviewFinding[] | string =>
  outcome.kind === 'findings' ? outcome.findings : outcome.kind;

const runtime = testRuntime();

/** Each kind of request has a script; at its end it is answered with nothing found, or upheld. */
export async function run(
  scripts: Partial<Record<Kind, readonly Step[]>>,
  world: World = {},
): Promise<Ran> {
  const clock = fakeClock();
  const sent: Ran['sent'][number][] = [];
  const left: Record<Kind, Step[]> = {
    investigate: [...(scripts.investigate ?? [])],
    single: [...(scripts.single ?? [])],
    refute: [...(scripts.refute ?? [])],
  };
  const transport: Transport = {
    provider: 'test',
    billing: 'key',
    async send(request, signal) {
      const kind = kindOf(request);
      sent.push({ kind, at: clock.monotonic(), request });
      const next = left[kind].shift() ?? (kind === 'refute' ? upheld : claims());
      const step = typeof next === 'function' ? next(request) : next;
      if (step !== 'hang') return step;
      await clock.sleep(Infinity, signal);
      return fail('cancelled');
    },
    ...world.transport,
  };
  let drawn = 0;
  const marker = (): string => `${drawn++}`.padStart(32, 'm');
  const files = { ...FILES, ...world.files };
  const reviewed = await deepReview(
    {
      changes: {
        files: [changed('app/routes.py', ROUTES_BEFORE, text(files['app/routes.py']))],
        skipped: [],
      },
      guidance: [{ origin: 'project', text: 'Look for SSRF.' }],
      candidates: [],
      earlier: [],
      known: new Set(),
      clean: new Set(),
      model: MODEL,
      select: { maxFiles: 30, tooManyFiles: 300 },
      limits: DEFAULT_PACK_LIMITS,
      commits: ['c'.repeat(40)],
      settings: { ...DEFAULT_DEEP_SETTINGS, ...world.settings },
      ...world.input,
    },
    {
      redactor: newRedactor(),
      hash: sha,
      markers: () => ({ policy: 'p'.repeat(32), data: marker() }),
      marker,
      files: fakeCommit(files),
      wasm: () => runtime,
      ...world.tools,
    },
    {
      transports: [transport],
      purse: world.purse ?? { reserve: () => Promise.resolve({ settle: () => Promise.resolve() }) },
      clock,
      makeAbort: () => new AbortController(),
      deadlineMs: 600_000,
      isDual: false,
      ...world.call,
    },
  );
  const wire = sent.map(({ request }) => JSON.stringify(request)).join('\n');
  return { ...reviewed, sent, elapsed: clock.monotonic(), wire };
}

function kindOf({ system, tools, folder }: ModelRequest): Kind {
  if (system.startsWith('Another reviewer')) return 'refute';
  return tools !== undefined || folder !== undefined ? 'investigate' : 'single';
}

function text(file: FakeFile | undefined): string {
  return typeof file === 'string' ? file : '';
}
