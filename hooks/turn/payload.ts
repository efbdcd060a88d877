/** The edge of the hooks of a turn: what the host writes on stdin becomes a typed value, field by field. */

export interface TurnPayload {
  readonly sessionId: string | undefined;
  /** Follows the agent's own `cd`. */
  readonly cwd: string | undefined;
  /** Of UserPromptSubmit; empty otherwise. */
  readonly prompt: string;
  /** Whether a hook is the reason why the agent went on. */
  readonly wasWoken: boolean;
}

/** Undefined for what is no payload at all. */
export function decodeTurnPayload(value: unknown): TurnPayload | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const text = (name: string): string | undefined => {
    const field = fields[name];
    return typeof field === 'string' && field !== '' && !field.includes('\0') ? field : undefined;
  };
  const { prompt } = fields;
  return {
    sessionId: text('session_id'),
    cwd: text('cwd'),
    prompt: typeof prompt === 'string' ? prompt : '',
    wasWoken: fields['stop_hook_active'] === true,
  };
}

/** The host sends what wakes an agent, and what a background task has to say, as a prompt of this form. */
export function isNotification(prompt: string): boolean {
  return prompt.trimStart().startsWith('<task-notification>');
}
