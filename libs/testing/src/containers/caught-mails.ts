export interface Mail {
  readonly to: string;
  readonly text: string;
}

/** What the mail catcher of `ContainerServers` took, asked by the API of Mailpit. */
export async function caughtMails(): Promise<Mail[]> {
  const ask = async <T>(path: string) =>
    (await fetch(`${process.env.SPAREKEY_TEST_MAIL_URL!}${path}`)).json() as Promise<T>;
  const { messages } = await ask<{ messages: { ID: string; To: { Address: string }[] }[] }>(
    '/api/v1/messages?limit=1000',
  );
  return Promise.all(
    messages.map(async ({ ID, To }) => ({
      to: To[0]!.Address,
      text: (await ask<{ Text: string }>(`/api/v1/message/${ID}`)).Text,
    })),
  );
}
