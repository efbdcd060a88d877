/** Terminal colors, or nothing where they are not wanted. */
import type { Severity } from '../engine/rule.ts';

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  /** `text` in the color of a severity. */
  severity(severity: Severity, text?: string): string;
}

const SEVERITY_CODES: Readonly<Record<Severity, string>> = {
  low: '36',
  medium: '33',
  high: '31',
  critical: '1;31',
};

export function createStyle(color: boolean): Style {
  const paint = (code: string, text: string): string =>
    color ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    bold: (text) => paint('1', text),
    dim: (text) => paint('2', text),
    good: (text) => paint('32', text),
    bad: (text) => paint('31', text),
    severity: (severity, text = severity) => paint(SEVERITY_CODES[severity], text),
  };
}
