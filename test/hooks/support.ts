/** A handler with three rules of its own, the real regex engine and nothing of this machine. */
import { createScanner } from '../../engine/scanner.ts';
import type { WasmRuntime } from '../../engine/re2/runtime.ts';
import type { Rule } from '../../engine/rule.ts';
import { readConfig } from '../../host/config.ts';
import type { Environment } from '../../host/config.ts';
import type { Log, LogFields } from '../../host/log.ts';
import type { Ledger } from '../../host/state/ledger.ts';
import { handlePostToolUse } from '../../hooks/post-tool-use.ts';
import type { HookDeps } from '../../hooks/post-tool-use.ts';
import type { HookAnswer } from '../../hooks/respond.ts';
import { testRuntime } from '../support/wasm.ts';

export const ROOT = '/work space/app';

export function rule(more: Partial<Rule> & Pick<Rule, 'id' | 'patterns'>): Rule {
  return {
    title: `Title of ${more.id}`,
    severity: 'high',
    confidence: 'high',
    unless: [],
    message: { what: 'What it is.', why: 'Why it matters.', fix: 'How to fix it.' },
    references: [],
    examples: { match: [], noMatch: [] },
    origin: 'builtin',
    ...more,
  };
}

export const RULES: readonly Rule[] = [
  rule({
    id: 'py-load',
    languages: ['python', 'notebook'],
    in: ['code'],
    patterns: ['\\byaml\\.load\\s*\\('],
    unless: [{ within: 'call', pattern: 'SafeLoader' }],
    cwe: 'CWE-502',
  }),
  rule({ id: 'js-eval', languages: ['javascript', 'tsx'], patterns: ['\\beval\\s*\\('] }),
  rule({
    id: 'wf-script',
    paths: ['.github/workflows/*.yml'],
    severity: 'critical',
    patterns: ['github\\.event\\.issue\\.title'],
  }),
];

export interface World {
  /** Hands a payload to the handler. */
  send(payload: unknown): Promise<HookAnswer>;
  readonly deps: HookDeps;
  readonly logged: { event: string; fields: LogFields }[];
  /** How often RE2 was loaded. */
  readonly loads: () => number;
}

export interface WorldOptions {
  readonly env?: Environment;
  readonly rules?: readonly Rule[];
  readonly problems?: readonly string[];
}

export function createWorld(options: WorldOptions = {}): World {
  const rules = options.rules ?? RULES;
  const byId = new Map(rules.map((each) => [each.id, each]));
  let loads = 0;
  const wasm = (): WasmRuntime => {
    loads += 1;
    return testRuntime();
  };
  const scanner = createScanner({ rules, wasm });
  const ledgers = new Map<string, Ledger>();
  const logged: { event: string; fields: LogFields }[] = [];
  const log: Log = { write: (event, fields = {}) => void logged.push({ event, fields }) };
  const deps: HookDeps = {
    config: readConfig({ CLAUDE_PROJECT_DIR: ROOT, ...options.env }, '/home/ada'),
    log,
    openLedger(key) {
      const ledger = ledgers.get(key) ?? rememberingLedger();
      ledgers.set(key, ledger);
      return ledger;
    },
    noteEdit: () => undefined,
    openPending: () => ({
      add: () => Promise.resolve(false),
      settle: () => Promise.resolve(false),
      take: () => Promise.resolve([]),
    }),
    openScanner: ({ shown, absolute }) =>
      Promise.resolve({
        scan: (bytes) => scanner.scan(shown, bytes, absolute),
        rule: (id) => byId.get(id),
        problems: options.problems ?? [],
      }),
  };
  return { send: (payload) => handlePostToolUse(payload, deps), deps, logged, loads: () => loads };
}

function rememberingLedger(): Ledger {
  const told = new Set<string>();
  return {
    claim(telling, keys) {
      const fresh = [...new Set(keys)].filter((key) => !told.has(`${telling} ${key}`));
      for (const key of fresh) told.add(`${telling} ${key}`);
      return Promise.resolve(fresh);
    },
  };
}

export interface Spoken {
  readonly context: string | undefined;
  readonly notice: string | undefined;
}

/** Checks the shape that the host demands of an answer and returns its texts. */
export function spoken(answer: HookAnswer): Spoken {
  if (answer.exitCode !== 0) throw new Error(`exit code ${String(answer.exitCode)}`);
  if (answer.stdout === '') return { context: undefined, notice: undefined };
  if (!answer.stdout.endsWith('}\n') || answer.stdout.slice(0, -1).includes('\n')) {
    throw new Error('stdout is not one line');
  }
  const value = record(JSON.parse(answer.stdout));
  const output = 'hookSpecificOutput' in value ? record(value['hookSpecificOutput']) : undefined;
  if (output !== undefined && output['hookEventName'] !== 'PostToolUse') {
    throw new Error('another event');
  }
  const metrics = 'metrics' in value ? record(value['metrics']) : {};
  for (const [name, figure] of Object.entries(metrics)) {
    const valid =
      /^[a-z][a-z0-9_]{0,39}$/.test(name) && ['boolean', 'number'].includes(typeof figure);
    if (!valid) throw new Error(`metric ${name}: ${String(figure)}`);
  }
  if (Object.keys(metrics).length > 20) throw new Error('more than 20 metrics');
  for (const key of [...Object.keys(value), ...Object.keys(output ?? {})]) {
    if (!ALLOWED.has(key)) throw new Error(`unknown key ${key}`);
  }
  return { context: textOf(output?.['additionalContext']), notice: textOf(value['systemMessage']) };
}

const ALLOWED = new Set([
  'systemMessage',
  'metrics',
  'hookSpecificOutput',
  'hookEventName',
  'additionalContext',
]);

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('expected an object');
  return { ...value };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new Error('expected text');
  if (value.length > 10_000) throw new Error(`${value.length} characters, the host takes 10,000`);
  return value;
}
