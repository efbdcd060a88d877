/** Pairs of several files as commits of a real repository, investigated by reviewers that follow a script. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createPlayer, headOf } from '../../../bench/eval/cassette.ts';
import type { Taped } from '../../../bench/eval/cassette.ts';
import { estimateDeep } from '../../../bench/eval/deep-run.ts';
import type { DeepMeans } from '../../../bench/eval/deep-run.ts';
import { oracleFor } from '../../../bench/eval/oracles.ts';
import type { OracleName } from '../../../bench/eval/oracles.ts';
import { SIDES, treeOf } from '../../../bench/eval/pair.ts';
import type { Pair } from '../../../bench/eval/pair.ts';
import { reportText } from '../../../bench/eval/print.ts';
import { readCassette } from '../../../bench/eval/read-cassette.ts';
import { readPairs } from '../../../bench/eval/read-pairs.ts';
import { reportOf } from '../../../bench/eval/report.ts';
import type { EvalReport } from '../../../bench/eval/report.ts';
import type { EvalRun } from '../../../bench/eval/run-eval.ts';
import { openScratch } from '../../../bench/eval/scratch.ts';
import type { Scratch } from '../../../bench/eval/scratch.ts';
import { DEEP_STAGES } from '../../../bench/eval/trial.ts';
import { createVirtualClock } from '../../../bench/eval/virtual-clock.ts';
import { REFUTATION_SCHEMA } from '../../../orchestrator/deep/schema.ts';
import type { ModelReply, ModelRequest, Transport } from '../../../orchestrator/transport.ts';
import { testRuntime } from '../../support/wasm.ts';
import { makeWorld } from '../../host/git/support.ts';
import { questions, runWith } from './support.ts';

const ALL = readPairs(
  fileURLToPath(new URL('../../../bench/eval/deep-pairs', import.meta.url)),
).pairs;
const IDS = ['go-files-tenant-scope', 'js-files-cache-tenant', 'shell-files-branch-name'];
const PAIRS = ALL.filter(({ id }) => IDS.includes(id));
const MODEL = 'claude-opus-5-5';

const world = makeWorld();
let scratch: Scratch;
beforeAll(async () => {
  const opened = await openScratch(ALL, world.env, world.folder);
  if (!opened.ok) throw new Error(opened.message);
  ({ scratch } = opened);
});
afterAll(() => {
  scratch.dispose();
  world.remove();
});

const means = (): DeepMeans => ({
  open: scratch.open,
  wasm: testRuntime,
  checkout: () => () => Promise.resolve({ ok: false, reason: 'nobody needs one' }),
});

type Change = (reply: ModelReply, request: ModelRequest, pair: Pair) => ModelReply;
const said = (value: unknown): ModelReply => ({
  kind: 'answer',
  text: JSON.stringify(value),
  usage: { inputTokens: 1_000, outputTokens: 50, cacheReadTokens: 0, cacheWriteTokens: 0 },
  model: MODEL,
});

/** An oracle, with some of its replies changed. */
const scripted =
  (name: OracleName, change: Change = (reply) => reply): EvalRun['connect'] =>
  ({ side }, pair) => {
    const oracle = oracleFor(name, pair, side);
    const send: Transport['send'] = async (request, signal) =>
      change(await oracle.send(request, signal), request, pair);
    return {
      transports: [{ ...oracle, provider: 'anthropic', send }],
      clock: createVirtualClock(),
    };
  };

async function reportWith(
  connect: EvalRun['connect'],
  options: Partial<EvalRun> = {},
): Promise<EvalReport> {
  const { pairs = PAIRS } = options;
  const deadlineMs = 600_000;
  const run = { pairs, deadlineMs, deep: means(), ...options };
  const trials = await runWith(MODEL, connect, run);
  const at = '2026-01-02T03:04:05.678Z';
  const about = { model: MODEL, providers: ['anthropic'], at, version: '1.2.3' };
  return reportOf({ pairs, trials, rounds: 1, ...about });
}

const hits = ({ deep }: EvalReport, of: 'recall' | 'alarms'): number[] =>
  DEEP_STAGES.map((stage) => deep?.[of][stage].hits ?? -1);

