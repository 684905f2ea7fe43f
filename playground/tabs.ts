// Two or more tabs, as assistive technology expects them: arrow keys go from one to the next.
import { find } from './elements';

/** Makes tabs of the buttons of these ids; `shown` hears which panel is shown. Answers a function that chooses one. */
export function setUpTabs(ids: readonly string[], shown: (id: string) => void): (id: string) => void {
  const tabs = ids.map((id) => find(id, HTMLButtonElement));
  const choose = (id: string): void => {
    for (const tab of tabs) {
      const isChosen = tab.id === id;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      find(tab.getAttribute('aria-controls')!, HTMLElement).hidden = !isChosen;
    }
    shown(id);
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => choose(tab.id));
    tab.addEventListener('keydown', ({ key }) => {
      const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      if (step === 0) return;
      const next = tabs[(index + step + tabs.length) % tabs.length]!;
      choose(next.id);
      next.focus();
    });
  }
  return choose;
}
