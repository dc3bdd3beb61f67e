/** An answer of the HTTP API; `body` is the parsed JSON, or nothing. */
export interface ApiAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of many shapes
  readonly body: any;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface ApiCall {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes calls, whatever is behind: a process on a port, or an app in this one. */
export type Api = (method: string, path: string, call?: ApiCall) => Promise<ApiAnswer>;

/** Headers and payload of a call. Text and bytes are sent as they are, so that bad JSON can be sent too. */
export function encodeCall({ token, body, headers = {} }: ApiCall): {
  headers: Record<string, string>;
  payload?: string | Buffer;
} {
  const all = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  };
  if (body === undefined) return { headers: all };
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  return { headers: all, payload: isRaw ? body : JSON.stringify(body) };
}

/** A byte order mark stays: whoever reads the bytes sees it, too. */
export const textOf = (bytes: ArrayBuffer): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

export const parseBody = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));
