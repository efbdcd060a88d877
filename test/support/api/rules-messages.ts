/** What the API refuses in the list of messages: roles, empty content, tool results without their call. */
import { isGenuine } from './thinking.ts';
import { asList, asRecord } from './values.ts';
import type { JsonRecord } from './values.ts';

export function messagesProblem(value: unknown, prefill: boolean): string | undefined {
  const messages = asList(value)?.map(asRecord);
  if (messages === undefined) return 'messages: Field required';
  if (messages.length === 0) return 'messages: at least one message is required';
  let open = new Set<unknown>();
  const called = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`;
    const role = message?.['role'];
    // Claude Code sends notices as messages of the system in between.
    if (role === 'system' && index > 0) continue;
    if (role !== 'user' && role !== 'assistant') {
      return `${at}.role: expected user or assistant, got ${JSON.stringify(role)}`;
    }
    if (index === 0 && role !== 'user') return 'messages: first message must use the "user" role';
    const unknown = Object.keys(message ?? {}).find(
      (name) => name !== 'role' && name !== 'content',
    );
    if (unknown !== undefined) return `${at}.${unknown}: Extra inputs are not permitted`;
    const blocks = blocksOf(message);
    if (blocks.length === 0) return `${at}: all messages must have non-empty content`;
    const odd = blocks.map((block) => blockProblem(block, role)).find((why) => why !== undefined);
    if (odd !== undefined) return `${at}: ${odd}`;
    if (open.size > 0 && role === 'assistant') return unanswered(at, open);
    const results = ids(blocks, 'tool_result', 'tool_use_id');
    if (new Set(results).size < results.length)
      return `${at}: each tool_use must have a single result`;
    const first = blocks.findIndex((block) => block['type'] !== 'tool_result');
    if (first >= 0 && first < results.length)
      return `${at}: \`tool_result\` blocks must come before all other content`;
    const orphan = ids(blocks, 'tool_result', 'tool_use_id').find((id) => !open.has(id));
    if (orphan !== undefined) {
      return `${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${JSON.stringify(orphan)}`;
    }
    for (const id of ids(blocks, 'tool_result', 'tool_use_id')) open.delete(id);
    if (open.size > 0) return unanswered(at, open);
    const calls = ids(blocks, 'tool_use', 'id');
    const twice = calls.find((id, nth) => called.has(id) || calls.indexOf(id) !== nth);
    if (twice !== undefined) return `${at}: \`tool_use\` ids must be unique`;
    for (const id of calls) called.add(id);
    open = new Set(calls);
  }
  if (open.size > 0) return unanswered('messages', open);
  return messages.at(-1)?.['role'] === 'assistant' && !prefill
    ? 'This model does not support assistant message prefill. The conversation must end with a user message.'
    : undefined;
}

function blockProblem(block: JsonRecord, role: string): string | undefined {
  switch (block['type']) {
    case 'text': {
      const { text } = block;
      if (typeof text !== 'string' || text === '') return 'text content blocks must be non-empty';
      return text.trim() === ''
        ? 'text content blocks must contain non-whitespace text'
        : undefined;
    }
    case 'tool_use':
      if (role !== 'assistant') return '`tool_use` blocks can only be in `assistant` messages';
      if (!/^[a-zA-Z0-9_-]+$/.test(String(block['id'])))
        return 'tool_use.id: String should match pattern';
      if (typeof block['name'] !== 'string') return 'tool_use.name: Field required';
      return asRecord(block['input']) === undefined
        ? 'tool_use.input: Input should be a valid dictionary'
        : undefined;
    case 'tool_result':
      return role === 'user' ? undefined : '`tool_result` blocks can only be in `user` messages';
    case 'thinking':
      return isGenuine(block) ? undefined : 'Invalid `signature` in `thinking` block';
    default:
      return undefined;
  }
}

function unanswered(at: string, open: ReadonlySet<unknown>): string {
  return `${at}: \`tool_use\` ids were found without \`tool_result\` blocks: ${[...open].join(', ')}`;
}

function blocksOf(message: JsonRecord | undefined): readonly JsonRecord[] {
  const content = message?.['content'];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return (asList(content) ?? []).map(asRecord).filter((block) => block !== undefined);
}

function ids(blocks: readonly JsonRecord[], type: string, name: string): readonly unknown[] {
  return blocks.filter((block) => block['type'] === type).map((block) => block[name]);
}
