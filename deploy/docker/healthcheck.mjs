// Whether the service in this container is ready; Docker shows what is printed. By `live` as argument: whether it is alive.
const what = process.argv[2] ?? 'ready';
const url = `http://127.0.0.1:${process.env.PORT ?? 4000}/health/${what}`;
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  console.log(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.log(error.cause?.message ?? error.message);
  process.exitCode = 1;
}
