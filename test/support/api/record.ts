/** What came over the wire, for assertions. */
import type { IncomingMessage } from 'node:http';
import { parseRecord } from './values.ts';
import type { JsonRecord } from './values.ts';

export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent, the prefix of the wire included. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body as a JSON object, undefined when it is none. */
  readonly json: JsonRecord | undefined;
}

/** Undefined when the body is larger than `limit` bytes. */
export async function record(
  request: IncomingMessage,
  limit: number,
): Promise<RecordedRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new Error('expected bytes');
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) return undefined;
  const body = Buffer.concat(chunks);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const { method = '', url = '' } = request;
  return { method, url, headers, body, json: parseRecord(body.toString('utf8')) };
}
