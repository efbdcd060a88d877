/** Answers edit requests inside the service: the same bytes as the hook's own process, sooner. */
import { readConfig } from '../host/config.ts';
import type { Config } from '../host/config.ts';
import { createLog } from '../host/log.ts';
import type { Log } from '../host/log.ts';
import { monotonicMs } from '../host/monotonic.ts';
import { decodeRequestBody } from '../host/service/request-body.ts';
import { noteEdit } from '../host/state/edits.ts';
import { Journal } from '../host/state/journal.ts';
import { createLedger } from '../host/state/ledger.ts';
import type { LongLived } from '../host/state/ledger.ts';
import { ToldCache } from '../host/state/told-cache.ts';
import { createPending } from '../host/state/pending.ts';
import type { Job } from '../host/state/pending.ts';
import type { BackgroundQueue } from '../workers/service/background.ts';
import { Behind } from '../workers/service/behind.ts';
import type { DeadlinePool } from '../workers/service/deadline-pool.ts';
import type { ServiceStats } from '../workers/service/stats.ts';
import { ruleLocations } from './edit-rules.ts';
import { createIdentitySlot, readIdentity } from './edit-task.ts';
import type { EditReply, EditTask, InspectTask } from './edit-task.ts';
import { guessIdentity } from './guess-identity.ts';
import type { EditIdentity, InspectOutcome } from './inspect.ts';
import { composeUnread } from './message.ts';
import { QUIET_REASONS } from './post-tool-use.ts';
import { respond } from './respond.ts';
import type { HookOutcome } from './respond.ts';
import { RuleCache } from './rule-cache.ts';
import { beginLater, giveUpLater, tell, tellLater } from './tell.ts';
import type { TellDeps } from './tell.ts';

export interface EditServiceOptions {
  readonly pool: DeadlinePool<EditTask, EditReply>;
  readonly background: BackgroundQueue;
  readonly stats: ServiceStats;
  /** Ids of the built-in rules of this layer. */
  readonly ruleIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Room behind the deadline for what follows the last pattern, and for a machine that is busy. */
const GRACE_MS = 60;
/** The same for a heavy payload: the client needs the rest to carry it. */
const HEAVY_GRACE_MS = 10;
/** Payloads above this may need seconds, here and in the client's own process, in bytes. */
const HEAVY = 256 * 1024;
/** What is cut short may take so long in the background. */
const LATER_MS = 10_000;

export class EditService {
  readonly #options: EditServiceOptions;
  readonly #rules: RuleCache;
  readonly #behind = new Behind();
  #told: LongLived | undefined;

