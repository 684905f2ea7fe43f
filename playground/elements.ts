// The few helpers that the page needs to make and find elements.

/** The element of that id, which must be one of `type`. */
export function find<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no ${type.name} '${id}'`);
  return element;
}

type Child = Node | string;

/** A new element with attributes and children. Text stays text. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A button that looks like a link and does something in the page. */
export function makeLink(text: string, action: () => void): HTMLButtonElement {
  const button = make('button', { type: 'button', class: 'link' }, text);
  button.addEventListener('click', action);
  return button;
}

/** Puts options into a list of choices: value and text of each. */
export function fillChoices(
  select: HTMLSelectElement,
  choices: Iterable<readonly [value: string, text: string]>,
): void {
  select.replaceChildren(...Array.from(choices, ([value, text]) => new Option(text, value)));
}
