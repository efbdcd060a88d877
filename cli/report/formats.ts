/** The formats of a scan's report. */
import { githubWriter } from './github.ts';
import { gitlabWriter } from './gitlab.ts';
import { jsonWriter } from './json.ts';
import { junitWriter } from './junit.ts';
import type { ReportFrame, ReportWriter } from './model.ts';
import { sarifWriter } from './sarif.ts';
import { textWriter } from './text.ts';
import type { TextOptions } from './text.ts';

export const REPORT_FORMAT = {
  type: 'value',
  short: 'f',
  placeholder: 'FORMAT',
  choices: ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'],
  default: 'text',
  description: 'how findings are written',
} as const;

export function createWriter(
  format: (typeof REPORT_FORMAT.choices)[number],
  frame: ReportFrame,
  options: TextOptions,
): ReportWriter {
  switch (format) {
    case 'json':
      return jsonWriter(frame, options.showSuppressed);
    case 'sarif':
      return sarifWriter(frame, options.showSuppressed);
    case 'github':
      return githubWriter();
    case 'gitlab':
      return gitlabWriter();
    case 'junit':
      return junitWriter();
    case 'text':
      return textWriter(options);
  }
}
