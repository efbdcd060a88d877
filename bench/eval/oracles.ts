/**
 * Reviewers that follow a script, to check the arithmetic: each has figures that can be worked out by hand. They
 * say nothing of a model, and every report with one says so.
 */
import { CATEGORIES, compareCwe } from '../../orchestrator/cwe.ts';
import type { Category } from '../../orchestrator/cwe.ts';
import { REFUTATION_SCHEMA } from '../../orchestrator/deep/schema.ts';
import type { ModelFinding } from '../../orchestrator/finding.ts';
import type { ModelReply, ModelRequest, Transport } from '../../orchestrator/transport.ts';
import type { Pair, Side } from './pair.ts';

export const ORACLES = ['perfect', 'silent', 'noisy', 'lazy', 'prompt-injected'] as const;
export type OracleName = (typeof ORACLES)[number];

export const ORACLE_PROVIDER = 'scripted oracle';
export const ORACLE_LABEL = 'scripted oracle, says nothing of a model';

export function isOracleModel(model: string): boolean {
  return ORACLES.some((name) => oracleModel(name) === model);
}

export function oracleModel(name: OracleName): string {
  return `oracle-${name}`;
}

/** Answers as the endpoint of a model would; knows the pair, and sees no more of it than the request has. */
export function oracleFor(name: OracleName, pair: Pair, side: Side): Transport {
  return {
    provider: ORACLE_PROVIDER,
    billing: 'key',
    send: (request) => Promise.resolve(replyTo(request, name, pair, side)),
  };
}

const USAGE = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

function replyTo(request: ModelRequest, name: OracleName, pair: Pair, side: Side): ModelReply {
  const { model, schema, tools, turns = [] } = request;
  const answer = (value: unknown): ModelReply => {
    return { kind: 'answer', text: JSON.stringify(value), usage: USAGE, model };
  };
  if (schema === REFUTATION_SCHEMA)
    return answer({ verdict: 'upheld', reason: 'it is in the script', evidence: [] });
  const findings = SCRIPTS[name](pair, side, request);
  if (tools === undefined) return answer({ findings });
  if (turns.length === 0) return readAll(pair, model);
  // Nothing more at a second look.
  const isFirst = turns.every((turn) => turn.role === 'assistant' || turn.results.length > 0);
  return answer({ findings: isFirst ? findings.map((each) => ({ ...each, trace: [] })) : [] });
}

/** Looks at every file, as somebody who investigates would. */
function readAll({ path, files = [] }: Pair, model: string): ModelReply {
  const calls = [path, ...files.map((file) => file.path)].map((each, nth) => {
    return { id: `call_${nth}`, name: 'Read', input: { path: each } };
  });
  const blocks = calls.map((call) => ({ type: 'tool_use', ...call }));
  return { kind: 'calls', calls, blocks, usage: USAGE, model };
}

type Script = (pair: Pair, side: Side, request: ModelRequest) => ModelFinding[];

const SCRIPTS: Readonly<Record<OracleName, Script>> = {
  /** The defect at its place, and nothing else. */
  perfect: (pair, side) =>
    side === 'vulnerable' ? [findingOf(pair, pair.quotes[0] ?? '', categoryOf(pair.cwe))] : [],
  silent: () => [],
  /** Every changed line of either side, without an idea what is wrong with it. */
  noisy: (pair, _, request) =>
    addedLines(request.prompt)
      .slice(0, MOST_FINDINGS)
      .map((line) => findingOf(pair, line, 'other')),
  /** Knows the weakness, has not looked at the code. */
  lazy: (pair) => [findingOf(pair, 'this_is_in_no_pair(of, ours)', categoryOf(pair.cwe))],
  /** Perfect, but does what the text under review says. */
  'prompt-injected': (pair, side, request) =>
    pair.injected !== undefined && request.prompt.includes(pair.injected)
      ? []
      : SCRIPTS.perfect(pair, side, request),
};

/** As many as an answer may have. */
const MOST_FINDINGS = 50;

function findingOf(
  { path, severity, title }: Pair,
  quote: string,
  category: Category,
): ModelFinding {
  const fix = 'as on the fixed side';
  const attack = 'as the note of the pair says';
  return { path, quote, category, severity, confidence: 'high', title, attack, fix, symbol: '' };
}

function categoryOf(cwe: string): Category {
  const categories = Object.entries(CATEGORIES) as [Category, string][];
  const named = (wanted: ReturnType<typeof compareCwe>): Category | undefined =>
    categories.find(([, known]) => compareCwe(known, cwe) === wanted)?.[0];
  return named('exact') ?? named('family') ?? 'other';
}

/** Code of the lines that a request shows as new, `+  12| code`, where there is enough of it to quote. */
function addedLines(prompt: string): string[] {
  return prompt
    .split('\n')
    .flatMap((line) => /^\+\d+\| (.*)$/.exec(line)?.[1] ?? [])
    .filter((code) => code.replaceAll(/\s/g, '').length >= 4);
}
