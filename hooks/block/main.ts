/** Entry of the hook before an edit; started by hooks/block.sh where a policy may block something. */
import { readFileSync, statSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createScanner } from '../../engine/scanner.ts';
import { readConfig } from '../../host/config.ts';
import { blockable } from '../../host/gate/block.ts';
import { loadPolicy } from '../../host/gate/policy.ts';
import { homeOrNone } from '../../host/home.ts';
import { createLog } from '../../host/log.ts';
import { readRulePack } from '../../host/rule-pack.ts';
import { createKernel } from '../../host/kernel.ts';
import { lazyWasm } from '../../host/wasm.ts';
import { readEditRules } from '../edit-rules.ts';
import { failOpen } from '../fail-open.ts';
import type { EditScanner } from '../inspect.ts';
import type { EditedFile } from '../paths.ts';
import { respond } from '../respond.ts';
import type { HookAnswer } from '../respond.ts';
import { readPayload } from '../stdin.ts';
import { handlePreToolUse } from './pre-tool-use.ts';

/** The host waits 10 s. */
const DEADLINE_MS = 4_000;
const MAX_ORIGINAL_BYTES = 16 * 1024 * 1024;

const begun = performance.now();
const config = readConfig(process.env, homeOrNone());
const log = createLog({ path: config.logPath, now: Date.now });

// No top-level await: the bundle is CommonJS.
void failOpen(log, async () => {
  try {
    return await answer();
  } catch (error) {
    log.write('block-failed', { reason: error instanceof Error ? error.message : 'unknown' });
    return unchecked();
  }
}).then(({ stdout }) => {
  if (stdout !== '') writeSync(1, stdout);
});

async function answer(): Promise<HookAnswer> {
  const stdin = readPayload();
  if (stdin.kind === 'too-large') return unchecked();
  const policy = await loadPolicy(process.env, process.cwd());
  const given = await handlePreToolUse(JSON.parse(stdin.text), {
    config,
    policy,
    readOriginal,
    openScanner: (file) => Promise.resolve(openScanner(file)),
  });
  if (given.stdout.includes('"deny"')) log.write('denied', {});
  return given;

  function openScanner({ shown, absolute }: EditedFile): EditScanner {
    const all = readEditRules(besidePlugin('rules.json'));
    const rules = policy.ok ? blockable(all, policy.policy) : [];
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    const scanner = createScanner({
      rules: [],
      pack: readRulePack(besidePlugin('rules.pack')),
      only: new Set(byId.keys()),
      kernel: createKernel(),
      wasm: lazyWasm(besidePlugin('re2.wasm'), besidePlugin('re2.snapshot')),
    });
    const isOverdue = (): boolean => performance.now() - begun > DEADLINE_MS;
    return {
      scan: (bytes) => scanner.scan(shown, bytes, absolute, isOverdue),
      rule: (id) => byId.get(id),
      problems: [],
    };
  }
}

function unchecked(): HookAnswer {
  return respond({
    kind: 'speak',
    notice:
      'security-guidance: this edit was not held against the policy: the check failed; see the log.',
  });
}

function readOriginal(path: string): string | null | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    if (!stats.isFile() || stats.size > MAX_ORIGINAL_BYTES) return undefined;
    return readFileSync(path, 'utf8');
  } catch {
    // The edit will fail as well, or it is told that it was not checked.
    return undefined;
  }
}

function besidePlugin(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}
