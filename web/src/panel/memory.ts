const memoryKey = 'wayline:panel';

/** Whether the panel was asked for in this tab, and left open: the script looks here on the next page. */
export const panelMemory = {
  read(): string | null {
    try {
      return sessionStorage.getItem(memoryKey);
    } catch {
      return null;
    }
  },
  write(state: 'open' | 'closed'): void {
    try {
      sessionStorage.setItem(memoryKey, state);
    } catch {
      // Without storage the next page begins without the panel.
    }
  },
};
