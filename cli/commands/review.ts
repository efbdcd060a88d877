/** `sg review`: one model call, or an investigation, over changes of a repository. */
import { realpathSync } from 'node:fs';
import {
  changesFromBase,
  changesOfCommit,
  changesStaged,
  committedBetween,
  committedIn,
} from '../../host/git/between.ts';
import type { Committed } from '../../host/git/between.ts';
import type { RepoChanges } from '../../host/git/changes.ts';
import { ok } from '../../host/git/result.ts';
import type { GitResult } from '../../host/git/result.ts';
import { readGuidance } from '../../host/guidance.ts';
import { openMemory } from '../../host/findings/memory.ts';
import type { MemoryContext } from '../../host/findings/memory.ts';
import { createLog } from '../../host/log.ts';
import { createModelStore } from '../../host/providers/model-store.ts';
import { findCandidates } from '../../host/review/candidates.ts';
import { systemClock } from '../../host/review/clock.ts';
import { createReviewTools, openModel } from '../../host/review/session.ts';
import { readReviewConfig } from '../../host/review-config.ts';
import { createPurse } from '../../host/spend/spend.ts';
import { deepReview, planDeepReview } from '../../orchestrator/deep/deep-review.ts';
import { recordOf, singleCallRecord } from '../../orchestrator/record.ts';
import { REVIEW_SEVERITIES } from '../../orchestrator/finding.ts';
import { planReview, review } from '../../orchestrator/review.ts';
import type { CallTools, ReviewInput } from '../../orchestrator/review.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import { TEXT_JSON_OR_SARIF } from '../format-option.ts';
import { hookConfig } from '../hook-config.ts';
import type { Io } from '../io.ts';
import type { Values } from '../options.ts';
import { OUTPUT, outputProblem, writeOutput } from '../output-file.ts';
import { progressWords, toolsOver } from '../review/deep.ts';
import { dryRunText } from '../review/dry-run.ts';
import { outcomeOf, report } from '../review/report.ts';
import { whileAsking } from '../review/while-asking.ts';
import { createLocalScanner } from '../scan/local-scanner.ts';
import { selectRules } from '../scan/rules.ts';

const OPTIONS = {
  staged: { type: 'flag', description: 'review what is staged' },
  base: {
    type: 'value',
    placeholder: 'REF',
    description: 'review what the working tree changed since it parted from REF',
  },
  commit: { type: 'value', placeholder: 'REF', description: 'review a commit' },
  deep: {
    type: 'flag',
    description:
      'with --commit or --base: let the model look around in the repository as it is committed, and have each finding attacked by a second call',
  },
  model: {
    type: 'value',
    placeholder: 'ID',
    description:
      'the model that reviews; SECURITY_REVIEW_MODEL, with --deep SG_AGENTIC_MODEL, when absent',
  },
  'dry-run': {
    type: 'flag',
    description: 'print exactly what would be sent, with its size and cost, and send nothing',
  },
  'fail-on': {
    type: 'value',
    placeholder: 'SEVERITY',
    choices: REVIEW_SEVERITIES,
    default: 'medium',
    description: 'lowest severity that makes the exit code 1',
  },
  format: TEXT_JSON_OR_SARIF,
  output: OUTPUT,
} as const;

/** For the whole review, in milliseconds. */
const DEADLINE_MS = 90_000;
const DEEP_DEADLINE_MS = 600_000;

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Sends changes of the repository in the current folder to a model, with secrets taken out, and checks what it answers: the code that a finding quotes has to be there, and has to be new. Without an option the working tree is compared with HEAD.',
    'With --deep the model reads and searches the repository through tools that show one commit, never the working tree and never files that hold secrets as a whole: --base then means the commits since REF. It takes minutes instead of seconds, and ten calls or more.',
    'The model is that of your own credentials, see "SG_PROVIDER" in the README. Exit code: 0 without findings at or above --fail-on, 1 with, 2 when the changes were not reviewed; a SARIF report then says so and has no list of results.',
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
      command: 'sg review --base origin/main --deep',
      does: 'have the commits of a branch investigated, across files',
    },
    {
      command: 'sg review --commit HEAD --format sarif -o review.sarif',
      does: 'review the last commit for a code host',
    },
  ],
  run: runReview,
});

