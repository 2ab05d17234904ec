/** Before a button is disabled or goes away: keyboard focus moves to what is around it, from where Tab goes on. */
export function leaveFocus(button: HTMLElement, around: string): void {
  if (document.activeElement === button) button.closest<HTMLElement>(around)?.focus({ preventScroll: true });
}
