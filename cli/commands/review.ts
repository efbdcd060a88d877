/** `sg review`: one model call over changes of a repository. */
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { readConfig } from '../../host/config.ts';
import { changesFromBase, changesOfCommit, changesStaged } from '../../host/git/between.ts';
import type { RepoChanges } from '../../host/git/changes.ts';
import type { GitResult } from '../../host/git/result.ts';
import { readGuidance } from '../../host/guidance.ts';
import { createLog } from '../../host/log.ts';
import { createModelStore } from '../../host/providers/model-store.ts';
import { findCandidates } from '../../host/review/candidates.ts';
import { systemClock } from '../../host/review/clock.ts';
import { createReviewTools, openModel } from '../../host/review/session.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import { createPurse } from '../../host/spend/spend.ts';
import { boundOf, costOf } from '../../orchestrator/money.ts';
import { planReview, review } from '../../orchestrator/review.ts';
import type { ReviewInput, ReviewPlan } from '../../orchestrator/review.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, FINDINGS, TROUBLE } from '../exit.ts';
import { TEXT_OR_JSON } from '../format-option.ts';
import type { Io } from '../io.ts';
import type { Values } from '../options.ts';
import { reviewText } from '../review/print.ts';
import { createLocalScanner } from '../scan/local-scanner.ts';
import { selectRules } from '../scan/rules.ts';
import { createStyle } from '../style.ts';

const OPTIONS = {
  staged: { type: 'flag', description: 'review what is staged' },
  base: {
    type: 'value',
    placeholder: 'REF',
    description: 'review what the working tree changed since it parted from REF',
  },
  commit: { type: 'value', placeholder: 'REF', description: 'review a commit' },
  model: {
    type: 'value',
    placeholder: 'ID',
    description: 'the model that reviews; SECURITY_REVIEW_MODEL when absent',
  },
  'dry-run': {
    type: 'flag',
    description: 'print exactly what would be sent, with its size and cost, and send nothing',
  },
  format: TEXT_OR_JSON,
} as const;

/** For the whole review, in milliseconds. */
const DEADLINE_MS = 90_000;

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Sends changes of the repository in the current folder to a model, with secrets taken out, and checks what it answers: the code that a finding quotes has to be there, and has to be new. Without an option the working tree is compared with HEAD.',
    'The model is that of your own credentials, see "SG_PROVIDER" in the README. Exit code: 0 clean, 1 findings, 2 not reviewed.',
  ],
  options: OPTIONS,
  positionals: { name: 'nothing', min: 0, max: 0 },
  examples: [
    {
      command: 'sg review --dry-run',
      does: 'see what would leave the machine, and what it would cost',
    },
    { command: 'sg review --base origin/main', does: 'review a branch with what is not committed' },
    {
      command: 'sg review --commit HEAD --format json',
      does: 'review the last commit, for machines',
    },
  ],
  run: runReview,
});

