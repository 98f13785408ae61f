/** An error with the code of a Node socket, which networkFailure() classifies. */
export function lost(code: 'ETIMEDOUT' | 'ECONNRESET'): Error {
  return Object.assign(new Error(`the connection was lost: ${code}`), { code });
}
