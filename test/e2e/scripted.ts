/** The scripted session as the model's calls, and what the model has to hear of it. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { asRecord, blocksOf } from './api-rules.ts';
import type { JsonRecord } from './api-rules.ts';
import { toolUseId } from './api-server.ts';
import type { ApiServer, Step } from './api-server.ts';
import { EDITS } from './session.ts';

/** First words of what the plugin tells a model. */
export const SPEAKER = 'Automated message of the security-guidance plugin';

export interface Script {
  readonly steps: readonly Step[];
  /** For each edit the number of the call that makes it, counted from 1. */
  readonly turns: readonly number[];
}

export function script(project: string): Script {
  const steps: Step[] = [];
  const turns: number[] = [];
  const known = new Set<string>();
  for (const { tool, file, input } of EDITS) {
    const path = join(project, file);
    if (tool === 'NotebookEdit') {
      steps.push({ tool: 'ToolSearch', input: { query: 'select:NotebookEdit', max_results: 5 } });
    }
    // The host refuses to change a file that the model has not seen.
    if (tool !== 'Write' && !known.has(file)) {
      steps.push({ tool: 'Read', input: { file_path: path } });
    }
    known.add(file);
    const pathField = tool === 'NotebookEdit' ? 'notebook_path' : 'file_path';
    steps.push({ tool, input: { [pathField]: path, ...input } });
    turns.push(steps.length);
  }
  steps.push({ text: 'All done.' });
  return { steps, turns };
}

/** Number of dangerous edits among those from `first` to before `end`, counted from 0. */
export function dangerous(first = 0, end: number = EDITS.length): number {
  return EDITS.slice(first, end).filter(({ kind }) => kind === 'dangerous').length;
}

/** Each dangerous edit is told of once, with the next request, and no other edit ever is. */
export function expectWarnings(api: ApiServer, turns: readonly number[]): void {
  expect(api.refused).toEqual([]);
  for (const [index, { label, tool, kind, file, ruleId }] of EDITS.entries()) {
    const turn = turns[index] ?? 0;
    // Request N + 1 carries what call N led to.
    const { result, beside } = after(api.requests[turn], turn);
    expect(result, label).not.toContain('"is_error":true');
    if (kind === 'dangerous') {
      expect(beside.split(SPEAKER), label).toHaveLength(2);
      expect(beside, label).toContain(`PostToolUse:${tool} hook additional context`);
      expect(beside, label).toContain(`1. ${file}`);
      expect(beside, label).toContain(`[rule ${ruleId ?? ''},`);
    } else {
      expect(beside, label).not.toContain('security-guidance');
    }
  }
  // What was told stays in the conversation: its last request has it all, and nothing twice.
  expect(JSON.stringify(api.requests.at(-1)?.['messages']).split(SPEAKER)).toHaveLength(
    dangerous() + 1,
  );
}

/** Whatever was cut by a deadline: no rule is told twice for a file. */
export function expectNothingTwice(api: ApiServer): void {
  expect(api.refused).toEqual([]);
  const all = JSON.stringify(api.requests.at(-1)?.['messages']);
  for (const { label, kind, file, ruleId } of EDITS) {
    if (kind !== 'dangerous') continue;
    expect(all.split(`[rule ${ruleId ?? ''},`).length, label).toBeLessThanOrEqual(2);
    expect(all.split(`. ${file}`).length, label).toBeLessThanOrEqual(2);
  }
}

/** The result of a tool call, and all that came to the model with it and before its next answer. */
function after(request: JsonRecord | undefined, turn: number): { result: string; beside: string } {
  const messages = Array.isArray(request?.['messages']) ? request['messages'].map(asRecord) : [];
  const isResult = (block: JsonRecord): boolean =>
    block['type'] === 'tool_result' && block['tool_use_id'] === toolUseId(turn);
  const at = messages.findIndex((message) => blocksOf(message).some(isResult));
  if (at < 0) throw new Error(`request ${turn + 1} has no result of call ${turn}`);
  const blocks = messages.slice(at).flatMap(blocksOf);
  return {
    result: JSON.stringify(blocks.filter(isResult)),
    beside: blocks
      .filter((block) => !isResult(block))
      .map(({ text }) => (typeof text === 'string' ? text : ''))
      .join('\n'),
  };
}