  constructor(options: EditServiceOptions) {
    this.#options = options;
    this.#rules = new RuleCache(async (task) => {
      const outcome = await options.pool.run(task, LATER_MS);
      return outcome.kind === 'done' && outcome.reply.kind === 'rules' ? outcome.reply : undefined;
    }, options.ruleIds);
  }

  get customRules(): RuleCache {
    return this.#rules;
  }

  /**
   * What the hook prints, to a request that came at `begunMs` of `performance.now()`; undefined when the
   * client has to do the work itself. Never rejects.
   */
  async answer(body: Buffer<SharedArrayBuffer>, begunMs: number): Promise<string | undefined> {
    const { stats } = this.#options;
    const begun = monotonicMs() - (performance.now() - begunMs);
    const request = decodeRequestBody(body);
    if (request.kind === 'malformed') return this.#refuse();
    const { HOME, PWD, ...settings } = request.settings;
    const config = readConfig(settings, HOME || undefined, PWD || undefined);
    // Without it the project is where the payload says; the host always sets it.
    if (config.projectDir === undefined) return this.#refuse();
    const log = this.#afterwards(createLog({ path: config.logPath, now: this.#options.now }));
    const end = this.#behind.begin();
    try {
      const outcome = await this.#decide(config, request.payload, log, begun);
      if (outcome === undefined) return undefined;
      stats.count('answered');
      if (outcome.kind === 'silent') {
        stats.skip(outcome.reason);
        if (!QUIET_REASONS.has(outcome.reason)) log.write('skipped', { reason: outcome.reason });
      } else if (outcome.context !== undefined) stats.count('told');
      stats.time(monotonicMs() - begun);
      return respond(outcome).stdout;
    } catch (error) {
      this.#failed(log, error);
      return undefined;
    } finally {
      end();
    }
  }

  /** Writes what the service has put off. */
  finish(): void {
    this.#behind.finish();
  }

  /** Nobody has to wait for a line of the log. */
  #afterwards(log: Log): Log {
    return { write: (event, fields) => this.#behind.add(() => log.write(event, fields)) };
  }

  #failed(log: Log, error: unknown): void {
    this.#options.stats.count('failed');
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
    log.write('failed', { at: 'service', reason });
  }

  #refuse(): undefined {
    this.#options.stats.count('refused');
  }

  async #decide(
    config: Config,
    payload: Uint8Array,
    log: Log,
    begun: number,
  ): Promise<HookOutcome | undefined> {
    if (!config.enabled || !config.patternRules || !config.service)
      return { kind: 'silent', reason: 'off' };
    const { pool, stats } = this.#options;
    const until = begun + config.editDeadlineMs;
    const isHeavy = payload.length > HEAVY;
    const grace = isHeavy ? HEAVY_GRACE_MS : GRACE_MS;
    const left = (): number => Math.max(0, until + grace - monotonicMs());
    // The other half is for the rules that are there.
    const rules = await this.#rules.get(ruleLocations(config, config.projectDir), left() / 2);
    const isStale = rules.kind === 'stale';
    const identity = createIdentitySlot();
    const task: InspectTask = {
      kind: 'inspect',
      payload,
      config,
      ...(rules.kind === 'none' || rules.set === undefined ? {} : { custom: rules.set }),
      until,
      identity,
    };
    const deps = this.#tellDeps(config, log);
    const outcome = await pool.run(task, left(), isHeavy);
    if (outcome.kind === 'failed') {
      stats.count('failed');
      log.write('worker-failed', { reason: outcome.reason });
      return undefined;
    }
    if (outcome.kind === 'done') {
      if (outcome.reply.kind === 'rules') throw new Error('rules for an edit');
      const inspected = withStaleRules(outcome.reply, isStale);
      if (inspected.kind === 'inspected' && isCut(inspected)) {
        stats.count('incomplete');
        this.#finishLater(task, await beginJob(inspected.edit, deps), deps);
      }
      return tell(inspected, deps);
    }
    const edit = readIdentity(identity);
    if (edit === undefined && !isHeavy) {
      // It takes no time: every thread is busy, and the client's own process is not.
      stats.count('failed');
      log.write('threads-busy', { bytes: payload.length });
      return undefined;
    }
    stats.count('incomplete');
    const job = await beginJob(edit ?? guessIdentity(payload, config), deps);
    void outcome.later
      .then(async (reply) => {
        if (reply?.kind === 'inspected' && job !== undefined && !isStale && !isCut(reply))
          await tellLater(reply, job.job, deps);
        else this.#finishLater(task, job, deps);
      })
      .catch((error: unknown) => this.#failed(log, error));
    if (edit === undefined) return { kind: 'speak', notice: composeUnread(payload.length) };
    const overdue = [...this.#options.ruleIds, ...(task.custom?.rules ?? []).map(({ id }) => id)];
    const { length: bytes } = payload;
    return tell(
      { kind: 'inspected', edit, told: [], partial: [], overdue, problems: [], bytes },
      deps,
    );
  }

  #tellDeps(config: Config, log: Log): TellDeps {
    const { stateDir: dir } = config;
    const { now } = this.#options;
    return {
      log,
      finishesLater: true,
      openLedger: (key) => createLedger({ dir, key, log, now, ...this.#longLived(dir) }),
      openPending: (key) => createPending({ dir, key, log }),
      noteEdit: (key, path) => noteEdit(dir, key, path, now()),
    };
  }

  /** Nearly every client has the same folder. */
  #longLived(dir: string | undefined): { longLived?: LongLived } {
    if (dir === undefined) return {};
    if (this.#told?.journal.dir !== dir) {
      this.#told?.journal.close();
      const putOff = (work: () => void): void => this.#behind.add(work);
      this.#told = { journal: new Journal(dir), cache: new ToldCache(), putOff };
    }
    return { longLived: this.#told };
  }

  /** Does the whole of it again with more time; what was told already is not told twice. */
  #finishLater(task: InspectTask, later: Later | undefined, deps: TellDeps): void {
    const { pool, background } = this.#options;
    const { config, payload } = task;
    const giveUp = async (): Promise<void> => {
      deps.log.write('given-up', { file: later?.edit.file.shown ?? '', bytes: payload.byteLength });
      if (later !== undefined) await giveUpLater(later.edit, later.job, deps);
    };
    const queued = background.add(payload.byteLength, async () => {
      const rules = await this.#rules.get(ruleLocations(config, config.projectDir), LATER_MS);
      const { custom: _, ...whole } = task;
      const again: InspectTask = {
        ...whole,
        ...(rules.kind === 'none' || rules.set === undefined ? {} : { custom: rules.set }),
        // Before the thread is stopped, so that what was found until then is told.
        until: monotonicMs() + LATER_MS * 0.6,
      };
      const outcome = await pool.run(again, LATER_MS, true);
      if (outcome.kind === 'done' && outcome.reply.kind === 'inspected') {
        const job = later?.job ?? (await beginLater(outcome.reply.edit, deps));
        return tellLater(outcome.reply, job, deps);
      }
      background.countDropped();
      await giveUp();
    });
    if (!queued) void giveUp();
  }
}

/** A check that goes on, and what it is about. */
interface Later {
  readonly edit: EditIdentity;
  readonly job: Job;
}

async function beginJob(
  edit: EditIdentity | undefined,
  deps: TellDeps,
): Promise<Later | undefined> {
  return edit === undefined ? undefined : { edit, job: await beginLater(edit, deps) };
}

function isCut(outcome: InspectOutcome): boolean {
  return outcome.kind === 'inspected' && outcome.overdue.length > 0;
}

/** Custom rules that were not read in time count as one rule that was not evaluated. */
function withStaleRules(outcome: InspectOutcome, stale: boolean): InspectOutcome {
  if (!stale || outcome.kind === 'skipped') return outcome;
  return { ...outcome, overdue: [...outcome.overdue, 'custom rules'] };
}
