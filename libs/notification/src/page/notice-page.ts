/* The script of the page behind the link in a notice. It sends nothing before the button is pressed. */

const handle = location.hash.slice(1);
const button = document.getElementById('repudiate') as HTMLButtonElement;
const message = document.getElementById('message')!;

function end(text: string | undefined): void {
  button.hidden = true;
  document.getElementById('question')!.hidden = true;
  message.textContent = text ?? '';
}

async function repudiate(): Promise<void> {
  const path = `/v1/notices/${encodeURIComponent(handle)}/repudiate`;
  const { ok, status } = await fetch(path, { method: 'POST', credentials: 'omit' });
  if (ok) end(message.dataset.done);
  else if (status === 404 || status === 410) end(message.dataset.gone);
  else if (status === 422) end(message.dataset.refused);
  else throw new Error(String(status));
}

if (handle === '') end(message.dataset.gone);
button.addEventListener('click', () => {
  button.disabled = true;
  repudiate().catch(() => {
    button.disabled = false;
    message.textContent = message.dataset.failed ?? '';
  });
});
