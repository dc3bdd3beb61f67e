/** What ends the command, in words for an operator. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    /** Exit code: 1 refused, 3 not reached. */
    readonly exitCode: 1 | 3,
  ) {
    super(message);
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sparekey, for an operator's command. */
export interface Connection {
  /** Answers for programs are asked for. */
  readonly json: boolean;
  readonly print: (text: string) => void;
  /** See {@link demand}. */
  readonly demand: (method: string, path: string) => Promise<Answer>;
}

const TIMEOUT_MS = 10_000;

/** Speaks to the HTTP API. @throws Failure where it is not reached or does not speak JSON */
export async function ask(
  url: string,
  method: string,
  path: string,
  { token, body }: { readonly token?: string; readonly body?: object } = {},
): Promise<Answer> {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': 'application/json' }),
  };
  let response: Response;
  try {
    const target = new URL(path, url);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(target, { method, headers, signal, ...(body && { body: JSON.stringify(body) }) });
  } catch (error) {
    throw new Failure(`${url} is not reached: ${reasonOf(error)}`, 3);
  }
  const text = await response.text();
  try {
    const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body: parsed };
  } catch {
    throw new Failure(`${url} does not answer like Sparekey`, 3);
  }
}

/** Like {@link ask}, for what must succeed. @throws Failure with the problem's code and detail */
export async function demand(...call: Parameters<typeof ask>): Promise<Answer> {
  const answer = await ask(...call);
  if (answer.status < 400) return answer;
  const { code, detail, errors } = answer.body as { code?: string; detail?: string; errors?: object[] };
  const more = detail ?? (errors ? JSON.stringify(errors) : '');
  throw new Failure(`refused: ${code ?? answer.status}${more ? ` (${more})` : ''}`, 1);
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? message;
}
