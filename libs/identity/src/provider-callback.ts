/** What a sign-in is made of; whatever else a provider says is ignored (RFC 6749 section 4.1.2). */
const KNOWN = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response', 'id_token'];

/**
 * The parameters of a provider's callback that mean something. One that is empty is left out (RFC 6749 section 3.1), one
 * that is said twice stays so and is refused.
 */
export function readCallback(url: string): URLSearchParams {
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  const known = [...new URLSearchParams(query)].filter(
    ([name, value]) => KNOWN.includes(name) && value !== '',
  );
  return new URLSearchParams(known);
}
