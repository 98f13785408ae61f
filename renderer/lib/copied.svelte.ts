/** "Copied" is said for three seconds. Call it while a component starts. */
export function fadeCopied(form: { copied: boolean }): void {
  $effect(() => {
    if (!form.copied) return;
    const timer = setTimeout(() => (form.copied = false), 3000);
    return () => clearTimeout(timer);
  });
}
