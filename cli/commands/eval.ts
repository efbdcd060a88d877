/** `sg eval`: how well a model reviews, measured on changes whose defects are known. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ORACLES } from '../../bench/eval/oracles.ts';
import { renderEvalPage } from '../../bench/eval/page.ts';
import { reportText } from '../../bench/eval/print.ts';
import { reportOf } from '../../bench/eval/report.ts';
import { estimateDeep } from '../../bench/eval/deep-run.ts';
import { estimateOf, runEval } from '../../bench/eval/run-eval.ts';
import type { EvalRun } from '../../bench/eval/run-eval.ts';
import { reportAssets } from '../assets.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command, CommandResult } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { openDeep } from '../eval/deep.ts';
import { loadPairs, selectPairs } from '../eval/pairs.ts';
import { deepEstimateText, estimateText, questionsOf } from '../eval/questions.ts';
import { modelSource, oracleSource, recordedSource, replaySource } from '../eval/source.ts';
import type { OpenSource, Source } from '../eval/source.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import { TEXT_OR_JSON } from '../format-option.ts';
import type { Io } from '../io.ts';
import { quote } from '../options.ts';
import type { Values } from '../options.ts';
import { VERSION } from '../../host/service/health/version.ts';

const OPTIONS = {
  pairs: {
    type: 'value',
    placeholder: 'DIR',
    description: 'pairs of your own, one YAML file each',
  },
  deep: {
    type: 'flag',
    description:
      'have pairs of several files investigated as commits, as "sg review --deep" does, and count what each stage leaves',
  },
  ids: { type: 'list', placeholder: 'ID', description: 'only these pairs, with commas between' },
  model: {
    type: 'value',
    placeholder: 'ID',
    description:
      'the model that is asked; SECURITY_REVIEW_MODEL, with --deep SG_AGENTIC_MODEL, when absent',
  },
  oracle: {
    type: 'value',
    placeholder: 'NAME',
    choices: ORACLES,
    description: 'let a script answer: it checks the arithmetic and says nothing of a model',
  },
  record: {
    type: 'value',
    placeholder: 'FILE',
    description: 'keep what is answered in a new file',
  },
  replay: {
    type: 'value',
    placeholder: 'FILE',
    description: 'take the answers from such a file, without a network',
  },
  repeat: {
    type: 'integer',
    placeholder: 'N',
    min: 1,
    max: 100,
    description: 'ask everything so often, once when absent',
  },
  'limit-usd': {
    type: 'value',
    placeholder: 'N',
    description: 'ask a model, and stop before it could cost more than N USD',
  },
  yes: { type: 'flag', description: 'ask a model, whatever the estimate says' },
  format: TEXT_OR_JSON,
  report: {
    type: 'value',
    placeholder: 'FILE',
    description: 'write one page of HTML with charts, which needs nothing else',
  },
} as const;
type Options = Values<typeof OPTIONS>;

/** For a review, in milliseconds: what `sg review` has, without and with `--deep`. */
const DEADLINE_MS = 90_000;
const DEEP_DEADLINE_MS = 600_000;
/** At the same time. */
const JOBS = 4;

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Asks about pairs of changes, one with a defect and one without, in the way that "sg review" asks, and counts what is found, what is missed and what is a false alarm. A side without a verdict counts for neither.',
    'The pairs are small and made up. They compare models, prompts and filters with each other; they are no measure of your own code.',
    'A model is only asked with --yes or --limit-usd; before, the estimate is shown. Exit code: 0 everything was reviewed, 2 something was not.',
  ],
  options: OPTIONS,
  positionals: { name: 'nothing', min: 0, max: 0 },
  examples: [
    { command: 'sg eval', does: 'see what asking your model would cost' },
    { command: 'sg eval --limit-usd 20 --record run.jsonl', does: 'ask it, and keep the answers' },
    { command: 'sg eval --replay run.jsonl --report run.html', does: 'the same figures, for free' },
    {
      command: 'sg eval --deep --limit-usd 50 --record deep.jsonl',
      does: 'have commits investigated, across files',
    },
    {
      command: 'sg eval --oracle noisy',
      does: 'see the report of a reviewer that flags everything',
    },
  ],
  run: runEvalCommand,
});

