/** `sg status`: what runs, what it did, and what it left out. */
import { readRecords } from '../../host/findings/records.ts';
import { defineCommand } from '../command.ts';
import type { Command } from '../command.ts';
import { escapeControls } from '../escape.ts';
import { CLEAN, TROUBLE } from '../exit.ts';
import { TEXT_OR_JSON } from '../format-option.ts';
import { hookConfig } from '../hook-config.ts';
import type { Io } from '../io.ts';
import { lastJson, lastText } from '../status/last.ts';
import { collectStatus } from '../status/report.ts';
import { statusJson, statusText } from '../status/text.ts';
import { createStyle } from '../style.ts';

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Shows the service of the current configuration: since when it runs, how many edits it answered and how fast, what it skipped and why, its memory; how the last starts went; and what the log counted in the last 24 hours.',
    'Of reviews by a model: what was sent last, when and to whom; calls, tokens and US dollars of today and of the last hour, for each layer; the limits and what is left of them; and of which day the prices are.',
    'With --last: the record of the last review, of whichever repository: commits, files that were looked at and files that were left out with the reason, model, calls, tokens and cost, the stages with what went in and came out, and the outcome. The last 50 are kept in reviews.json of the state folder.',
    'No service is no failure: hooks then check edits in their own process. Exit code 0 either way, and 2 when records cannot be read; `sg doctor` judges.',
  ],
  options: {
    last: {
      type: 'flag',
      description:
        'show what the last review by a model looked at, by which stages and at what cost',
    },
    format: TEXT_OR_JSON,
  },
  positionals: { name: '', min: 0, max: 0 },
  examples: [
    { command: 'sg status', does: 'what runs, and how it does' },
    {
      command: 'sg status --last',
      does: 'the record of the last review: of a turn, a commit, a push or sg review',
    },
    { command: 'sg status --format json', does: 'the same for a program' },
  ],
  async run(values, _positionals, io) {
    const now = Date.now();
    if (values.last) return showLast(values.format === 'json', now, io);
    const report = await collectStatus(io, now);
    await io.stdout.write(
      values.format === 'json'
        ? statusJson(report)
        : statusText(report, now, createStyle(io.stdout.color)),
    );
    return CLEAN;
  },
});

async function showLast(asJson: boolean, now: number, io: Io): Promise<number> {
  const { stateDir } = hookConfig(io);
  const read =
    stateDir === undefined ? ({ kind: 'records', records: [] } as const) : readRecords(stateDir);
  if (read.kind === 'unreadable') {
    await io.stderr.write(
      `sg status: the records of reviews cannot be read: ${escapeControls(read.reason)}\n`,
    );
    return TROUBLE;
  }
  const last = read.records.at(-1);
  const none = 'no review by a model has left a record yet\n';
  await io.stdout.write(asJson ? lastJson(last) : last === undefined ? none : lastText(last, now));
  return CLEAN;
}
