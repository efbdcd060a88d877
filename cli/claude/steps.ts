/** The steps that `sg install` and `sg uninstall` share: say what is run, run it, stop at the first failure. */
import { CLEAN, TROUBLE } from '../exit.ts';
import { escapeControls } from '../escape.ts';
import type { Io } from '../io.ts';
import { findClaude, readMarketplace, runClaude } from './claude.ts';
import type { MarketplaceNames, Ran } from './claude.ts';

export interface Step {
  /** What it does, as a sentence without a full stop. */
  readonly says: string;
  readonly args: readonly string[];
  /** Whether a failure means only that there was nothing to do. */
  readonly isHarmless?: (ran: Ran) => boolean;
}

export interface StepOptions {
  readonly name: string;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly steps: (names: MarketplaceNames, dist: string) => readonly Step[];
  /** Said at the end of a run that went well. */
  readonly done: string;
}

/** Runs the steps with the user's `claude`; returns the exit code. */
export async function runSteps(options: StepOptions, io: Io): Promise<number> {
  const fail = async (message: string): Promise<number> => {
    if (options.json)
      await io.stdout.write(`${JSON.stringify({ ok: false, error: message }, null, 2)}\n`);
    else await io.stderr.write(`sg ${options.name}: ${escapeControls(message)}\n`);
    return TROUBLE;
  };
  const { dist } = io.assets;
  const names = readMarketplace(dist);
  if (names === undefined)
    return fail(
      `no plugin beside this program: ${dist} has no .claude-plugin/marketplace.json; run the build or reinstall the package`,
    );
  const found = findClaude(io.env);
  if (found === undefined && !options.dryRun) {
    return fail(
      'found no `claude` in the folders of PATH; install Claude Code, or open a shell in which `claude --version` works',
    );
  }
  const claude = found ?? 'claude';
  const steps = options.steps(names, dist);
  for (const { says, args, isHarmless } of steps) {
    if (!options.json)
      await io.stdout.write(`${says}\n  ${[claude, ...args].map(shellWord).join(' ')}\n`);
    if (options.dryRun) continue;
    const ran = await runClaude(claude, args, io);
    if (ran.code !== 0 && isHarmless?.(ran) !== true) {
      const output = `${ran.stdout}${ran.stderr}`.trim() || 'no output';
      return fail(`\`claude ${args.join(' ')}\` ended with ${ran.code}: ${output}`);
    }
  }
  const commands = steps.map(({ args }) => [claude, ...args]);
  if (options.json)
    await io.stdout.write(
      `${JSON.stringify({ ok: true, dryRun: options.dryRun, commands }, null, 2)}\n`,
    );
  else
    await io.stdout.write(
      options.dryRun ? 'Nothing was changed: this was a dry run.\n' : `${options.done}\n`,
    );
  return CLEAN;
}

/** A word as a shell would take it, for showing. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${escapeControls(word).replaceAll("'", String.raw`'\''`)}'`;
}
