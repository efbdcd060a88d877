/** Entry of a thread of the service: inspects edits with rules that are ready before the first one comes. */
import { workerData } from 'node:worker_threads';
import { planLookaround } from '../engine/automaton/plan.ts';
import { RulePack } from '../engine/pack/rule-pack.ts';
import { DEFAULT_RE2_LIMITS } from '../engine/re2/limits.ts';
import type { Rule } from '../engine/rule.ts';
import { createScanner } from '../engine/scanner.ts';
import type { Scanner } from '../engine/scanner.ts';
import { scopeMatches } from '../engine/scope/scope.ts';
import { garbageCollector } from '../host/collect-garbage.ts';
import { readConfig } from '../host/config.ts';
import { createKernel } from '../host/kernel.ts';
import { monotonicMs } from '../host/monotonic.ts';
import { MAXIMUM_PAGES, readSnapshot, runtimeOf } from '../host/wasm.ts';
import { writeIdentity } from './edit-task.ts';
import type {
  CustomRuleSet,
  EditReply,
  EditTask,
  EditWorkerSetup,
  InspectTask,
} from './edit-task.ts';
import { inspect } from './inspect.ts';
import type { EditScanner } from './inspect.ts';
import type { EditedFile } from './paths.ts';

/** A scanner's share of memory; a session's edits are small. */
const LIMITS = {
  ...DEFAULT_RE2_LIMITS,
  maxCompiled: 512,
  maxHeapBytes: 32 * 1024 * 1024,
  keepTextBytes: 1024 * 1024,
};
/** Payloads above this leave garbage that is worth collecting, in bytes. */
const LARGE = 256 * 1024;
/** Custom rule sets kept ready. */
const MAX_CUSTOM_SETS = 2;
/** Edits after which the regex engine is made anew, so that nothing can wear out. */
const RECYCLE_AFTER = 2_000;

interface ReadyRules {
  readonly scanner: Scanner;
  readonly custom: ReadonlyMap<string, Rule>;
  readonly problems: readonly string[];
}

// The service is the only caller.
const setup = workerData as EditWorkerSetup;
const runtime = runtimeOf(setup.module, MAXIMUM_PAGES, readSnapshot(setup.snapshot));
const pack = new RulePack(setup.pack);
const custom = new Map<string, ReadyRules>();
let builtin = prepare([], []);
let edits = 0;
const collectGarbage = garbageCollector();

const warm = warmUp();

export default async function run(task: EditTask): Promise<EditReply> {
  await warm;
  if (task.kind === 'warm') return { kind: 'skipped', reason: task.kind };
  if (task.kind === 'load-rules') {
    const { loadRuleFiles } = await import('./load-rule-files.ts');
    return loadRuleFiles(task);
  }
  // Behind the answer to this edit.
  if (++edits % RECYCLE_AFTER === 0) setImmediate(recycle);
  if (task.payload.byteLength > LARGE) collectGarbage();
  return inspectTask(task);
}

function inspectTask(task: InspectTask): Promise<EditReply> {
  const { payload, config, until, identity } = task;
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  const input = parse(text);
  if (input === undefined) {
    return Promise.resolve({ kind: 'skipped', reason: 'the payload is not JSON' });
  }
  return inspect(input.value, {
    config,
    onIdentity: (edit) => writeIdentity(identity, edit),
    openScanner: (file) =>
      Promise.resolve(
        scannerFor(
          task.custom === undefined ? builtin : customRules(task.custom),
          file,
          until === undefined ? () => false : () => monotonicMs() > until,
        ),
      ),
  });
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function scannerFor(ready: ReadyRules, file: EditedFile, isOverdue: () => boolean): EditScanner {
  const { shown, absolute } = file;
  return {
    scan: (bytes) => ready.scanner.scan(shown, bytes, absolute, isOverdue),
    rule: ready.scanner.rule,
    problems: [
      ...ready.problems,
      // As the hook's own process says it: only of rules that are for this file.
      ...ready.scanner.problems.flatMap(({ ruleId, field, error }) => {
        const rule = ready.custom.get(ruleId);
        const applies = rule !== undefined && scopeMatches(rule, { relative: shown, absolute });
        return applies ? [`${ruleId}: ${field}: ${error.message}`] : [];
      }),
    ],
  };
}

function prepare(rules: readonly Rule[], problems: readonly string[]): ReadyRules {
  const scanner = createScanner({
    rules,
    pack,
    wasm: () => runtime,
    kernel: createKernel(),
    planLookaround,
    re2Limits: LIMITS,
  });
  return { scanner, custom: new Map(rules.map((rule) => [rule.id, rule])), problems };
}

function customRules({ key, rules, problems }: CustomRuleSet): ReadyRules {
  const ready = custom.get(key) ?? prepare(rules, problems);
  custom.delete(key);
  custom.set(key, ready);
  for (const [oldest, { scanner }] of custom) {
    if (custom.size <= MAX_CUSTOM_SETS) break;
    scanner.dispose();
    custom.delete(oldest);
  }
  return ready;
}

function recycle(): void {
  builtin.scanner.dispose();
  for (const { scanner } of custom.values()) scanner.dispose();
  custom.clear();
  builtin = prepare([], []);
  void warmUp();
}

/** The first edit must not pay for what the first edit of a thread costs: every part runs once or more. */
async function warmUp(): Promise<void> {
  const config = readConfig({ CLAUDE_PROJECT_DIR: '/' }, undefined, '/');
  for (const { path, code } of setup.warmUp) {
    const file_path = `/${path}`;
    const payload = {
      session_id: 'warm-up',
      hook_event_name: 'PostToolUse',
      tool_name: 'Write',
      tool_input: { file_path, content: code },
      // A file with one line before, so that what it had is looked for, too.
      tool_response: { filePath: file_path, content: code, originalFile: '\n' },
    };
    await inspect(JSON.parse(JSON.stringify(payload)), {
      config,
      openScanner: (file) => Promise.resolve(scannerFor(builtin, file, () => false)),
    });
  }
}
