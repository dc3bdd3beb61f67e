const PATIENCE_MS = 2_000;

/** What brokers are asked by who waits for the answer. @throws where it does not come soon */
export async function soon<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const patience = setTimeout(() => late.reject(new Error('the brokers do not answer')), PATIENCE_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(patience);
  }
}
