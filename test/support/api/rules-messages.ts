/** What the API refuses in the list of messages: roles, empty content, tool results without their call. */
import { asList, asRecord } from './values.ts';
import type { JsonRecord } from './values.ts';

export function messagesProblem(value: unknown): string | undefined {
  const messages = asList(value)?.map(asRecord);
  if (messages === undefined) return 'messages: Field required';
  if (messages.length === 0) return 'messages: at least one message is required';
  let open = new Set<unknown>();
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
    if (blocks.some((block) => block['type'] === 'text' && !block['text'])) {
      return `${at}: text content blocks must be non-empty`;
    }
    if (open.size > 0 && role === 'assistant') return unanswered(at, open);
    const orphan = ids(blocks, 'tool_result', 'tool_use_id').find((id) => !open.has(id));
    if (orphan !== undefined) {
      return `${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${JSON.stringify(orphan)}`;
    }
    for (const id of ids(blocks, 'tool_result', 'tool_use_id')) open.delete(id);
    if (open.size > 0) return unanswered(at, open);
    open = new Set(ids(blocks, 'tool_use', 'id'));
  }
  return open.size > 0 ? unanswered('messages', open) : undefined;
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