async function runReview(values: Values<typeof OPTIONS>, _: readonly string[], io: Io) {
  const asked = [values.staged, values.base !== undefined, values.commit !== undefined];
  if (asked.filter(Boolean).length > 1)
    return usageError('options --staged, --base and --commit exclude each other');
  if (values.deep && values.base === undefined && values.commit === undefined)
    return usageError('option --deep reviews commits, expected --commit REF or --base REF with it');
  if (values['dry-run'] && values.format === 'sarif')
    return usageError(
      'option --dry-run finds nothing that SARIF could hold, expected --format text or json',
    );
  const unwritable = outputProblem(values.output, io.cwd);
  if (unwritable !== undefined) return usageError(unwritable);
  const found = await changesOf(values, io);
  if (found.kind === 'failed') {
    await io.stderr.write(`sg review: ${escapeControls(found.detail)}\n`);
    return TROUBLE;
  }
  const { changes, roots, committed, commit } = found.value;
  const rules = await selectRules(
    { builtin: true, paths: [], ids: [], minConfidence: 'medium' },
    io,
  );
  if (!rules.ok) return usageError(rules.message);
  const scanner = await createLocalScanner(rules.rules, io.assets);
  const candidates = findCandidates(changes, scanner, rules.rules);
  scanner.dispose();
  const repos = [...roots.values()];
  const config = hookConfig(io);
  const settings = readReviewConfig(io.env);
  const [root = io.cwd] = repos;
  const model = await openModel(io, {
    named: values.model,
    variable: values.deep ? 'SG_AGENTIC_MODEL' : 'SECURITY_REVIEW_MODEL',
    untrusted: [io.cwd, ...repos],
    mayAsk: !values['dry-run'],
    store: createModelStore(config.stateDir),
  });
  const tools = createReviewTools(io.assets);
  const session = `terminal-${process.pid}`;
  const memory = await openMemory({
    stateDir: config.stateDir,
    layer: 'cli',
    session,
    changes,
    roots,
    tools,
    env: io.env,
    now: Date.now,
    state: stateOf(values, found.value),
    ...(commit === undefined ? {} : { commit }),
  });
  const input: ReviewInput = {
    changes,
    candidates,
    guidance: readGuidance({
      ...(config.configDir === undefined ? {} : { configDir: config.configDir }),
      projectDir: root,
    }),
    earlier: memory.dismissed,
    open: memory.open,
    known: new Set(),
    clean: new Set(),
    model: model.kind === 'model' ? model.model : (values.model ?? 'no model'),
    select: { maxFiles: settings.maxFiles, tooManyFiles: settings.maxFiles * 10 },
    limits: { perFile: settings.perFileBytes, total: settings.totalBytes },
  };
  if (values['dry-run']) {
    const plan = (values.deep ? planDeepReview : planReview)(input, tools);
    if (plan.kind !== 'send')
      return report({ outcome: { ...plan, usage: undefined } }, root, values, io);
    const text = dryRunText(plan, model.why, values.format === 'json');
    const problem = await writeOutput(text, values.output, io);
    if (problem === undefined) return CLEAN;
    await io.stderr.write(`sg review: ${escapeControls(problem)}\n`);
    return TROUBLE;
  }
  if (model.kind === 'none') {
    const detail = model.why;
    const outcome = {
      kind: 'not-reviewed',
      reason: 'no-credentials',
      detail,
      usage: undefined,
    } as const;
    const asked = { commits: committed?.commits ?? [], model: input.model };
    const kept = await memory.keepFindings([], recordOf(asked, { outcome, attempts: [] }, 0));
    return report({ outcome, kept }, root, values, io);
  }
  if (io.stderr.isTTY) await io.stderr.write(`${escapeControls(model.why)}\n`);
  const call: CallTools = {
    transports: model.transports,
    purse: createPurse({
      dir: config.stateDir,
      limits: settings.limits,
      layer: 'terminal',
      session,
      log: createLog({ path: config.logPath, now: Date.now }),
      now: Date.now,
    }),
    clock: systemClock,
    makeAbort: () => new AbortController(),
    deadlineMs: values.deep ? DEEP_DEADLINE_MS : DEADLINE_MS,
    signal: io.signal,
    isDual: settings.isDual,
  };
  const asking = `asking ${escapeControls(model.model)}`;
  const begun = performance.now();
  const reviewed = await whileAsking(asking, io, async (say) => {
    if (committed !== undefined)
      return deepReview(
        { ...input, commits: committed.commits, settings: settings.deep },
        {
          ...tools,
          ...toolsOver(committed.files, input, io.assets),
          onProgress: (progress) => say(`${asking}, ${progressWords(progress)}`),
        },
        call,
      );
    const single = await review(input, tools, call);
    const commits = values.commit === undefined || commit === undefined ? [] : [commit];
    const asked = { commits, model: input.model };
    return { ...single, record: singleCallRecord(asked, single, performance.now() - begun) };
  });
  const { outcome, record, fates } = reviewed;
  const told = outcome.kind === 'findings' ? outcome.findings : [];
  const kept = await memory.keepFindings(told, record, fates);
  const shown = { outcome: outcomeOf(outcome, kept), kept };
  return report(values.deep ? { ...shown, record } : shown, root, values, io);
}

/** Whose state it is that is reviewed. */
function stateOf(values: Values<typeof OPTIONS>, { isHead }: Found): MemoryContext['state'] {
  const isCommitted = values.deep || values.staged || values.commit !== undefined;
  if (!isCommitted) return 'worktree';
  return isHead === true ? 'head' : 'other';
}

interface Found extends RepoChanges {
  /** With `--deep`. */
  readonly committed?: Committed;
}

async function changesOf(values: Values<typeof OPTIONS>, io: Io): Promise<GitResult<Found>> {
  const folder = realpathSync(io.cwd);
  if (values.staged) return changesStaged(folder, io.env);
  const { base = 'HEAD', commit } = values;
  if (values.deep) {
    const found = await (commit === undefined
      ? committedBetween(folder, base, 'HEAD', io.env)
      : committedIn(folder, commit, io.env));
    return found.kind === 'failed' ? found : ok({ ...found.value, committed: found.value });
  }
  if (commit !== undefined) return changesOfCommit(folder, commit, io.env);
  return changesFromBase(folder, base, io.env);
}
