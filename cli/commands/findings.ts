/** `sg findings`: what reviews found in the repository of the current folder, and what the user says of it. */
import { userInfo } from 'node:os';
import { FINDING_STATES } from '../../host/findings/kept.ts';
import { withState } from '../../host/findings/kept.ts';
import type { FindingState, KeptFinding } from '../../host/findings/kept.ts';
import { findStore } from '../../host/findings/store.ts';
import type { FindingStore } from '../../host/findings/store.ts';
import { findLayout } from '../../host/git/layout.ts';
import { defineCommand, usageError } from '../command.ts';
import type { Command, CommandResult } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import { find, select, shortId } from '../findings/select.ts';
import { findingsJson, findingsSarif } from '../findings/export.ts';
import { findingsTable, findingText } from '../findings/text.ts';
import { TEXT_JSON_OR_SARIF } from '../format-option.ts';
import { hookConfig } from '../hook-config.ts';
import type { Io } from '../io.ts';
import { didYouMean, listOf, quote } from '../options.ts';
import type { Values } from '../options.ts';
import { OUTPUT, outputProblem, writeOutput } from '../output-file.ts';
import { createStyle } from '../style.ts';
import { nearest } from '../suggest.ts';

const OPTIONS = {
  state: {
    type: 'value',
    placeholder: 'STATE',
    choices: FINDING_STATES,
    description: 'with list or export: only findings of this state',
  },
  path: {
    type: 'value',
    placeholder: 'PATH',
    description:
      'with list or export: only findings in this file, or below this folder, of the repository',
  },
  reason: {
    type: 'value',
    placeholder: 'TEXT',
    description: 'with set: why; accepted and false-positive need one',
  },
  format: TEXT_JSON_OR_SARIF,
  output: OUTPUT,
} as const;

type Wish = Values<typeof OPTIONS>;

const ACTIONS = ['list', 'show', 'set', 'export'] as const;
type Action = (typeof ACTIONS)[number];

/** Arguments after the action, and the options beside --format that it takes. */
const TAKES: Readonly<Record<Action, { words: readonly string[]; options: readonly string[] }>> = {
  list: { words: [], options: ['state', 'path', 'output'] },
  show: { words: ['ID'], options: ['output'] },
  set: { words: ['ID', 'STATE'], options: ['reason'] },
  export: { words: [], options: ['state', 'path', 'output'] },
};

const MAX_REASON = 1_000;

export const command: Command = defineCommand({
  usage: '[list | show ID | set ID STATE | export]',
  details: [
    'Lists what reviews by a model found in the repository of the current folder, from turns, commits and "sg review" alike. A finding keeps its id when its lines move. It begins as new, and becomes fixed when a review finds that its code is gone or is no longer open to the attack; one that is found again after that is new, and its report says that it is back.',
    'You may say what it is: accepted (it is true, and stays) and false-positive findings are not told again; both need a --reason. "set ID new" takes that back. An id may be shortened as long as it is of one finding only.',
    'The findings are kept in the state folder, for this user alone and without secrets: nothing of them is in the repository. Exit code: 0, or 2 when they cannot be read or written.',
  ],
  options: OPTIONS,
  positionals: { name: '[list | show ID | set ID STATE | export]', min: 0, max: 3 },
  examples: [
    { command: 'sg findings', does: 'all findings, those that are open first' },
    { command: 'sg findings list --state new --path app', does: 'those below a folder' },
    { command: 'sg findings show 3f9a', does: 'one in full, with its history' },
    {
      command: 'sg findings set 3f9a false-positive --reason "the name is checked in routes.py"',
      does: 'not to be told of it again',
    },
    { command: 'sg findings export --format sarif -o findings.sarif', does: 'for a code host' },
  ],
  run,
});

