/** Shows "Copied" for three seconds. Call it during a component's initialization. */
export function fadeCopied(form: { copied: boolean }): void {
  $effect(() => {
    if (!form.copied) return;
    const timer = setTimeout(() => (form.copied = false), 3000);
    return () => clearTimeout(timer);
  });
}
