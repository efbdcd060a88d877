/** What a hook printed, as far as a benchmark has to know that it is the right answer. */

export interface Answer {
  /** The model gets something to read. */
  readonly told: boolean;
  /** The user is told that not everything was looked at. */
  readonly cut: boolean;
}

/** Reads a hook's standard output. Throws for what is neither nothing nor one JSON object. */
export function readAnswer(stdout: string): Answer {
  if (stdout === '') return { told: false, cut: false };
  const answer: unknown = JSON.parse(stdout);
  const output = field(answer, 'hookSpecificOutput');
  const notice = field(answer, 'systemMessage');
  return {
    told: typeof field(output, 'additionalContext') === 'string',
    cut: typeof notice === 'string' && /\bincomplete\b|\bin part\b|not checked/.test(notice),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (Object.entries(value).find(([key]) => key === name)?.[1] as unknown)
    : undefined;
}
