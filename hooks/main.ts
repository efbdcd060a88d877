/**
 * The edit hook where the thin client got no answer from the service. Whatever goes wrong in here, the process ends
 * with 0 and an empty stdout or one JSON object, and the log has one line about it.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../host/config.ts';
import { homeOrNone } from '../host/home.ts';
import { createLog } from '../host/log.ts';
import { monotonicMs } from '../host/monotonic.ts';
import { noteEdit } from '../host/state/edits.ts';
import { createLedger } from '../host/state/ledger.ts';
import type { Ledger } from '../host/state/ledger.ts';
import { createPending } from '../host/state/pending.ts';
import { answerText } from './boundary.ts';
import { openEditScanner } from './edit-scanner.ts';
import { failOpen } from './fail-open.ts';
import { respond } from './respond.ts';
import type { HookAnswer } from './respond.ts';
import { MAX_PAYLOAD_BYTES, readPayload } from './stdin.ts';

const OLDEST_NODE = 20;

/** The host waits 10 s; in this process nothing is left for later, so an edit may take its time. */
const OWN_DEADLINE_MS = 2_000;
/** Less where the service was waited for in vain: the machine is busy, or the edit is heavy. */
const SECOND_DEADLINE_MS = 1_000;
/** A deadline counts this process's own work, so that a busy machine loses no warning; but at most so long. */
const LONGEST_MS = 8_000;

const config = readConfig(process.env, homeOrNone());
// Set by hooks/run.sh.
const clientFailure = process.env['SG_CLIENT_FAILURE'];
const log = createLog({ path: config.logPath, now: Date.now });

// No top-level await: the bundle is CommonJS, which starts faster than an ES module.
void failOpen(log, answer).then(async (given) => {
  process.exitCode = write(given);
  if (config.enabled && config.patternRules && config.service) await afterwards();
});

/** The answer is out: what follows costs the host nothing but this process's end. */
async function afterwards(): Promise<void> {
  if (clientFailure !== undefined && clientFailure !== 'absent')
    log.write('service-not-used', { reason: clientFailure });
  const { ensureService } = await import('./ensure-service.ts');
  ensureService({ config, log, now: Date.now, script: besideHooks('service/start.js') });
}

async function answer(): Promise<HookAnswer> {
  const stdin = readPayload();
  if (!config.enabled || !config.patternRules) return silent('off');
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) return nodeTooOld();
  if (stdin.kind === 'too-large') return tooLarge(stdin.bytes);
  if (isCutShort(stdin.text)) return cutShort(stdin.text.length);
  // Elsewhere the thin client has asked already.
  if (process.platform === 'win32' && config.service) {
    const { askForAnswer } = await import('./service-answer.ts');
    const given = await askForAnswer(stdin.text, config, process.env);
    if (given !== undefined) return given;
  }
  const isOverdue = overdueAfter(
    clientFailure === 'timeout' ? SECOND_DEADLINE_MS : OWN_DEADLINE_MS,
  );
  return answerText(stdin.text, {
    config,
    log,
    openLedger,
    openPending: (key) => createPending({ dir: config.stateDir, key, log }),
    noteEdit: (key, path) => noteEdit(config.stateDir, key, path, Date.now()),
    openScanner: (file) =>
      openEditScanner(file, {
        packFile: besideHooks('rules.pack'),
        wasmFile: besideHooks('re2.wasm'),
        snapshotFile: besideHooks('re2.snapshot'),
        config,
        isOverdue,
      }),
  });
}

/** Asked at every pattern: the cheap question comes first. */
function overdueAfter(workMs: number): () => boolean {
  const begun = monotonicMs();
  const work = process.cpuUsage();
  return () => {
    const passed = monotonicMs() - begun;
    if (passed < workMs) return false;
    const { user, system } = process.cpuUsage(work);
    return passed > LONGEST_MS || (user + system) / 1000 > workMs;
  };
}

function openLedger(key: string): Ledger {
  return createLedger({ dir: config.stateDir, key, log, now: Date.now });
}

/** Said once a day. */
async function nodeTooOld(): Promise<HookAnswer> {
  const day = new Date().toISOString().slice(0, 10);
  const fresh = await openLedger('node-version').claim('shown_notices', [day]);
  if (fresh.length === 0) return silent('told');
  const notice = `security-guidance: edits are not checked, since Node.js ${OLDEST_NODE} or newer is needed and ${process.version} was found.`;
  return respond({ kind: 'speak', notice });
}

/** Whether the thin client could not keep the payload while it asked: the disk is full, or perl was killed. */
function isCutShort(text: string): boolean {
  return clientFailure !== undefined && clientFailure !== 'absent' && !text.trimEnd().endsWith('}');
}

/** Said each time, as below. */
function cutShort(length: number): HookAnswer {
  log.write('payload-cut-short', { length });
  const notice =
    'security-guidance: an edit was not checked: the service did not answer, and the edit could not be kept for another try, as on a full disk.';
  return respond({ kind: 'speak', notice });
}

/** Said each time: which session it is stands in the part that was not read. */
function tooLarge(bytes: number): HookAnswer {
  log.write('payload-too-large', { bytes });
  const size = (count: number): number => Math.ceil(count / 1024 / 1024);
  const notice = `security-guidance: an edit was not checked, since its payload of ${size(bytes)} MiB is above the limit of ${size(MAX_PAYLOAD_BYTES)} MiB.`;
  return respond({ kind: 'speak', notice });
}

function silent(reason: string): HookAnswer {
  return respond({ kind: 'silent', reason });
}

function write({ stdout, exitCode }: HookAnswer): number {
  try {
    const bytes = Buffer.from(stdout);
    let done = 0;
    while (done < bytes.length) done += writeSync(1, bytes, done);
  } catch (error) {
    log.write('answer-not-written', { reason: error instanceof Error ? error.message : 'unknown' });
  }
  return exitCode;
}

/** The plugin's folder holds `hooks/`, `rules.pack` and `re2.wasm`. */
function besideHooks(name: string): string {
  return join(import.meta.dirname, '..', name);
}