async function runReview(values: Values<typeof OPTIONS>, _: readonly string[], io: Io) {
  const asked = [values.staged, values.base !== undefined, values.commit !== undefined];
  if (asked.filter(Boolean).length > 1)
    return usageError('options --staged, --base and --commit exclude each other');
  const found = await changesOf(values, io);
  if (found.kind === 'failed') {
    await io.stderr.write(`sg review: ${escapeControls(found.detail)}\n`);
    return TROUBLE;
  }
  const { changes, roots } = found.value;
  const rules = await selectRules(
    { builtin: true, paths: [], ids: [], minConfidence: 'medium' },
    io,
  );
  if (!rules.ok) return usageError(rules.message);
  const scanner = createLocalScanner(rules.rules, io.assets);
  const candidates = findCandidates(changes, scanner, rules.rules);
  scanner.dispose();
  const repos = [...roots.values()];
  const home = io.env['HOME'] || homedir();
  const config = readConfig(io.env, home, io.cwd);
  const settings = readReviewConfig(io.env);
  const [projectDir] = repos;
  const model = await openModel(io, {
    named: values.model,
    untrusted: [io.cwd, ...repos],
    mayAsk: !values['dry-run'],
    store: createModelStore(config.stateDir),
  });
  const tools = createReviewTools(io.assets);
  const input: ReviewInput = {
    changes,
    candidates,
    guidance: readGuidance({
      ...(config.configDir === undefined ? {} : { configDir: config.configDir }),
      ...(projectDir === undefined ? {} : { projectDir }),
    }),
    earlier: [],
    known: new Set(),
    clean: new Set(),
    model: model.kind === 'model' ? model.model : (values.model ?? 'no model'),
    select: { maxFiles: settings.maxFiles, tooManyFiles: settings.maxFiles * 10 },
    limits: { perFile: settings.perFileBytes, total: settings.totalBytes },
  };
  if (values['dry-run']) return dryRun(planReview(input, tools), model.why, values, io);
  if (model.kind === 'none') {
    const detail = model.why;
    return show(
      { kind: 'not-reviewed', reason: 'no-credentials', detail, usage: undefined },
      values,
      io,
    );
  }
  if (io.stderr.isTTY) await io.stderr.write(`sg review: ${escapeControls(model.why)} Asking…\n`);
  const reviewed = await review(input, tools, {
    transports: model.transports,
    purse: createPurse({
      dir: config.stateDir,
      limits: settings.limits,
      layer: 'terminal',
      session: `terminal-${process.pid}`,
      log: createLog({ path: config.logPath, now: Date.now }),
      now: Date.now,
    }),
    clock: systemClock,
    makeAbort: () => new AbortController(),
    deadlineMs: DEADLINE_MS,
    signal: io.signal,
    isDual: settings.isDual,
  });
  return show(reviewed.outcome, values, io);
}

function changesOf(values: Values<typeof OPTIONS>, io: Io): Promise<GitResult<RepoChanges>> {
  const folder = realpathSync(io.cwd);
  if (values.staged) return changesStaged(folder, io.env);
  if (values.commit !== undefined) return changesOfCommit(folder, values.commit, io.env);
  return changesFromBase(folder, values.base ?? 'HEAD', io.env);
}

async function show(
  outcome: Parameters<typeof reviewText>[0],
  values: Values<typeof OPTIONS>,
  io: Io,
): Promise<number> {
  const text =
    values.format === 'json'
      ? `${JSON.stringify(outcome, null, 2)}\n`
      : reviewText(outcome, createStyle(io.stdout.color));
  await io.stdout.write(text);
  if (outcome.kind === 'not-reviewed') return TROUBLE;
  return outcome.kind === 'findings' ? FINDINGS : CLEAN;
}

async function dryRun(
  plan: ReviewPlan,
  why: string,
  values: Values<typeof OPTIONS>,
  io: Io,
): Promise<number> {
  if (plan.kind === 'clean') return show({ ...plan, usage: undefined }, values, io);
  if (plan.kind === 'not-reviewed') return show({ ...plan, usage: undefined }, values, io);
  const request = plan.request('full');
  if (request === undefined) throw new Error('a plan without a request');
  const bound = boundOf(request);
  const usd = costOf(request.model, bound);
  const coverage = plan.coverage('full');
  if (values.format === 'json') {
    const estimate = {
      tokensIn: bound.inputTokens,
      tokensOutAtMost: bound.outputTokens,
      usdAtMost: usd ?? null,
    };
    await io.stdout.write(`${JSON.stringify({ request, estimate, coverage, why }, null, 2)}\n`);
    return CLEAN;
  }
  const cost = usd === undefined ? 'cost not known' : `at most ${usd.toFixed(4)} USD`;
  await io.stdout.write(
    `--- system\n${shown(request.system)}\n--- prompt\n${shown(request.prompt)}\n---\n` +
      `${coverage.reviewed.length} files, ${coverage.left.length} left out; about ${bound.inputTokens} tokens in, at most ${bound.outputTokens} out, ${cost} with ${escapeControls(request.model)}\n` +
      `${escapeControls(why)}\nNothing was sent: this was a dry run.\n`,
  );
  return CLEAN;
}

/** Nothing in a request is hidden, so only the line breaks stay. */
function shown(text: string): string {
  return text.split('\n').map(escapeControls).join('\n');
}
