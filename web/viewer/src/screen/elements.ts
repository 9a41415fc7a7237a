/** The element `id` of the page; the page is our own, so a missing one is a mistake in it. */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

/** Sets a button's picture-less name for eyes that hover and for screen readers. */
export function nameButton(button: HTMLElement, name: string): void {
  button.setAttribute("aria-label", name);
  button.title = name;
}
