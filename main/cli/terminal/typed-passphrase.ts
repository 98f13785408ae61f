import { createInterface } from 'node:readline';

/**
 * A passphrase typed at the terminal, without echo, so that it doesn't stay on the screen; '' at the end of input. Ctrl+C
 * ends the command, as elsewhere.
 * @throws AbortError once `signal` aborts
 */
export async function askPassphrase(prompt: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  // Without an output, the interface edits the line and shows nothing.
  const reader = createInterface({ input: process.stdin, terminal: true });
  // Not before the interface stops the terminal's echo: a person may type as soon as they are asked.
  process.stderr.write(`${prompt} `);
  // The terminal is in raw mode, where Ctrl+C is a character.
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const close = (): void => reader.close();
  signal.addEventListener('abort', close);
  try {
    const typed = await new Promise<string>((resolve) => {
      reader.once('line', resolve);
      reader.once('close', () => resolve(''));
    });
    signal.throwIfAborted();
    return typed;
  } finally {
    signal.removeEventListener('abort', close);
    reader.close();
    process.stderr.write('\n');
  }
}
