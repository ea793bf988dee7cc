/** The rules of a slot, best first: by priority, then by id. The first that matches wins the slot. */
export function ranked(rules, slot) {
  return rules.filter((rule) => rule.slot === slot).sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
}

/** What a rule puts into its slot, in Wayline's form. */
export const decision = ({ id, text }) => ({ experience: id, content: { text } });