const isSecondLook = ({ turns = [] }: ModelRequest): boolean =>
  turns.some((turn) => turn.role === 'user' && turn.results.length === 0);

describe('a side in git', () => {
  test.each(ALL)('$id: both sides, file by file', async (pair) => {
    for (const side of SIDES) {
      const { changes, files } = await scratch.open(pair, side);
      const contents = await files.read(files.entries);
      const tree = files.entries.map(({ path }, index) => {
        const content = contents[index];
        return [path, content?.kind === 'bytes' ? Buffer.from(content.bytes).toString() : ''];
      });
      expect(new Map(tree as [string, string][])).toEqual(treeOf(pair, side));
      const changed = [
        pair.path,
        ...(pair.files ?? []).flatMap((f) => (f.isChanged ? f.path : [])),
      ];
      expect(changes.files.map(({ path }) => path)).toEqual(changed.toSorted());
    }
  });

  it('is said to need git', async () => {
    expect(await openScratch(PAIRS, { PATH: '/nowhere' }, world.folder)).toEqual({
      ok: false,
      message: 'there is no git on PATH, which the commits of --deep are made by',
    });
  });
});

describe('the figures of', () => {
  const refuting: Change = (reply, { schema }, { path, quotes }) =>
    schema === REFUTATION_SCHEMA
      ? said({ verdict: 'refuted', reason: 'no', evidence: [{ path, quote: quotes[0] }] })
      : reply;
  const seenLater: Change = (reply, request) => {
    if (request.schema === REFUTATION_SCHEMA || reply.kind !== 'answer') return reply;
    const { findings } = JSON.parse(reply.text) as { findings: object[] };
    if (isSecondLook(request)) return said({ findings: kept });
    kept = findings;
    return said({ findings: findings.map((each) => ({ ...each, category: 'other' })) });
  };
  let kept: object[] = [];
  const doubtful: Change = (reply, { schema }) => {
    if (schema === REFUTATION_SCHEMA || reply.kind !== 'answer') return reply;
    const { findings } = JSON.parse(reply.text) as { findings: object[] };
    const weak = { severity: 'medium', confidence: 'low' };
    return said({ findings: findings.map((each) => ({ ...each, ...weak })) });
  };
  const void_: Change = (reply, { schema }, { path }) =>
    schema === REFUTATION_SCHEMA
      ? said({ verdict: 'refuted', reason: 'no', evidence: [{ path, quote: 'is_not_there()' }] })
      : reply;

  test.each<[string, OracleName, Change | undefined, number[], number[]]>([
    ['who finds everything', 'perfect', undefined, [3, 3, 3, 3, 3], [0, 0, 0, 0, 0]],
    ['who says nothing', 'silent', undefined, [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
    ['who makes up code', 'lazy', undefined, [3, 3, 0, 0, 0], [3, 3, 0, 0, 0]],
    ['who flags every line', 'noisy', undefined, [0, 0, 0, 0, 0], [3, 3, 3, 3, 3]],
    ['who sees it at a second look', 'perfect', seenLater, [0, 3, 3, 3, 3], [0, 0, 0, 0, 0]],
    ['a refuter who refutes everything', 'perfect', refuting, [3, 3, 3, 0, 0], [0, 0, 0, 0, 0]],
    ['a refuter who makes up code', 'perfect', void_, [3, 3, 3, 3, 3], [0, 0, 0, 0, 0]],
    ['who doubts what it finds', 'perfect', doubtful, [3, 3, 3, 3, 0], [0, 0, 0, 0, 0]],
  ])('%s', async (_, name, change, recall, alarms) => {
    const report = await reportWith(scripted(name, change));
    expect({ recall: hits(report, 'recall'), alarms: hits(report, 'alarms') }).toEqual({
      recall,
      alarms,
    });
    expect(report.scores.by.weakness.found).toBe(recall.at(-1));
    expect(report.scores.by.any.alarmed).toBe(alarms.at(-1));
  });

  it('one whose tools are used: what was read is in the report', async () => {
    const report = await reportWith(scripted('perfect'));
    const [pair] = PAIRS;
    const [trial] = report.pairs[0]?.trials ?? [];
    expect(trial?.deep).toMatchObject({
      toolCalls: 1 + (pair?.files?.length ?? 0),
      filesRead: [...(pair === undefined ? [] : treeOf(pair, 'fixed').keys())],
    });
    expect(report.deep?.precision.final).toMatchObject({ hits: 3, of: 3 });
    const text = reportText(report);
    expect(text).toMatch(/after +recall +precision +fixed sides with a claim\n/);
    expect(text).toContain(`calls of tools: ${report.deep?.toolCalls}\n`);
  });

  it('nobody who gives no verdict', async () => {
    const down: Change = () => ({ kind: 'failure', failure: 'auth', status: 401, message: 'no' });
    const report = await reportWith(scripted('perfect', down));
    expect(report.scores.notReviewed).toEqual({ vulnerable: 3, fixed: 3 });
    expect(report.deep?.recall.final).toMatchObject({ hits: 0, of: 0 });
  });
});

describe('a recording', () => {
  const headed = headOf({
    version: '1.2.3',
    at: '2026-01-02T03:04:05.678Z',
    model: MODEL,
    providers: ['anthropic'],
    rounds: 1,
    pairs: IDS,
    deep: true,
  });

  let report: EvalReport;
  let text: string;
  beforeAll(async () => {
    const taped: Taped[] = [];
    // Replies take their time, so that what goes on at once is seen to.
    let nth = 0;
    const slow: EvalRun['connect'] = (id, pair) => {
      const { transports, clock } = scripted('noisy')(id, pair);
      const slowed = transports.map((each): Transport => ({
        ...each,
        async send(request, signal) {
          await clock.sleep(10_000 + 700 * (nth++ % 7), signal);
          return each.send(request, signal);
        },
      }));
      return { transports: slowed, clock };
    };
    report = await reportWith(slow, { tape: (each) => taped.push(each) });
    const lines = [headed, ...taped].map((each) => JSON.stringify(each));
    text = `${lines.join('\n')}\n`;
  });

  function playOf(): ReturnType<typeof createPlayer> {
    const read = readCassette('run.jsonl', text);
    if (!read.ok) throw new Error(read.message);
    return createPlayer(read.cassette);
  }

  it('of conversations plays back to the same report, tools and refuters included', async () => {
    const player = playOf();
    const again = await reportWith(player.connect, { jobs: 3 });
    expect(player.missing()).toBeUndefined();
    expect(again).toEqual(report);
    expect(report.spending[0]?.calls).toBeGreaterThan(12);
  });

  it('is no recording of other files, of which the change says nothing', async () => {
    const player = playOf();
    const other = PAIRS.map((pair) => ({
      ...pair,
      files: (pair.files ?? []).map((file, index) =>
        index === 0 ? { ...file, vulnerable: `${file.vulnerable}\n` + '# more\n' } : file,
      ),
    }));
    const opened = await openScratch(other, world.env, world.folder);
    if (!opened.ok) throw new Error(opened.message);
    const deep = { ...means(), open: opened.scratch.open };
    await reportWith(player.connect, { pairs: other, deep });
    expect(player.missing()).toBe(
      `not recorded: pair ${IDS[0]}, side vulnerable: the prompts, the rules or the pair changed since; record again`,
    );
    opened.scratch.dispose();
  });

  it.each([
    ['a call without a name', '"name":"Read"', '"nam":"Read"', 'name is nothing, expected a text'],
    ['a kind that is none', '"kind":"calls"', '"kind":"call"', 'kind is "call", expected answer'],
  ])('with %s is refused', (_, from, to, reason) => {
    const read = readCassette('run.jsonl', text.replace(from, to));
    expect(read).toEqual({ ok: false, message: expect.stringContaining(`run.jsonl:2: ${reason}`) });
  });
});

it('the estimate is what the first turns cost to read', async () => {
  const estimate = await estimateDeep(PAIRS, 2, questions(MODEL), scratch.open);
  expect(estimate.reviews).toBe(12);
  expect(estimate.usdAtLeast).toBeCloseTo((estimate.inputTokens * 4) / 1e6, 9);
  expect(estimate.inputTokens).toBeGreaterThan(12 * 1_000);
});
