import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.js';

export type { components, operations, paths } from './api.js';

/** The types of records, pages and problem documents by their names in the OpenAPI document: `Schemas['Meeting']`. */
export type Schemas = components['schemas'];

/** A problem document (RFC 9457). */
export type Problem = Schemas['Problem'];

/** A change in the change feed with its record: `type` selects the type of `data`. */
export type Change = Schemas[Exclude<Extract<keyof Schemas, `${string}Change`>, 'Change'>];

/** The client: one method per HTTP method, with the paths, parameters and bodies of the OpenAPI document. */
export type CooperationClient = Client<paths, 'application/json' | 'application/problem+json'>;

/** The options of `createClient`. */
export interface ClientOptions {
  /** The base URL of the service, for example `https://example.vn`. */
  baseUrl: string;
  /** The API key. Requires https, except for loopback addresses. */
  apiKey?: string;
  /** The function that sends requests, in place of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/** The error of a request that the service rejected. */
export class ProblemError extends Error {
  /** The problem document. `problem.code` is stable and independent of the language. */
  readonly problem: Problem;
  /** The response. */
  readonly response: Response;

  constructor(problem: Problem, response: Response) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.problem = problem;
    this.response = response;
  }
}

/** Creates a client of the service. */
export function createClient({ baseUrl, apiKey, fetch }: ClientOptions): CooperationClient {
  const { protocol, hostname } = new URL(baseUrl);
  if (apiKey !== undefined && protocol !== 'https:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
    throw new TypeError(`An API key requires https (http is allowed for loopback addresses only): ${baseUrl}`);
  return createFetchClient<paths, 'application/json' | 'application/problem+json'>({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    ...(apiKey !== undefined && { headers: { Authorization: `Bearer ${apiKey}` } }),
    ...(fetch && { fetch }),
  });
}

/** The result of a method of the client. */
export interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Returns the body of a response. Throws `ProblemError` for a problem document, and `Error` for any other response. */
export async function read<T>(result: Result<T> | Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await result;
  if (response.ok && data !== undefined)
    return data;
  throw isProblem(error)
    ? new ProblemError(error, response)
    : new Error(`Unexpected response from ${response.url}: ${response.status} ${response.statusText}`);
}

/**
 * Lists all items of a list. Each page is requested when the enumeration reaches it:
 * `listItems(page => client.GET('/v1/meetings', { params: { query: { sort: '-heldOn', ...page } } }))`.
 */
export async function* listItems<T>(
  getPage: (page: { cursor?: string }) => Promise<Result<{ items: T[]; next?: string }>>,
): AsyncGenerator<T, void, undefined> {
  let page: { cursor?: string } | undefined = {};
  while (page) {
    const { items, next }: { items: T[]; next?: string } = await read(getPage(page));
    yield* items;
    page = next === undefined ? undefined : { cursor: next };
  }
}

/** A page of the change feed. */
export type ChangePage = Omit<Schemas['ChangePage'], 'items'> & { items: Change[] };

/**
 * Lists the pages of the change feed after a cursor, up to the head. Save `next` of each page together with its changes. Without a cursor,
 * the first page begins with the oldest retained change.
 */
export async function* listChanges(
  client: CooperationClient, cursor?: string, query: Omit<NonNullable<paths['/v1/changes']['get']['parameters']['query']>, 'cursor'> = {},
): AsyncGenerator<ChangePage, void, undefined> {
  for (let more = true; more;) {
    const page = await read(client.GET('/v1/changes', { params: { query: { ...query, ...(cursor !== undefined && { cursor }) } } }));
    // The generated type of the items lacks the member `data`, which the types of the discriminator have.
    yield page as ChangePage;
    ({ next: cursor, more } = page);
  }
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
}