async function runEvalCommand(
  values: Options,
  _: readonly string[],
  io: Io,
): Promise<CommandResult> {
  const wrong = contradiction(values);
  if (wrong !== undefined) return usageError(wrong);
  const at = new Date().toISOString();
  const replay = values.replay === undefined ? undefined : await replaySource(values.replay, io);
  if (replay?.ok === false) return fail(replay.message, io);
  if (values.deep && replay !== undefined && replay.head.deep !== true)
    return usageError(`option --deep: ${quote(values.replay ?? '')} holds no investigations`);
  const isDeep = values.deep || replay?.head.deep === true;
  const loaded = await loadPairs(values.pairs, isDeep, io);
  if (!loaded.ok) return fail(loaded.message, io);
  const named = values.ids.flatMap((ids) => ids.split(',')).filter((id) => id !== '');
  const wanted =
    named.length > 0 ? named : (replay?.head.pairs ?? loaded.pairs.map(({ id }) => id));
  const selected = selectPairs(loaded.pairs, wanted);
  if (!selected.ok) return usageError(selected.message);
  const { pairs } = selected;
  const rounds = replay?.head.rounds ?? values.repeat ?? 1;

  const source: OpenSource =
    replay ??
    (values.oracle === undefined
      ? await askingSource(values, at, io)
      : { ok: true, source: oracleSource(values.oracle, at) });
  if (!source.ok) return fail(source.message, io);
  const opened = isDeep ? await openDeep(pairs, replay !== undefined, io) : undefined;
  if (opened?.ok === false) return fail(opened.message, io);
  const deep = opened === undefined ? {} : { deep: opened.deep };
  const { questions, dispose } = await questionsOf(source.source.model, io);
  const asked: Asked = { pairs, rounds, questions, ...deep };
  try {
    if (replay === undefined && values.oracle === undefined) {
      await io.stderr.write(`${await estimate(asked)}\n`);
      if (!mayAsk(values)) {
        await io.stderr.write(
          'Nothing was asked. Say --yes to ask, or --limit-usd N to ask and stop in time.\n',
        );
        return TROUBLE;
      }
    }
    if (values.record === undefined) return await measure(values, asked, source.source, io);
    const ids = pairs.map(({ id }) => id);
    const recorded = { file: values.record, version: VERSION, rounds, pairs: ids, deep: isDeep };
    const recording = recordedSource(source.source, recorded, io);
    if (!recording.ok) return await fail(recording.message, io);
    try {
      return await measure(values, asked, recording.source, io);
    } finally {
      recording.recorder.close();
    }
  } finally {
    dispose();
    opened?.dispose();
  }
}

type Asked = Pick<EvalRun, 'pairs' | 'rounds' | 'questions' | 'deep'>;

async function estimate({ pairs, rounds, questions, deep }: Asked): Promise<string> {
  const { model } = questions;
  return deep === undefined
    ? estimateText(estimateOf(pairs, rounds, questions), model)
    : deepEstimateText(await estimateDeep(pairs, rounds, questions, deep.open), model);
}

function contradiction(values: Options): string | undefined {
  const given = (name: keyof Options): boolean =>
    values[name] !== undefined && values[name] !== false;
  const both = (a: keyof Options, others: readonly (keyof Options)[]): string | undefined => {
    const other = given(a) ? others.find(given) : undefined;
    return other === undefined ? undefined : `options --${a} and --${other} exclude each other`;
  };
  const limit = values['limit-usd'];
  if (limit !== undefined && !/^\d{1,6}(?:\.\d{1,4})?$/.test(limit))
    return `option --limit-usd is ${quote(limit)}, expected an amount such as 20 or 0.5`;
  return (
    both('replay', ['record', 'oracle', 'model', 'repeat', 'limit-usd', 'yes']) ??
    both('oracle', ['model', 'limit-usd', 'yes'])
  );
}

function mayAsk(values: Options): boolean {
  return values.yes || values['limit-usd'] !== undefined;
}

function askingSource(values: Options, at: string, io: Io): Promise<OpenSource> {
  const limit = values['limit-usd'];
  const limitUsd = limit === undefined ? undefined : Number(limit);
  const { model, deep } = values;
  return modelSource({ model, limitUsd, mayAsk: mayAsk(values), deep }, at, io);
}

async function measure(values: Options, asked: Asked, source: Source, io: Io): Promise<number> {
  const progress = (text: string): void => {
    if (io.stderr.isTTY) void io.stderr.write(`\r\u001b[2K${text}`);
  };
  const trials = await runEval({
    ...asked,
    connect: source.connect,
    purse: source.purse,
    tape: source.tape,
    makeAbort: () => new AbortController(),
    signal: io.signal,
    deadlineMs: asked.deep === undefined ? DEADLINE_MS : DEEP_DEADLINE_MS,
    jobs: JOBS,
    isStopped: () => source.problem() !== undefined,
    onTrial(done, all, { pair, side, verdict }) {
      source.after(verdict !== 'not-reviewed');
      progress(`${done} of ${all}: ${escapeControls(pair)}, ${side}`);
    },
  });
  progress('');
  const problem = source.problem();
  if (problem !== undefined) return fail(problem, io);
  if (io.signal.aborted) return fail('stopped; there is no report of a part', io);
  const { pairs, rounds } = asked;
  const { model, providers, at } = source;
  const report = reportOf({ pairs, trials, rounds, model, providers, at, version: VERSION });
  await io.stdout.write(
    values.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : reportText(report),
  );
  if (values.report !== undefined) {
    const page = renderEvalPage(report, reportAssets(io.assets));
    try {
      await writeFile(resolve(io.cwd, values.report), page);
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error), io);
    }
  }
  const { vulnerable, fixed } = report.scores.notReviewed;
  return vulnerable + fixed === 0 ? CLEAN : TROUBLE;
}

async function fail(message: string, io: Io): Promise<number> {
  await io.stderr.write(`sg eval: ${message}\n`);
  return TROUBLE;
}
