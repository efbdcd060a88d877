/** `sg status`: what runs, what it did, and what it left out. */
import { defineCommand } from '../command.ts';
import type { Command } from '../command.ts';
import { CLEAN } from '../exit.ts';
import { TEXT_OR_JSON } from '../format-option.ts';
import { collectStatus } from '../status/report.ts';
import { statusJson, statusText } from '../status/text.ts';
import { createStyle } from '../style.ts';

export const command: Command = defineCommand({
  usage: '',
  details: [
    'Shows the service of the current configuration: since when it runs, how many edits it answered and how fast, what it skipped and why, its memory; how the last starts went; and what the log counted in the last 24 hours.',
    'Of reviews by a model: what was sent last, when and to whom; calls, tokens and US dollars of today and of the last hour, for each layer; the limits and what is left of them; and of which day the prices are.',
    'No service is no failure: hooks then check edits in their own process. Exit code 0 either way; `sg doctor` judges.',
  ],
  options: { format: TEXT_OR_JSON },
  positionals: { name: '', min: 0, max: 0 },
  examples: [
    { command: 'sg status', does: 'what runs, and how it does' },
    { command: 'sg status --format json', does: 'the same for a program' },
  ],
  async run(values, _positionals, io) {
    const now = Date.now();
    const report = await collectStatus(io, now);
    await io.stdout.write(
      values.format === 'json'
        ? statusJson(report)
        : statusText(report, now, createStyle(io.stdout.color)),
    );
    return CLEAN;
  },
});
