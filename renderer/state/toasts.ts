import { toast } from 'svelte-sonner';
import type { Failure } from '../../preload/contract.ts';
import { failureText } from '../lib/failure-text.ts';
import type { Messages } from '../lib/messages.svelte.ts';

interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** Short news at the corner of the window. Failures stay twice as long, and can be closed. */
export class Toasts {
  readonly #messages: Messages;

  constructor(messages: Messages) {
    this.#messages = messages;
  }

  done(title: string, description?: string, action?: ToastAction): void {
    toast.success(title, {
      ...(description === undefined ? {} : { description }),
      ...(action === undefined ? {} : { action: { label: action.label, onClick: action.run } }),
    });
  }

  /** Done, but not all of it. */
  partly(title: string, description: string): void {
    toast.warning(title, { description, duration: 12_000 });
  }

  failed(failure: Failure): void {
    if (failure.kind === 'cancelled') return;
    const { title, next } = failureText(failure, this.#messages);
    // The same news again takes the place of the first: a hundred failures of one kind are one toast.
    toast.error(title, { id: `${title} ${next}`, description: next, duration: 12_000 });
  }
}
