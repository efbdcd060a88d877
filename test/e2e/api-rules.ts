/** What the Messages API refuses: one check after the other, the first that fails is the answer. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...value }
    : undefined;
}

/** The blocks of a message; text alone is one text block. */
export function blocksOf(message: JsonRecord | undefined): readonly JsonRecord[] {
  const content = message?.['content'];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.map(asRecord).filter((block) => block !== undefined);
}

/** Why the API answers 400, undefined for a request that it takes. */
export function invalidRequest(body: JsonRecord): string | undefined {
  if (typeof body['model'] !== 'string') return 'model: Field required';
  const max = body['max_tokens'];
  if (typeof max !== 'number' || !Number.isInteger(max) || max < 1)
    return 'max_tokens: Field required';
  for (const name of ['temperature', 'top_p', 'top_k']) {
    if (body[name] !== undefined && body[name] !== 1) return `${name}: not supported by this model`;
  }
  return invalidTools(body['tools']) ?? invalidMessages(body['messages']);
}

function invalidTools(tools: unknown): string | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools)) return 'tools: Input should be a valid list';
  const names = tools.map((tool) => asRecord(tool)?.['name']);
  if (names.some((name) => typeof name !== 'string')) return 'tools: each needs a name';
  if (new Set(names).size !== names.length) return 'tools: Tool names must be unique';
  return undefined;
}

function invalidMessages(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0)
    return 'messages: at least one message is required';
  const messages = value.map(asRecord);
  let open = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`;
    const role = message?.['role'];
    // Host notices may come as messages of the system in between.
    if (role === 'system' && index > 0) continue;
    if (role !== 'user' && role !== 'assistant') return `${at}.role: got ${JSON.stringify(role)}`;
    if (index === 0 && role !== 'user') return `${at}: first message must use the "user" role`;
    const blocks = blocksOf(message);
    if (blocks.length === 0) return `${at}.content: must not be empty`;
    if (blocks.some((block) => block['type'] === 'text' && block['text'] === '')) {
      return `${at}: text content blocks must be non-empty`;
    }
    const results = ids(blocks, 'tool_result', 'tool_use_id');
    if (role === 'assistant') {
      if (open.size > 0)
        return `${at}: tool_use ids without tool_result blocks: ${[...open].join()}`;
      open = new Set(ids(blocks, 'tool_use', 'id'));
      continue;
    }
    const orphan = results.find((id) => !open.has(id));
    if (orphan !== undefined)
      return `${at}: unexpected tool_use_id in tool_result: ${JSON.stringify(orphan)}`;
    for (const id of results) open.delete(id);
    if (open.size > 0) return `${at}: tool_use ids without tool_result blocks: ${[...open].join()}`;
  }
  return open.size > 0 ? 'messages: the last tool_use has no tool_result' : undefined;
}

function ids(blocks: readonly JsonRecord[], type: string, name: string): unknown[] {
  return blocks.filter((block) => block['type'] === type).map((block) => block[name]);
}