async function run(values: Wish, words: readonly string[], io: Io): Promise<CommandResult> {
  const [name = 'list', ...args] = words;
  const action = ACTIONS.find((each) => each === name);
  if (action === undefined)
    return usageError(
      `there is no ${quote(name)}, expected ${listOf(ACTIONS)}${didYouMean(nearest(name, ACTIONS))}`,
    );
  const wrong = misuse(action, args, values);
  if (wrong !== undefined) return usageError(wrong);
  const unwritable = outputProblem(values.output, io.cwd);
  if (unwritable !== undefined) return usageError(unwritable);
  const { stateDir } = hookConfig(io);
  if (stateDir === undefined)
    return trouble('there is no state folder: set SECURITY_WARNINGS_STATE_DIR', io);
  const store = findStore(stateDir, io.cwd);
  if (store.kind === 'failed') return trouble(`${store.detail}; run it in a git repository`, io);
  const read = store.value.read();
  if (read.kind === 'unreadable')
    return trouble(
      `the findings in ${quote(store.value.path)} cannot be read: ${read.reason}${read.isNewer ? '' : '; the next review sets the file aside and begins a new one'}`,
      io,
    );
  if (read.damaged > 0)
    await io.stderr.write(
      `sg findings: ${read.damaged} of the findings in ${quote(store.value.path)} cannot be read and are left out\n`,
    );
  const { findings } = read;
  if (action === 'list' || action === 'export')
    return write(select(findings, values), findings, action, values, io);
  const found = find(findings, args[0] ?? '');
  if (found.kind === 'refused') return trouble(found.reason, io);
  if (action === 'show') return write([found.finding], findings, action, values, io);
  return set(found.finding, args[1] ?? '', values, { store: store.value, io });
}

/** What is wrong with the arguments of an action. */
function misuse(action: Action, args: readonly string[], values: Wish): string | undefined {
  const { words, options } = TAKES[action];
  const absent = words[args.length];
  if (absent !== undefined)
    return `missing argument ${absent}: sg findings ${[action, ...words].join(' ')}`;
  const extra = args[words.length];
  if (extra !== undefined) return `unexpected argument ${quote(extra)} after ${action}`;
  for (const name of ['state', 'path', 'reason', 'output'] as const)
    if (values[name] !== undefined && !options.includes(name))
      return `option --${name} does not go with ${action}`;
  if (action === 'export' && values.format === 'text')
    return 'export needs a format: --format sarif or --format json';
  if (action === 'show' && values.format === 'sarif')
    return 'option --format sarif goes with list and export, expected text or json';
  if (action === 'set') return stateProblem(args[1] ?? '', values.reason);
  return undefined;
}

function stateProblem(state: string, reason: string | undefined): string | undefined {
  if (!isState(state))
    return `the state is ${quote(state)}, expected ${listOf(FINDING_STATES)}${didYouMean(nearest(state, FINDING_STATES))}`;
  if ((reason ?? '').length > MAX_REASON)
    return `option --reason has ${reason?.length ?? 0} characters, expected at most ${MAX_REASON}`;
  const isDismissal = state === 'accepted' || state === 'false-positive';
  return isDismissal && (reason ?? '').trim() === ''
    ? `${state} needs a reason, for whoever reads it later: --reason TEXT`
    : undefined;
}

function isState(text: string): text is FindingState {
  return FINDING_STATES.some((state) => state === text);
}

async function write(
  shown: readonly KeptFinding[],
  all: readonly KeptFinding[],
  action: 'list' | 'show' | 'export',
  { format, output }: Wish,
  io: Io,
): Promise<number> {
  const style = createStyle(output === undefined && io.stdout.color);
  const [first] = shown;
  const text = {
    text: () =>
      action === 'show' && first !== undefined
        ? findingText(first, all, style)
        : findingsTable(shown, all, style),
    json: () => findingsJson(shown, all),
    sarif: () => findingsSarif(shown, rootOf(io.cwd)),
  }[format]();
  const problem = await writeOutput(text, output, io);
  return problem === undefined ? CLEAN : trouble(problem, io);
}

function rootOf(folder: string): string {
  const layout = findLayout(folder);
  return layout.kind === 'ok' ? layout.value.root : folder;
}

async function set(
  { fingerprint, state: before }: KeptFinding,
  state: string,
  { reason = '', format }: Wish,
  { store, io }: { readonly store: FindingStore; readonly io: Io },
): Promise<number> {
  if (!isState(state)) return TROUBLE;
  const change = { at: Date.now(), state, reason: reason.trim(), author: userName() };
  let all: readonly KeptFinding[] = [];
  const written = await store.change((now) => {
    all = now.map((each) => (each.fingerprint === fingerprint ? withState(each, change) : each));
    return all;
  });
  if (!written.ok)
    return trouble(
      `nothing was changed, ${quote(store.path)} cannot be written: ${written.reason}`,
      io,
    );
  const now = all.find((each) => each.fingerprint === fingerprint);
  if (now === undefined) return trouble('nothing was changed, the finding is gone', io);
  await io.stdout.write(
    format === 'json'
      ? findingsJson([now], all)
      : `${shortId(now, all)}: ${before} -> ${now.state}\n`,
  );
  return CLEAN;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list.
    return 'user';
  }
}

async function trouble(message: string, io: Io): Promise<number> {
  await io.stderr.write(`sg findings: ${escapeControls(message)}\n`);
  return TROUBLE;
}
