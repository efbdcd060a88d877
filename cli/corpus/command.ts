/** `sg test --corpus`: runs, prints, and runs again when a rule file changes. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Rule } from '../../engine/rule.ts';
import { type CommandResult, usageError } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import type { Io } from '../io.ts';
import { reportAssets } from '../assets.ts';
import { VERSION } from '../../host/service/health/version.ts';
import { quote } from '../options.ts';
import { writeOutput } from '../output-file.ts';
import { renderTriage } from '../triage/render.ts';
import { createLineReader } from '../scan/lines.ts';
import { loadRulesToTest } from '../scan/rules.ts';
import { createStyle } from '../style.ts';
import { maskedLines } from './masked-lines.ts';
import { runCorpora, type CorpusRun } from './run.ts';
import { corpusJson, corpusText } from './text.ts';

export interface CorpusOptions {
  readonly corpora: readonly string[];
  /** Rule files, folders and ids. */
  readonly names: readonly string[];
  /** When there are any, only these of the rules. */
  readonly ids: readonly string[];
  readonly baseline: string | undefined;
  readonly shown: number;
  readonly watch: boolean;
  readonly json: boolean;
  /** File for the triage page. */
  readonly report: string | undefined;
}

/** How long a saved file may wait for its run, in milliseconds. */
const POLL_MS = 150;

export async function testCorpus(options: CorpusOptions, io: Io): Promise<CommandResult> {
  // Before the files are read: what is saved while a run goes on is run next.
  let seen = await stampOf(options.names, io);
  let result = await runOnce(options, io);
  if (!options.watch || typeof result !== 'number') return result;
  if (seen === '')
    return usageError('--watch needs rule files to watch: sg test --corpus DIR --watch my-rules');
  while (!io.signal.aborted) {
    await new Promise((resume) => setTimeout(resume, POLL_MS));
    const now = await stampOf(options.names, io);
    if (now === seen) continue;
    seen = now;
    await io.stdout.write('\n');
    const again = await runOnce(options, io);
    if (typeof again === 'number') result = again;
    else await io.stderr.write(`sg test: ${again.message}\n`);
  }
  return result;
}

/** Changes with the rule files at `names`; empty when there are none. */
async function stampOf(names: readonly string[], io: Io): Promise<string> {
  const { filesAt } = await import('../scan/rule-files.ts');
  const stamps = names.flatMap((name) => {
    const path = resolve(io.cwd, name);
    const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
    return isThere ? filesAt(path).map(stampOfFile) : [];
  });
  return stamps.join();
}

function stampOfFile(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? `${file} gone` : `${file} ${stat.mtimeMs} ${stat.size}`;
}

async function runOnce(options: CorpusOptions, io: Io): Promise<CommandResult> {
  const loaded = await loadRulesToTest(options.names, io);
  if (!loaded.ok) return usageError(loaded.message);
  const chosen = chooseRules(loaded.rules, options.ids);
  if ('missing' in chosen)
    return usageError(`there is no rule ${quote(chosen.missing)} among them`);
  const { corpora, baseline } = options;
  const run = await runCorpora({ corpora, rules: chosen.rules, baseline }, io);
  if ('refused' in run) return usageError(run.refused);
  const problems = [...loaded.problems, ...run.problems];
  for (const text of [...problems, ...loaded.warnings, ...run.notes])
    await io.stderr.write(`sg test: ${escapeControls(text)}\n`);
  await io.stdout.write(options.json ? corpusJson(run) : textOf(run, options, io));
  if (options.report !== undefined) {
    const page = renderTriage(run, {
      readLine: maskedLines(run, createLineReader(io.cwd)),
      assets: reportAssets(io.assets),
      version: VERSION,
    });
    const trouble = await writeOutput(page, options.report, io);
    if (trouble !== undefined) return usageError(trouble);
  }
  return problems.length > 0 ? TROUBLE : CLEAN;
}

function textOf(run: CorpusRun, { shown }: CorpusOptions, io: Io): string {
  const style = createStyle(io.stdout.color);
  return corpusText(run, { style, readLine: maskedLines(run, createLineReader(io.cwd)), shown });
}

function chooseRules(
  rules: readonly Rule[],
  ids: readonly string[],
): { readonly rules: readonly Rule[] } | { readonly missing: string } {
  const missing = ids.find((id) => !rules.some((rule) => rule.id === id));
  if (missing !== undefined) return { missing };
  return { rules: ids.length === 0 ? rules : rules.filter(({ id }) => ids.includes(id)) };
}
