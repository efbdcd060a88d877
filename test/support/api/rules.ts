/**
 * What the Messages API refuses, one rule after the other; the first that objects is the answer. Rules see
 * the body in the shape of the API, with the model of its path put back where the wire has it there.
 */
import { findModel } from './models.ts';
import type { Model, Wire } from './models.ts';
import { messagesProblem } from './rules-messages.ts';
import { schemaProblem } from './rules-schema.ts';
import { toolsProblem, usedToolsProblem } from './rules-tools.ts';
import { asList, asRecord } from './values.ts';
import type { JsonRecord } from './values.ts';

export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

interface Asked {
  readonly body: JsonRecord;
  readonly model: Model;
  readonly wire: Wire;
}

/** Versions of the API that are served. */
export const VERSIONS: readonly string[] = ['2023-06-01', '2026-10-21'];

const FIELDS: ReadonlySet<string> = new Set([
  'model',
  'max_tokens',
  'messages',
  'system',
  'stream',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'stop_sequences',
  'metadata',
  'service_tier',
  'context_management',
  'cache_control',
  'temperature',
  'top_p',
  'top_k',
  'diagnostics',
]);

/** Reason, undefined where the rule has nothing against it. */
type Rule = (asked: Asked) => string | undefined;

const RULES: readonly Rule[] = [
  ({ body }) => {
    const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
    return unknown === undefined ? undefined : `${unknown}: Extra inputs are not permitted`;
  },
  ({ body }) => (body['max_tokens'] === undefined ? 'max_tokens: Field required' : undefined),
  ({ body, model }) => {
    const max = body['max_tokens'];
    if (typeof max !== 'number' || !Number.isInteger(max)) {
      return 'max_tokens: Input should be a valid integer';
    }
    if (max < 1) return 'max_tokens: Input should be greater than or equal to 1';
    return max > model.maxOutput
      ? `max_tokens: ${max} > ${model.maxOutput}, which is the maximum allowed number of output tokens for ${model.id}`
      : undefined;
  },
  ({ body, model }) => {
    const name = ['temperature', 'top_p', 'top_k'].find((field) => body[field] !== undefined);
    return name === undefined || model.sampling
      ? undefined
      : `${name}: not supported by ${model.id}`;
  },
  ({ body, model }) => {
    const choice = asRecord(body['tool_choice'])?.['type'];
    if ((choice !== 'any' && choice !== 'tool') || model.forcedTools) return undefined;
    return `tool_choice: forced tool use is not supported by ${model.id}`;
  },
  ({ body, model }) => {
    if (body['thinking'] === undefined) return undefined;
    const type = asRecord(body['thinking'])?.['type'];
    return typeof type === 'string' && model.thinking.includes(type)
      ? undefined
      : `thinking.type: ${JSON.stringify(type)} is not supported by ${model.id}`;
  },
  ({ body }) => {
    const thinking = asRecord(body['thinking']);
    if (thinking?.['type'] !== 'enabled') return undefined;
    const budget = thinking['budget_tokens'];
    const max = Number(body['max_tokens']);
    return typeof budget === 'number' && budget >= 1024 && budget < max
      ? undefined
      : 'thinking.enabled.budget_tokens: Input should be at least 1024 and below max_tokens';
  },
  ({ body }) => outputProblem(body['output_config']),
  ({ body }) => systemProblem(body['system']),
  ({ body }) => toolsProblem(body),
  ({ body, model }) => messagesProblem(body['messages'], model.prefill),
  ({ body }) => usedToolsProblem(body),
];

/** Why the API does not take this request; undefined for one that it takes. */
export function refusalOf(wire: Wire, body: JsonRecord): Refusal | undefined {
  const id = body['model'];
  if (typeof id !== 'string' || id === '') return invalid('model: Field required');
  const model = findModel(wire, id);
  if (model === undefined) {
    if (wire === 'bedrock') return invalid('The provided model identifier is invalid.');
    const message =
      wire === 'vertex'
        ? `Publisher Model \`${id}\` was not found or your project does not have access to it.`
        : `model: ${id}`;
    return { status: 404, type: 'not_found_error', message };
  }
  for (const rule of RULES) {
    const problem = rule({ body, model, wire });
    if (problem !== undefined) return invalid(problem);
  }
  return undefined;
}

export function invalid(message: string): Refusal {
  return { status: 400, type: 'invalid_request_error', message };
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

function outputProblem(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const config = asRecord(value);
  if (config === undefined) return 'output_config: Input should be an object';
  const unknown = Object.keys(config).find((name) => name !== 'effort' && name !== 'format');
  if (unknown !== undefined) return `output_config.${unknown}: Extra inputs are not permitted`;
  const effort = config['effort'];
  if (effort !== undefined && !EFFORTS.some((known) => known === effort)) {
    return `output_config.effort: got ${JSON.stringify(effort)}`;
  }
  if (config['format'] === undefined) return undefined;
  const format = asRecord(config['format']);
  if (format?.['type'] !== 'json_schema') return 'output_config.format.type: expected json_schema';
  return schemaProblem(format['schema'], 'output_config.format.schema');
}

function systemProblem(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return undefined;
  const blocks = asList(value);
  if (blocks === undefined) return 'system: Input should be a valid string or list of blocks';
  const isText = (block: unknown): boolean => {
    const text = asRecord(block)?.['text'];
    return asRecord(block)?.['type'] === 'text' && typeof text === 'string' && text !== '';
  };
  return blocks.every(isText) ? undefined : 'system: text content blocks must be non-empty';
}
