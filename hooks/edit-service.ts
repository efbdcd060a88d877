/** Answers edit requests inside the service: the same bytes as the hook's own process, sooner. */
import { readConfig } from '../host/config.ts';
import type { Config } from '../host/config.ts';
import { createLog } from '../host/log.ts';
import type { Log } from '../host/log.ts';
import { decodeRequestBody } from '../host/service/request-body.ts';
import { createLedger } from '../host/state/ledger.ts';
import { createPending } from '../host/state/pending.ts';
import type { BackgroundQueue } from '../workers/service/background.ts';
import type { DeadlinePool } from '../workers/service/deadline-pool.ts';
import type { ServiceStats } from '../workers/service/stats.ts';
import { ruleLocations } from './edit-rules.ts';
import { createIdentitySlot, monotonicMs, readIdentity } from './edit-task.ts';
import type { CustomRuleSet, EditReply, EditTask, InspectTask } from './edit-task.ts';
import type { InspectOutcome } from './inspect.ts';
import { composeUnread } from './message.ts';
import { QUIET_REASONS } from './post-tool-use.ts';
import { respond } from './respond.ts';
import type { HookOutcome } from './respond.ts';
import { RuleCache } from './rule-cache.ts';
import { tell, tellLater, tellUnfinished } from './tell.ts';
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
/** A payload above this may take longer to read than there is time for, in bytes. */
const LARGE_PAYLOAD = 1024 * 1024;
/** Payloads above this may need seconds, in bytes. */
const HEAVY = 256 * 1024;
/** What is cut short may take so long in the background. */
const LATER_MS = 10_000;

export class EditService {
  readonly #options: EditServiceOptions;
  readonly #rules: RuleCache;

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

  /** What the hook prints, to a request that came at `begunMs` of `performance.now()`; undefined when the client has to do the work itself. Never rejects. */
  async answer(body: Buffer<SharedArrayBuffer>, begunMs: number): Promise<string | undefined> {
    const { stats } = this.#options;
    const begun = monotonicMs() - (performance.now() - begunMs);
    const request = decodeRequestBody(body);
    if (request.kind === 'malformed') return this.#refuse();
    const { HOME, PWD, ...settings } = request.settings;
    const config = readConfig(settings, HOME || undefined, PWD || undefined);
    // Without it the project is where the payload says; the host always sets it.
    if (config.projectDir === undefined) return this.#refuse();
    const log = createLog({ path: config.logPath, now: this.#options.now });
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
    }
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
    const left = (): number => Math.max(0, until + GRACE_MS - monotonicMs());
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
    const outcome = await pool.run(task, left(), payload.length > HEAVY);
    if (outcome.kind === 'failed') {
      stats.count('failed');
      log.write('worker-failed', { reason: outcome.reason });
      return undefined;
    }
    if (outcome.kind === 'done') {
      if (outcome.reply.kind === 'rules') throw new Error('rules for an edit');
      const inspected = withStaleRules(outcome.reply, isStale);
      if (isCut(inspected)) {
        stats.count('incomplete');
        this.#finishLater(task, config, deps);
      }
      return tell(inspected, deps);
    }
    const edit = readIdentity(identity);
    if (edit === undefined && payload.length < LARGE_PAYLOAD) {
      // It takes no time to read: every thread is busy, and the client's own process is not.
      stats.count('failed');
      log.write('threads-busy', { bytes: payload.length });
      return undefined;
    }
    stats.count('incomplete');
    void outcome.later
      .then(async (reply) => {
        if (reply === undefined || reply.kind === 'rules' || isStale || isCut(reply))
          this.#finishLater(task, config, deps);
        else await tellLater(reply, deps);
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
      openLedger: (key) => createLedger({ dir, key, log, now }),
      openPending: (key) => createPending({ dir, key, log }),
    };
  }

  /** Does the whole of it again without a deadline; what was told already is not told twice. */
  #finishLater(task: InspectTask, config: Config, deps: TellDeps): void {
    const { pool, background } = this.#options;
    const queued = background.add(task.payload.byteLength, async () => {
      const rules = await this.#rules.get(ruleLocations(config, config.projectDir), LATER_MS);
      const custom: CustomRuleSet | undefined = rules.kind === 'none' ? undefined : rules.set;
      const { until: _, custom: __, ...whole } = task;
      const outcome = await pool.run(
        { ...whole, ...(custom === undefined ? {} : { custom }) },
        LATER_MS,
      );
      if (outcome.kind === 'done' && outcome.reply.kind !== 'rules')
        return void (await tellLater(outcome.reply, deps));
      background.countDropped();
      await this.#giveUp(task, deps);
    });
    if (!queued) void this.#giveUp(task, deps);
  }

  async #giveUp({ identity, payload }: InspectTask, deps: TellDeps): Promise<void> {
    const edit = readIdentity(identity);
    deps.log.write('given-up', { file: edit?.file.shown ?? '', bytes: payload.byteLength });
    if (edit !== undefined) await tellUnfinished(edit, deps);
  }
}

function isCut(outcome: InspectOutcome): boolean {
  return outcome.kind === 'inspected' && outcome.overdue.length > 0;
}

/** Custom rules that were not read in time count as one rule that was not evaluated. */
function withStaleRules(outcome: InspectOutcome, stale: boolean): InspectOutcome {
  if (!stale || outcome.kind === 'skipped') return outcome;
  return { ...outcome, overdue: [...outcome.overdue, 'custom rules'] };
}
