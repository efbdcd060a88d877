/** What the API refuses about tools: their form, the choice among them, and calls of tools that are not there. */
import { schemaProblem } from './rules-schema.ts';
import { asList, asRecord } from './values.ts';
import type { JsonRecord } from './values.ts';

export function toolsProblem(body: JsonRecord): string | undefined {
  const { tools: value } = body;
  if (value === undefined) return choiceProblem(body, []);
  const tools = asList(value)?.map(asRecord);
  if (tools === undefined) return 'tools: Input should be a valid list';
  for (const [index, tool] of tools.entries()) {
    const problem = toolProblem(tool, `tools.${index}`);
    if (problem !== undefined) return problem;
  }
  const names = tools.map((tool) => tool?.['name']);
  if (new Set(names).size !== names.length) return 'tools: Tool names must be unique.';
  return choiceProblem(body, names);
}

function toolProblem(tool: JsonRecord | undefined, at: string): string | undefined {
  const name = tool?.['name'];
  if (typeof name !== 'string') return `${at}.name: Field required`;
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name))
    return `${at}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`;
  // What the API runs itself has no schema.
  const type = tool?.['type'];
  if (type !== undefined && type !== 'custom') return undefined;
  const schema = asRecord(tool?.['input_schema']);
  if (schema === undefined) return `${at}.input_schema: Field required`;
  if (schema['type'] !== 'object') return `${at}.input_schema.type: Input should be 'object'`;
  return tool?.['strict'] === true ? schemaProblem(schema, `${at}.input_schema`) : undefined;
}

function choiceProblem(body: JsonRecord, names: readonly unknown[]): string | undefined {
  if (body['tool_choice'] === undefined) return undefined;
  const choice = asRecord(body['tool_choice']);
  const type = choice?.['type'];
  if (!['auto', 'any', 'tool', 'none'].some((known) => known === type))
    return `tool_choice.type: got ${JSON.stringify(type)}`;
  if (names.length === 0) return 'tool_choice may only be specified while providing tools';
  return type === 'tool' && !names.includes(choice?.['name'])
    ? `tool_choice.name: Tool '${String(choice?.['name'])}' not found in provided tools`
    : undefined;
}

/** After `messagesProblem`, so of messages in their right form. */
export function usedToolsProblem(body: JsonRecord): string | undefined {
  const blocks = contents(body);
  const used = blocks.filter((block) => /^tool_(?:use|result)$/.test(String(block['type'])));
  if (used.length > 0 && (asList(body['tools']) ?? []).length === 0)
    return 'Requests which include `tool_use` or `tool_result` blocks must define tools';
  const marked = [...blocks, ...(asList(body['system']) ?? []), ...(asList(body['tools']) ?? [])];
  const cached = marked.filter((block) => asRecord(block)?.['cache_control'] !== undefined);
  return cached.length > 4
    ? `A maximum of 4 blocks with cache_control may be provided. Found ${cached.length}.`
    : undefined;
}

function contents(body: JsonRecord): readonly JsonRecord[] {
  return (asList(body['messages']) ?? [])
    .flatMap((message) => asList(asRecord(message)?.['content']) ?? [])
    .map(asRecord)
    .filter((block) => block !== undefined);
}
