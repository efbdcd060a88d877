/** `sg demo`: a recorded turn against the built plugin, in a scratch repository that is removed again. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCommand } from '../command.ts';
import type { Command } from '../command.ts';
import { openDemo, play, playEnd } from '../demo/play.ts';
import type { Played } from '../demo/play.ts';
import { readSession } from '../demo/session.ts';
import type { DemoStep } from '../demo/session.ts';
import { jsonRow, showEdit, showSent, showStop, showTotals, stopRow } from '../demo/show.ts';
import type { PlayedStop } from '../demo/turn.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import { TEXT_OR_JSON } from '../format-option.ts';
import type { Io } from '../io.ts';
import { builtinRules } from '../scan/rules.ts';
import { createStyle } from '../style.ts';
import { command as scanCommand } from './scan.ts';

const OPTIONS = {
  format: TEXT_OR_JSON,
} as const;

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Needs no key and no network. Each recorded edit is written to the scratch repository and given to the plugin as Claude Code would; the table says what the agent would be told, who answered, and in what time. A service is started for the demo and ended with it; SG_SERVICE=0 does without. Then the turn ends and is reviewed: what answers in the place of a model is a script on this machine, which looks for one line. Ends with a scan of the tree.',
    'Exit code: 0 when every answer is as expected, 2 otherwise.',
  ],
  options: OPTIONS,
  positionals: { name: '', min: 0, max: 0 },
  examples: [{ command: 'sg demo', does: 'play the session' }],
  async run(values, _positionals, io) {
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'sg-demo-')));
    try {
      const root = join(scratch, 'repo');
      const steps = await readSession(io.assets.demoSession, root);
      if (!steps.ok) {
        await io.stderr.write(`sg demo: ${escapeControls(steps.message)}; reinstall the package\n`);
        return TROUBLE;
      }
      return await show(scratch, root, steps.steps, values.format === 'json', io);
    } finally {
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    }
  },
});

async function show(
  scratch: string,
  root: string,
  steps: readonly DemoStep[],
  json: boolean,
  io: Io,
): Promise<number> {
  const ids = builtinRules(io).map(({ id }) => id);
  const style = createStyle(io.stdout.color);
  const width = Math.max(...steps.map(({ label }) => label.length));
  const played: Played[] = [];
  if (!json) await io.stdout.write(`${style.bold('Each edit, as the plugin answers it')}\n\n`);
  const demo = await openDemo(scratch, root, steps, io);
  for await (const one of play(demo, steps, ids, io)) {
    played.push(one);
    if (!json) await io.stdout.write(showEdit(one, width, root, style));
  }
  if (!json)
    await io.stdout.write(
      `\n${showTotals(played)}\n${style.bold('The end of the turn, reviewed by a script in the place of a model')}\n\n`,
    );
  const stops: PlayedStop[] = [];
  for await (const stop of playEnd(demo)) {
    stops.push(stop);
    if (!json) await io.stdout.write(showStop(stop, style));
  }
  const ok = [...played, ...stops].every(({ asExpected }) => asExpected);
  if (json) {
    const edits = played.map((one) => jsonRow(one, root));
    const turn = stops.map(stopRow);
    await io.stdout.write(`${JSON.stringify({ version: 1, ok, edits, turn }, null, 2)}\n`);
    return ok ? CLEAN : TROUBLE;
  }
  await io.stdout.write(
    `\n${showSent(stops)}\n${style.bold('The same rules over the whole tree: sg scan')}\n\n`,
  );
  // What the scan exits with is no verdict on the demo: the tree is meant to have findings.
  await scanCommand.run([], { ...io, cwd: root });
  return ok ? CLEAN : TROUBLE;
}
